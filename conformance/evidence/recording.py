"""Live traffic as a file: the recorder's calls in the order in which they were made, one line each.

A trace (`archive`) is written when all is over; a recording grows while somebody watches, so that whatever ends it,
what was written stands. Line 1 says what the file is. Every other line is one record: a call of `recorder`, or a deed
of the observer's own, such as a connection that it cut. Played back, the records make the trace that was seen live,
so a recording is judged like any other evidence.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from conformance.evidence.lines import (
    Object,
    Wrong,
    bytes_of,
    ending_of,
    headers_of,
    line_of,
    maybe,
    packed,
    read_lines,
    wanted,
)
from conformance.evidence.recorder import Limits, Recorder
from conformance.evidence.trace import Ending, Headers, Malformed, Message, Trace

FORMAT = "mcp-http-recording"
VERSION = 1


@dataclass(frozen=True, slots=True)
class About:
    """What is true of a whole recording: who was watched, since when (ISO 8601), and what wrote it down."""

    upstream: str = ""
    began: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request went out. In all records `at` is in seconds since the recording began; `number` is the exchange."""

    number: int
    at: float
    client: str
    method: str
    url: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of the answer came."""

    number: int
    at: float
    status: int
    headers: Headers


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of the body came, with their transfer and content encodings taken off."""

    number: int
    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The answer was whole."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The answer will not be whole: by whose doing, and why in words."""

    number: int
    at: float
    ending: Ending
    why: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What the observer did itself, in words, and to which exchange. Nobody else is charged with what follows."""

    number: int
    at: float
    what: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An event came from the server that the observer, who had cut, did not hand on; None if it had no id."""

    number: int
    at: float
    event_id: str | None


Record: TypeAlias = Asked | Head | Chunk | End | Lost | Deed | Kept


class Playback:
    """Makes the recorder's calls again, at the times at which they were made."""

    def __init__(self, about: About, limits: Limits | None = None) -> None:
        self._now = 0.0
        self._numbers: dict[int, int] = {}
        self.named: dict[int, int] = {}  # what the recorder's numbers are called in the recording
        self.recorder = Recorder(target=about.upstream, limits=limits, clock=lambda: self._now)

    def play(self, record: Record) -> list[Message | Malformed]:
        """Make one call again. Returns the messages of the server's that it completes."""
        self._now = max(self._now, record.at)
        if isinstance(record, Asked):
            asked = record.client, record.method, record.url, record.headers, record.body
            self._numbers[record.number] = number = self.recorder.request(*asked)
            self.named[number] = record.number
            return []
        number = self._numbers.get(record.number, -1)
        match record:
            case Head(status=status, headers=headers):
                self.recorder.head(number, status, headers)
            case Chunk(data=data):
                return self.recorder.chunk(number, data)
            case End():
                return self.recorder.end(number)
            case Lost(ending=ending, why=why):
                self.recorder.lost(number, why, ending)
        return []

    def forget(self, number: int) -> None:
        """Drop an exchange that is over, by the recorder's number."""
        self.recorder.forget(number)
        self._numbers.pop(self.named.pop(number, -1), None)


def about_line(about: About) -> bytes:
    """The first line of a recording."""
    return line_of({"format": FORMAT, "version": VERSION, **dataclasses.asdict(about)})


def record_line(record: Record) -> bytes:
    """One record as a line: its exchange, its time, and what happened."""
    line: Object = {"n": record.number, "at": round(record.at, 6)}
    match record:
        case Asked():
            line |= {"asked": record.method, "url": record.url, "client": record.client}
            line |= {"headers": [list(pair) for pair in record.headers], "body": packed(record.body)}
        case Head():
            line |= {"head": record.status, "headers": [list(pair) for pair in record.headers]}
        case Chunk():
            line["chunk"] = packed(record.data)
        case End():
            line["ending"] = "complete"
        case Lost():
            line |= {"ending": record.ending, "why": record.why}
        case Deed():
            line["deed"] = record.what
        case Kept():
            line["kept"] = record.event_id
    return line_of(line)


def about_of(line: Object) -> About:
    """Read the first line. Raises Wrong."""
    if line.get("format") != FORMAT:
        raise Wrong(f'no recording of this inspector: expected "format": "{FORMAT}"')
    if line.get("version") != VERSION:
        raise Wrong(f"a recording of version {line.get('version')!r:.40}; this inspector reads version {VERSION}")
    return About(wanted(line, "upstream", str), wanted(line, "began", str), wanted(line, "by", str))


def record_of(line: Object) -> Record:
    """Read any other line. Raises Wrong."""
    number, at = wanted(line, "n", int), wanted(line, "at", float)
    if "asked" in line:
        who, method = wanted(line, "client", str), wanted(line, "asked", str)
        return Asked(
            number, at, who, method, wanted(line, "url", str), headers_of(line, "headers"), bytes_of(line, "body")
        )
    if "head" in line:
        return Head(number, at, wanted(line, "head", int), headers_of(line, "headers"))
    if "chunk" in line:
        return Chunk(number, at, bytes_of(line, "chunk"))
    if "deed" in line:
        return Deed(number, at, wanted(line, "deed", str))
    if "kept" in line:
        return Kept(number, at, maybe(line, "kept", str))
    if "ending" not in line:
        raise Wrong("a record says neither asked, head, chunk, ending, deed nor kept")
    ending = ending_of(line)
    return End(number, at) if ending == "complete" else Lost(number, at, ending, maybe(line, "why", str) or "")


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording. The notes say where it breaks off."""

    about: About
    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()

    def trace(self, limits: Limits | None = None) -> Trace:
        """The trace that the records make."""
        playback = Playback(self.about, limits)
        for record in self.records:
            playback.play(record)
        return dataclasses.replace(playback.recorder.trace(), notes=self.notes)


def read(path: Path) -> Recording:
    """Read a recording. Raises BadEvidence; a last line that was cut off is left out, and a note says so."""
    about, records, notes = About(), list[Record](), list[str]()

    def take(number: int, line: Object) -> None:
        nonlocal about
        if number == 1:
            about = about_of(line)
        else:
            records.append(record_of(line))

    read_lines(path, take, notes)
    return Recording(about, tuple(records), tuple(notes))
