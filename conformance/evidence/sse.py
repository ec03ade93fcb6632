"""Bytes of an event stream to `Event`s, as the WHATWG HTML standard (9.2.5 and 9.2.6) reads them.

A library hands over what a client should act upon. Evidence needs more: comments, a `retry` that is no number,
an event without data, the bytes themselves. So the reader is our own. It holds no socket and no clock: bytes and
their time go in, whole blocks come out, and it does not matter where the bytes were cut.

    stream  = [BOM] *block
    block   = *(comment / field) end-of-line          a blank line ends it
    comment = ":" text end-of-line
    field   = name [":" [" "] value] end-of-line      end-of-line is CR LF, LF or CR
"""

import re
from dataclasses import dataclass, field

from conformance.evidence.trace import Event

BOM = b"\xef\xbb\xbf"
_END_OF_LINE = re.compile(rb"\r\n|\n|\r")
_LONGEST_RETRY = 15  # digits; Python refuses to read thousands of them, and 30,000 years will do


@dataclass(slots=True)
class EventReader:
    """Feed it bytes as they come; it returns the events that they complete."""

    _line: bytearray = field(default_factory=bytearray)
    _block: list[bytes] = field(default_factory=list)
    _raw: bytearray = field(default_factory=bytearray)
    _after_cr: bool = False
    _first_line: bool = True

    def feed(self, data: bytes, at: float) -> list[Event]:
        """The events that these bytes complete; `at` is when the bytes came, in seconds."""
        events: list[Event] = []
        start = self._skip_rest_of_crlf(data)
        for end in _END_OF_LINE.finditer(data, start):
            self._line += data[start : end.start()]
            self._raw += data[start : end.end()]
            start = end.end()
            event = self._end_line(at)
            if event is not None:
                events.append(event)
        self._line += data[start:]
        self._raw += data[start:]
        if data:
            self._after_cr = data.endswith(b"\r")
        return events

    @property
    def tail(self) -> bytes:
        """Bytes after the last whole block: at the end of the stream they are dropped (9.2.6)."""
        return bytes(self._raw)

    @property
    def pending(self) -> int:
        """How many bytes that is."""
        return len(self._raw)

    def _skip_rest_of_crlf(self, data: bytes) -> int:
        """A line ended by CR was ended at once; a LF that comes first in the next bytes is the same line end."""
        if self._after_cr and data.startswith(b"\n"):
            self._raw += b"\n"
            return 1
        return 0

    def _end_line(self, at: float) -> Event | None:
        line = bytes(self._line)
        self._line.clear()
        if self._first_line:
            self._first_line = False
            line = line.removeprefix(BOM)
        if line:
            self._block.append(line)
            return None
        if not self._block:
            return None
        event = interpret(self._block, bytes(self._raw), at)
        self._block.clear()
        self._raw.clear()
        return event


def interpret(lines: list[bytes], raw: bytes, at: float) -> Event:
    """Read the lines of one block as the standard says; unknown fields mean nothing."""
    data: list[str] = []
    comments: list[str] = []
    last_id = name = retry = None
    for line in lines:
        key, colon, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        match key:
            case "" if colon:
                comments.append(value)
            case "data":
                data.append(value)
            case "id" if "\0" not in value:
                last_id = value
            case "event":
                name = value
            case "retry" if value.isascii() and value.isdigit():
                retry = int(value[:_LONGEST_RETRY])
    return Event(
        at=at,
        raw=raw,
        data="\n".join(data) if data else None,
        id=last_id,
        name=name,
        retry=retry,
        comments=tuple(comments),
    )
