"""Where records go: over a socket to a viewer, and into a file. Neither ever holds up the traffic.

If the viewer does not read, what waits for it grows to a limit. From there on whole exchanges are left out, never
pieces of one: a gap in a stream would look like a fault of the server's. A deed says how many records were lost.
"""

import asyncio
import sys
import time
from asyncio import StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Lost, Record, about_line, record_line
from inspector.proxy.masks import Masks
from inspector.proxy.setup import CannotStart
from inspector.proxy.tap import NO_EXCHANGE, Sink

_PAUSE = 0.025  # seconds in which records are gathered, so that they travel together
_MOMENT = 0.001  # seconds; a chunk's time is that of its first byte
_BATCH = 64 * 1024  # bytes that do not wait for the others
_MOST = 32 * 1024 * 1024  # bytes that wait for a viewer
_FLUSH = 0.5  # seconds; what a crash may cost of a file


class Joined:
    """A sink before a sink: chunks of one exchange that come within a moment become one, as each is a line."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._first: Chunk | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def put(self, record: Record) -> None:
        first = self._first
        if not isinstance(record, Chunk):
            self.settle()
            self._sink(record)
        elif first and record.number == first.number and record.at - first.at < _MOMENT and self._size < _BATCH:
            self._parts.append(record.data)
            self._size += len(record.data)
        else:
            self.settle()
            self._first, self._parts, self._size = record, [record.data], len(record.data)

    def settle(self) -> None:
        """Hand over what might have been joined by more."""
        if (first := self._first) is not None:
            self._first = None
            self._sink(Chunk(first.number, first.at, b"".join(self._parts)))


class Outbox:
    """Records on their way to whoever reads them. `put` is the sink; `send` runs beside it until the reader has gone.

    `why` is what is said of a reader who is too slow, and `left_out` counts what he did not get.
    """

    def __init__(self, most: int = _MOST, why: str = "the viewer did not read") -> None:
        self._most = most
        self._why = why
        self.left_out = 0
        self._lines: list[bytes] = []
        self._size = 0
        self._left_out: set[int] = set()
        self._lost = 0
        self._at = 0.0
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._joined = Joined(self._put)

    def put(self, record: Record) -> None:
        """Queue a record; if too much waits already, its exchange is left out from here on."""
        self._joined.put(record)
        self._some.set()

    def _put(self, record: Record) -> None:
        self._at = record.at
        if record.number in self._left_out:
            self._leave_out(record)
            return
        line = record_line(record)
        if self._size + len(line) > self._most and isinstance(record, Asked | Head | Chunk):
            self._left_out.add(record.number)
            self._leave_out(record)
            if not isinstance(record, Asked):
                why = f"{self._why}, so the rest of this exchange is left out"
                self._queue(record_line(Deed(record.number, record.at, why)))
                self._queue(record_line(Lost(record.number, record.at, "cut off", why)))
            return
        self._queue(line)

    def add(self, line: bytes) -> None:
        """Queue a line that is no record; if too much waits already, it is left out."""
        if self._size + len(line) <= self._most:
            self._queue(line)
            self._some.set()

    async def send(self, writer: StreamWriter) -> None:
        """Send what is put, in batches. Raises ConnectionError when the viewer has gone."""
        while True:
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE):
                    await self._enough.wait()
            await self.flush(writer)

    async def flush(self, writer: StreamWriter) -> None:
        """Send what waits."""
        self._joined.settle()
        if self._lost:
            what = f"{self._lost} records were left out, because {self._why}"
            self._queue(record_line(Deed(NO_EXCHANGE, self._at, what)))
            self._lost = 0
        data = b"".join(self._lines)
        self._lines.clear()
        self._some.clear()
        self._enough.clear()
        writer.write(data)
        await writer.drain()
        self._size -= len(data)

    def _queue(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line)
        if self._size > _BATCH:
            self._enough.set()

    def _leave_out(self, record: Record) -> None:
        self._lost += 1
        self.left_out += 1
        if isinstance(record, End | Lost):
            self._left_out.discard(record.number)


class RecordingFile:
    """A recording that grows. `put` is the sink; if the disk is full, it writes no more and says so once.

    Secrets are masked, unless it is to be `raw`.
    """

    def __init__(self, path: Path, about: About, complain: Callable[[str], None], *, raw: bool = False) -> None:
        """Raises OSError if the file cannot be written."""
        self._masks = None if raw else Masks()
        self._file: BinaryIO | None = path.open("wb")
        self._path = path
        self._complain = complain
        self._flushed = 0.0
        self._joined = Joined(self._tell)
        self._write(about_line(self._masks.about(about) if self._masks else about))

    def put(self, record: Record) -> None:
        """Write a record."""
        self._joined.put(record)

    def close(self) -> None:
        """Write what was held back, and no more."""
        self._joined.settle()
        for told in self._masks.rest() if self._masks else ():
            self._write(record_line(told))
        self._try(lambda file: file.close())
        self._file = None

    async def keep(self) -> None:
        """See to it at intervals, also while nothing comes, that what was written is safe from a crash."""
        while True:
            await asyncio.sleep(_FLUSH)
            self._joined.settle()
            self._try(lambda file: file.flush())

    def _tell(self, record: Record) -> None:
        for told in self._masks.masked(record) if self._masks else (record,):
            self._write(record_line(told))

    def _write(self, line: bytes) -> None:
        self._try(lambda file: file.write(line))
        if time.monotonic() - self._flushed > _FLUSH:
            self._flushed = time.monotonic()
            self._try(lambda file: file.flush())

    def _try(self, work: Callable[[BinaryIO], object]) -> None:
        if self._file is None:
            return
        try:
            work(self._file)
        except OSError as error:
            with suppress(OSError):
                self._file.close()
            self._file = None
            self._complain(f"{self._path} is written no further: {error.strerror}")


@asynccontextmanager
async def recording(path: Path, about: About, *, raw: bool = False) -> AsyncIterator[Sink]:
    """A sink that writes a file, which is kept safe while the block runs. Raises CannotStart."""
    try:
        file = RecordingFile(path, about, lambda what: print(what, file=sys.stderr), raw=raw)
    except OSError as error:
        raise CannotStart(f"{path} cannot be written: {error.strerror}") from None
    keeping = asyncio.create_task(file.keep())
    try:
        yield file.put
    finally:
        keeping.cancel()
        file.close()
