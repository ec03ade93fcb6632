"""Command lines whose output goes nowhere, and users who lose patience: one sentence at most, and an exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.__main__ import main
from conformance.console import INTERRUPTED, finish

LEDGER = [sys.executable, "-m", "conformance", "ledger"]
FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_one_sentence() -> None:
    with FULL.open("w") as disk:
        done = subprocess.run(LEDGER, stdout=disk, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (2, "the output cannot be written: No space left on device\n")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def write() -> int:
        return (tmp_path / "none" / "file").write_text("")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conformance.console._say_no_more", lambda: None)  # pytest reads what comes after us
        assert finish(write) == 2
    assert capsys.readouterr().err == f"{tmp_path}/none/file cannot be written: No such file or directory\n"


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    with subprocess.Popen(LEDGER, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_ctrl_c_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    def wait() -> int:
        raise KeyboardInterrupt

    assert finish(wait) == INTERRUPTED
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("sesion.ended-404", "there is no requirement 'sesion.ended-404': near it are session.ended-404"),
        ("ping", "there is no requirement 'ping': near it are ping.reply"),
        ("nothing", "there is no requirement 'nothing'\n"),
    ],
)
def test_a_requirement_that_there_is_not(asked: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", asked]) == 2
    assert capsys.readouterr().err.startswith(told)


def test_a_requirement_is_explained_by_the_name_of_its_item(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "mcp::2025-11-25::session.ended-404"]) == 0
    assert capsys.readouterr().out.startswith("session.ended-404: ")
