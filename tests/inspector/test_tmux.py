"""The screen in a real terminal."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.evidence.recording import about_line, record_line
from tests.inspector.tale import whole

pytest.importorskip("textual", reason="Textual is not installed: pip install -e '.[inspector]'")
if shutil.which("tmux") is None:
    pytest.skip("tmux is not installed", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30.0  # seconds, also on a busy machine


class Terminal:
    """A tmux server of our own with one pane."""

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)

    def __call__(self, *words: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *words], capture_output=True, text=True, check=False)
        return done.stdout

    def until(self, *wanted: str) -> str:
        """The text of the pane, as soon as all that is wanted can be read in it."""
        limit = time.monotonic() + PATIENCE
        while True:
            text = self("capture-pane", "-p")
            if all(words in text for words in wanted):
                return text
            assert time.monotonic() < limit, text
            time.sleep(0.05)

    def until_not(self, text: str) -> None:
        """Wait until a text has gone."""
        limit = time.monotonic() + PATIENCE
        while text in self("capture-pane", "-p"):
            assert time.monotonic() < limit
            time.sleep(0.05)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    file = tmp_path / "tale.jsonl"
    tale = whole()
    file.write_bytes(about_line(tale.about) + b"".join(record_line(record) for record in tale.records))
    tmux = Terminal(tmp_path / "tmux")
    command = f"cd {ROOT} && {sys.executable} -m inspector open {file}; sleep 60"
    size = ["-x", "120", "-y", "40"]
    subprocess.run(
        ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null", "new-session", "-d", *size, command],
        env=os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        check=True,
    )
    yield tmux
    tmux("kill-server")


def test_a_recording_is_opened_walked_through_and_left(terminal: Terminal) -> None:
    terminal.until("claude-code 2.1", "get.unrelated", "┬", "↺")
    terminal("send-keys", "n")
    terminal.until("▌!    1.357")
    terminal("send-keys", "4")
    terminal.until("Violations by rule")
    terminal("send-keys", "/")
    terminal("send-keys", "-l", "keepalive")
    terminal.until("Messages of all sessions", "filter: keepalive")
    terminal("send-keys", "Escape")
    time.sleep(0.2)  # a terminal cannot tell an escape from the beginning of a sequence any sooner
    terminal("send-keys", "q")
    terminal.until_not("Messages of all")
