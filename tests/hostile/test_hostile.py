"""No harm: whatever a server does, a run ends in time and in order, within bounds, and shows its words as words.

Each server is judged as anybody would judge it, by `pytest --target`, in a process of its own.
"""

import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.evidence.archive import read
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from tests.hostile import load
from tests.hostile.hostile import Hostile
from tests.hostile.pages import alive
from tests.thorough import some

SERVERS = load()
HUNG = 240  # seconds after which nobody would call it slow any more
MEMORY = 300  # MiB of the largest process
REPORT = 60  # MiB on the disk
_METER = Path(__file__).parent / "meter.py"


@dataclass(frozen=True)
class Judged:
    """What a run left behind. `took` is what the meter measured."""

    took: dict[str, Any]
    output: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / "report" / "report.json").read_bytes())
        return document

    def verdicts(self) -> dict[str, str]:
        (revision,) = self.report["revisions"]
        return {row["key"]: row["verdict"] for row in revision["requirements"]}


def run(kind: type[Hostile], folder: Path) -> Judged:
    """One run, as on the command line."""
    with kind().running() as url:
        pytest_ = [sys.executable, "-m", "pytest", "-v", "-rA", "--color=no", "-p", "no:cacheprovider"]
        options = [
            "--target",
            url,
            "--mcp-timeout",
            str(kind.timeout),
            "--mcp-revision",
            kind.revision,
            "--mcp-report",
            "report",
        ]
        command = [sys.executable, "-S", str(_METER), "took.json", *pytest_, *options, "--junitxml", "junit.xml"]
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            output, _ = process.communicate(timeout=HUNG)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return Judged(json.loads((folder / "took.json").read_bytes()), output.decode(), folder)


@pytest.mark.parametrize("name", some(SERVERS, every=12))
def test_a_hostile_server_does_no_harm(name: str, tmp_path: Path) -> None:
    kind = SERVERS[name]
    judged = run(kind, tmp_path)
    assert judged.took["code"] in kind.exits, judged.output
    assert "Traceback" not in judged.output, judged.output
    assert "INTERNALERROR" not in judged.output, judged.output
    assert judged.took["peak"] < MEMORY
    assert _dangerous(judged.output) == set()
    if judged.took["code"] == 4:
        assert_it_is_told_why(judged, kind)
    else:
        assert_it_is_judged(judged, kind)
        assert_the_trace_says_the_same(judged, kind)
        assert_nothing_of_theirs_is_alive(judged)


def assert_it_is_told_why(judged: Judged, kind: type[Hostile]) -> None:
    (sentence,) = re.findall(r"cannot judge https?://127\.0\.0\.1:\d+/mcp: (.*?)!*$", judged.output, re.MULTILINE)
    assert kind.says in sentence
    assert len(sentence) < 1000


def assert_it_is_judged(judged: Judged, kind: type[Hostile]) -> None:
    verdicts = judged.verdicts()
    assert [key for key, verdict in verdicts.items() if verdict == Verdict.ERROR.value] == []
    assert {key: verdicts[key] for key in kind.kept} == dict.fromkeys(kind.kept, Verdict.PASS.value)
    assert [s for s in judged.report["revisions"][0]["stories"] if s["outcome"] == "crashed"] == []


def assert_the_trace_says_the_same(judged: Judged, kind: type[Hostile]) -> None:
    trace = read(judged.folder / "report" / "traces" / f"{kind.revision}.jsonl.gz")
    again = {judgement.key: judgement.verdict.value for judgement in judge(trace, kind.revision)}
    assert {key: again[key] for key, verdict in judged.verdicts().items() if verdict != "unchecked"} == {
        key: verdict for key, verdict in judged.verdicts().items() if verdict != "unchecked"
    }


def assert_nothing_of_theirs_is_alive(judged: Judged) -> None:
    ET.parse(judged.folder / "junit.xml")
    files = [path for path in (judged.folder / "report").rglob("*") if path.is_file()]
    assert [path for path in files if not re.fullmatch(r"[A-Za-z0-9._-]+", path.name)] == []
    assert sum(path.stat().st_size for path in files) < REPORT * 2**20
    for path in (path for path in files if path.suffix in (".html", ".json")):
        page = path.read_text(encoding="utf-8")
        assert _dangerous(page) == set(), path
        if path.suffix == ".html":
            assert alive(page) == [], path


def _dangerous(text: str) -> set[str]:
    """The characters of a text that nobody can see, or that do something to a terminal."""
    kinds = ("Cc", "Cf", "Cs")
    return {character for character in set(text) - {"\n", "\t"} if unicodedata.category(character) in kinds}


@pytest.mark.parametrize("name", SERVERS)
def test_a_hostile_server_says_what_it_does(name: str) -> None:
    assert SERVERS[name].__doc__
