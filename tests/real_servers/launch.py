"""Start a real server as a subprocess, wait until it accepts connections, and stop it again.

`with launch("mcp-2.3.0", "--json-response") as url: httpx.post(url, ...)`
"""

import queue
import re
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .environments import ensure

SERVERS = Path(__file__).parent / "servers"
SCRIPTS = {
    "mcp-1.30.0": SERVERS / "sdk_v1.py",
    "mcp-2.3.0": SERVERS / "sdk_v2.py",
    "fastmcp-4.1.2": SERVERS / "fastmcp_4.py",
}
TYPESCRIPT = SERVERS / "sdk_ts.mjs"
EVERYTHING = Path("node_modules/@modelcontextprotocol/server-everything/dist/index.js")
START_SECONDS = 30.0
GRACE_SECONDS = 3.0
TAIL_LINES = 25

READY = re.compile(r"listening on (http://\S+)")


class ServerDidNotStart(Exception):
    """A server ended, or stayed silent, before it accepted connections; the text shows its last lines."""


@contextmanager
def launch(name: str, *options: str) -> Iterator[str]:
    """Run the server `name` (a key of ENVIRONMENTS) with options of its script; yields its URL."""
    with running(*command_of(name, ensure(name), options)) as url:
        yield url


def command_of(name: str, folder: Path, options: Sequence[str]) -> Sequence[str | Path]:
    if name in SCRIPTS:
        return folder / "bin" / "python", SCRIPTS[name], *options
    if name == "typescript-2.4.0":
        return "node", TYPESCRIPT, folder, *options
    if options:
        raise ValueError(f"{name} takes no options, but was given {' '.join(options)}")
    return "node", "--import", SERVERS / "loopback.mjs", folder / EVERYTHING, "streamableHttp"


@contextmanager
def running(*command: str | Path) -> Iterator[str]:
    """The URL of a command that says `listening on ...` on stdout or stderr when it is ready."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        output = Output(process)
        try:
            yield output.url(START_SECONDS, command)
        finally:
            stop(process)
            output.join()


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Output:
    """Reads a server's output to its end, so that the server never blocks, and remembers the last lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._ready: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._tail.append(line)
            if said := READY.search(line):
                self._ready.put(said[1])
        self._ready.put(None)

    def join(self) -> None:
        self._thread.join()

    def url(self, seconds: float, command: Sequence[str | Path]) -> str:
        """The URL as soon as the server names it; a ServerDidNotStart if it ends or time runs out."""
        try:
            if (url := self._ready.get(timeout=seconds)) is not None:
                return url
            what = f"ended with exit code {self._process.wait()} before it listened"
        except queue.Empty:
            what = f"did not listen within {seconds:g} s"
        text = "".join(self._tail) or "(it wrote nothing)\n"
        raise ServerDidNotStart(f"{' '.join(map(str, command))} {what}. Its last lines:\n{text}")
