"""Recordings in two places: all since the start in a file without a name, and what the user asked for in one with.

Records come here with their secrets masked. What is written is written at once, and nothing ever waits for it.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from conformance.evidence.recording import About, Asked, Deed, End, Lost, Record, about_line, record_line
from inspector.proxy.tap import NO_EXCHANGE

MOST = 256 * 1024 * 1024  # bytes on disk; about a million events
_PIECE = 1024 * 1024  # bytes


class Spool:
    """All that was seen since the start, until there is no more room: then `trouble` says why, in one sentence.

    Exchanges under way at that moment are ended, by us: of what comes later we know nothing. The file has no name, so
    that nobody else opens it, and that it goes with its process however that ends.
    """

    def __init__(self, about: About, most: int = MOST) -> None:
        self.trouble = ""
        self.newest = NO_EXCHANGE  # of the exchanges that were seen, kept or not
        self.now = 0.0
        self.about = about_line(about)
        self._most = most
        self._under_way: set[int] = set()
        self._size = 0
        self._ends = b""
        self._file: IO[bytes] | None = None
        try:
            self._file = tempfile.TemporaryFile(prefix="mcp-inspector-", buffering=0)  # noqa: SIM115 - until `close`
        except OSError as error:
            self._full(f"nothing is kept, as no temporary file can be made: {error.strerror}")

    def put(self, records: Sequence[Record]) -> None:
        """Keep these, if there is room."""
        for record in records:
            self.newest = max(self.newest, record.number)
            self.now = max(self.now, record.at)
        if self.trouble or self._file is None:
            return
        data = b"".join(map(record_line, records))
        if self._size + len(data) > self._most:
            self._full(f"{self._most >> 20} MiB are kept: what comes later is only in recordings (r)")
            return
        try:
            write_all(self._file.fileno(), data)
        except OSError as error:
            self._full(f"what comes from now on is not kept: {error.strerror}")
            return
        self._size += len(data)
        for record in records:
            if isinstance(record, Asked):
                self._under_way.add(record.number)
            elif isinstance(record, End | Lost):
                self._under_way.discard(record.number)

    def pieces(self) -> Iterator[bytes]:
        """The recording as it stands. Raises OSError."""
        yield self.about
        for at in range(0, self._size, _PIECE):
            assert self._file is not None
            yield os.pread(self._file.fileno(), min(_PIECE, self._size - at), at)
        yield self._ends

    def close(self) -> None:
        """Forget all of it."""
        if self._file is not None:
            self._file.close()
        self._file, self._size = None, 0

    def _full(self, trouble: str) -> None:
        self.trouble = trouble
        why = "from here on nothing was kept"
        ends: list[Record] = [Lost(number, self.now, "cut off", why) for number in sorted(self._under_way)]
        self._ends = b"".join(map(record_line, [*ends, Deed(NO_EXCHANGE, self.now, why)]))


class Saved:
    """A recording that begins with what there was, and goes on with what comes, or with the exchanges `since` one."""

    def __init__(self, path: Path, begins: Iterable[bytes], since: int = NO_EXCHANGE) -> None:
        """Raises OSError."""
        self.path = path
        self._since = since
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            for piece in begins:
                write_all(self._file, piece)
        except OSError:
            self.close()
            raise

    def put(self, records: Sequence[Record]) -> None:
        """Write these. Raises OSError."""
        data = (record_line(r) for r in records if r.number >= self._since or r.number == NO_EXCHANGE)
        write_all(self._file, b"".join(data))

    def close(self) -> None:
        """Write no more."""
        os.close(self._file)


def write_all(file: int, data: bytes) -> None:
    """Write all of it. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
