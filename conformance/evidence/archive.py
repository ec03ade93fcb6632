"""A trace as a file: JSON lines, one exchange each, and back again without a difference.

Line 1 says what the file is. Every other line is one exchange: headers as pairs, bytes as text where they are UTF-8
and as base64 elsewhere, an event stream as times and raw events. Events and messages are not stored a second time
in their parsed form: reading parses the bytes again, with the readers that recorded them.
"""

import gzip
from dataclasses import fields
from pathlib import Path

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
    unpacked,
    wanted,
)
from conformance.evidence.recorder import read_again
from conformance.evidence.trace import Exchange, Trace

FORMAT = "mcp-http-trace"
VERSION = 1

_REQUIRED = ("number", "client", "method", "url", "started")
_USUAL: Object = {"story": None, "intent": None, "token": None, "head_at": None, "status": None, "ended": None}
_USUAL |= {"ending": "open", "trouble": ""}
_KNOWN = {field.name for field in fields(Exchange)} - {"messages"}


def write(trace: Trace, path: Path) -> None:
    """Write a trace to a file, replacing what was there; compressed if its name ends in .gz. Raises OSError."""
    with gzip.GzipFile(path, "wb", mtime=0) if path.suffix == ".gz" else path.open("wb") as file:
        file.write(header_line(trace))
        file.writelines(exchange_line(exchange) for exchange in trace.exchanges)


def header_line(trace: Trace) -> bytes:
    """The first line: what the file is, and what is true of the whole trace."""
    about: Object = {"format": FORMAT, "version": VERSION, "suite": trace.suite, "target": trace.target}
    return line_of(about | {"revision": trace.revision, "notes": list(trace.notes)})


def exchange_line(exchange: Exchange) -> bytes:
    """One exchange as a line; what has its usual value is left out."""
    kept: Object = {name: getattr(exchange, name) for name in _REQUIRED}
    kept |= {name: given for name, usual in _USUAL.items() if (given := getattr(exchange, name)) != usual}
    kept["request_headers"] = [list(pair) for pair in exchange.request_headers]
    kept["response_headers"] = [list(pair) for pair in exchange.response_headers]
    kept["request_body"] = packed(exchange.request_body)
    if exchange.is_stream:
        kept["events"] = [[event.at, packed(event.raw)] for event in exchange.events]
        kept["tail"] = packed(exchange.tail)
    else:
        kept["body"] = packed(exchange.body)
    return line_of(kept)


def read(path: Path) -> Trace:
    """Read a trace. Raises BadEvidence.

    Where the last line was cut off, as when a run was killed, the whole exchanges are kept, and a note of the trace
    says so.
    """
    exchanges: dict[int, Exchange] = {}
    about, notes = Trace(), list[str]()

    def take(number: int, line: Object) -> None:
        nonlocal about
        if number == 1:
            about = _header_of(line)
            return
        exchange = _exchange_of(line)
        if exchange.number in exchanges:
            raise Wrong(f"exchange {exchange.number} was there before")
        exchanges[exchange.number] = exchange

    read_lines(path, take, notes)
    in_order = tuple(exchanges[n] for n in sorted(exchanges))
    return Trace(in_order, about.revision, about.target, about.suite, (*about.notes, *notes))


def _header_of(line: Object) -> Trace:
    if line.get("format") != FORMAT:
        raise Wrong(f'no trace of this suite: expected "format": "{FORMAT}"')
    if line.get("version") != VERSION:
        raise Wrong(f"a trace of version {line.get('version')!r:.40}; this suite reads version {VERSION}")
    notes = line.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise Wrong("notes is no list of texts")
    return Trace(
        revision=maybe(line, "revision", str),
        target=wanted(line, "target", str),
        suite=wanted(line, "suite", str),
        notes=tuple(str(note) for note in notes),
    )


def _exchange_of(line: Object) -> Exchange:
    unknown = set(line) - _KNOWN
    if unknown:
        raise Wrong(f"an exchange has no {sorted(unknown)[0]!r:.40}")
    bare = Exchange(
        number=wanted(line, "number", int),
        client=wanted(line, "client", str),
        method=wanted(line, "method", str),
        url=wanted(line, "url", str),
        request_headers=headers_of(line, "request_headers"),
        request_body=bytes_of(line, "request_body"),
        started=wanted(line, "started", float),
        story=maybe(line, "story", str),
        intent=maybe(line, "intent", str),
        token=maybe(line, "token", str),
        head_at=maybe(line, "head_at", float),
        status=maybe(line, "status", int),
        response_headers=headers_of(line, "response_headers"),
        body=bytes_of(line, "body"),
        ended=maybe(line, "ended", float),
        ending=ending_of(line),
        trouble=maybe(line, "trouble", str) or "",
    )
    return read_again(bare, _events(line), bytes_of(line, "tail"))


def _events(line: Object) -> list[tuple[float, bytes]]:
    events = line.get("events", [])
    if not isinstance(events, list):
        raise Wrong("events is no list")
    found: list[tuple[float, bytes]] = []
    for event in events:
        match event:
            case [at, raw]:
                found.append((wanted({"time": at}, "time", float), unpacked(raw, "events")))
            case _:
                raise Wrong("an event is no pair of time and bytes")
    return found
