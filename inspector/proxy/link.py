"""The viewer's end: starts the proxy as a child, gets its records, tells it what to break, and ends it.

async with Link(setup) as link:
    print(link.url)
    async for record in link:
        ...
"""

import asyncio
import shutil
import sys
import tempfile
import time
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import Process
from collections import deque
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from conformance.evidence.lines import Object, object_of
from conformance.evidence.recording import About, Record, about_of, record_of
from inspector.proxy.commands import Command, command_line
from inspector.proxy.delay import Delays, delay_of, is_delay
from inspector.proxy.setup import CannotStart, Setup

_START = 30.0  # seconds
_STOP = 5.0
_READ = 256 * 1024  # bytes at a time
INSTALL = "pip install 'mcp-http-conformance[inspector]'"


class Link:
    """A running proxy. `url` is what clients have to be given; `delays` says how late it is."""

    url: str
    about: About

    def __init__(self, setup: Setup, record: Path | None = None) -> None:
        self._setup = setup
        self._record = record
        self._folder = ""
        self._child: Process | None = None
        self._reader: StreamReader | None = None
        self._writer: StreamWriter | None = None
        self._rest = b""
        self._records: deque[Record] = deque()
        self.delays = Delays()

    async def __aenter__(self) -> Self:
        """Start the proxy, and wait until it listens. Raises CannotStart."""
        self._setup.check()
        if find_spec("mitmproxy") is None:
            raise CannotStart(f"mitmproxy is not installed: {INSTALL}")
        try:
            await self._start()
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Record:
        """Record by record, until the proxy has ended."""
        if not self._records:
            self._records.extend(await self.batch())
        if not self._records:
            raise StopAsyncIteration
        return self._records.popleft()

    async def batch(self) -> list[Record]:
        """As many records at once as have come. None when the proxy has ended."""
        if self._records:
            taken = list(self._records)
            self._records.clear()
            return taken
        while lines := await self._lines():
            if records := [record_of(line) for line in map(object_of, lines) if not self._is_delay(line)]:
                return records
        return []

    def _is_delay(self, line: Object) -> bool:
        """Whether a line is no record; what it says is taken in."""
        if not is_delay(line):
            return False
        self.delays.heard(delay_of(line), time.monotonic())
        return True

    async def _lines(self) -> list[bytes]:
        """The lines that have come, at least one. None when the proxy has ended."""
        assert self._reader is not None, "a Link is used inside its `async with`"
        while True:
            with suppress(ConnectionError):
                if data := await self._reader.read(_READ):
                    whole, found, rest = data.rpartition(b"\n")
                    if not found:
                        self._rest += rest
                        continue
                    whole, self._rest = self._rest + whole, rest
                    return whole.split(b"\n")
            return []

    async def send(self, command: Command) -> None:
        """Ask the proxy to do something; what comes of it is among the records. Does nothing if it has ended."""
        if self._writer is not None:
            with suppress(ConnectionError):
                self._writer.write(command_line(command))
                await self._writer.drain()

    @property
    def _errors(self) -> Path:
        """What the child says on stderr."""
        return Path(self._folder) / "errors"

    def stop(self) -> None:
        """Ask the proxy to end. Its last records still come."""
        if self._child is not None and self._child.returncode is None:
            self._child.terminate()

    async def _start(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="mcp-inspector-")
        socket = str(Path(self._folder) / "feed")
        came: asyncio.Queue[tuple[StreamReader, StreamWriter]] = asyncio.Queue()
        server = await asyncio.start_unix_server(lambda r, w: came.put_nowait((r, w)), socket)
        record = ["--record", str(self._record)] if self._record else []
        told = [*self._setup.arguments(), "--feed", socket, *record]
        with self._errors.open("wb") as errors:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "inspector.proxy.process", *told),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is for the viewer, who then ends the proxy
            )
        try:
            await self._connected(came, self._child)
        finally:
            server.close()

    async def _connected(self, came: asyncio.Queue[tuple[StreamReader, StreamWriter]], child: Process) -> None:
        """Wait for the child's first two lines, or for its end."""
        connecting, dying = asyncio.create_task(came.get()), asyncio.create_task(child.wait())
        await asyncio.wait([connecting, dying], timeout=_START, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if not connecting.done():
            connecting.cancel()
            raise CannotStart(await self._last_words(child))
        self._reader, self._writer = connecting.result()
        first = object_of(await self._reader.readline() or b"{}")
        if "ready" not in first:
            raise CannotStart(str(first.get("cannot") or await self._last_words(child)))
        self.url = str(first["ready"])
        self.about = about_of(object_of(await self._reader.readline()))

    async def _last_words(self, child: Process) -> str:
        if child.returncode is None:
            child.kill()
        await child.wait()
        lines = self._errors.read_text("utf-8", "replace").strip().splitlines()
        return f"the proxy did not start: {lines[-1] if lines else 'it does not say why'}"

    async def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._child is not None:
            self.stop()
            try:
                await asyncio.wait_for(self._child.wait(), _STOP)
            except TimeoutError:
                self._child.kill()
                await self._child.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
