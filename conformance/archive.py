"""A trace as a file: JSON lines, one exchange each, and back again without a difference.

Line 1 says what the file is. Every other line is one exchange: headers as pairs, bytes as text where they are UTF-8
and as base64 elsewhere, an event stream as times and raw events. Events and messages are not stored a second time
in their parsed form: reading parses the bytes again, with the readers that recorded them.
"""

import base64
import gzip
import json
import zlib
from dataclasses import fields
from io import BufferedReader
from pathlib import Path
from typing import TypeAlias, TypeVar, get_args

from conformance.recorder import read_again
from conformance.trace import JSON, Ending, Exchange, Headers, Trace

FORMAT = "mcp-http-trace"
VERSION = 1

_Object: TypeAlias = dict[str, JSON]
_LONGEST_LINE = 64 * 1024 * 1024  # bytes; what a recorder keeps of one exchange is below, however it is escaped
_LARGEST_FILE = 512 * 1024 * 1024
_ENDINGS: tuple[Ending, ...] = get_args(Ending)
_REQUIRED = ("number", "client", "method", "url", "started")
_USUAL: _Object = {"story": None, "intent": None, "head_at": None, "status": None, "ended": None}
_USUAL |= {"ending": "open", "trouble": ""}
_KNOWN = {field.name for field in fields(Exchange)} - {"messages"}
_NAMES: dict[type, str] = {str: "a text", int: "a whole number", float: "a number"}
_T = TypeVar("_T", str, int, float)


class BadArchive(ValueError):
    """A file that is no readable trace. The message is one sentence that names the file and the line."""


class _Wrong(ValueError):
    """What is wrong with a line, in words."""


def write(trace: Trace, path: Path) -> None:
    """Write a trace to a file, replacing what was there; compressed if its name ends in .gz. Raises OSError."""
    with gzip.GzipFile(path, "wb", mtime=0) if path.suffix == ".gz" else path.open("wb") as file:
        file.write(header_line(trace))
        file.writelines(exchange_line(exchange) for exchange in trace.exchanges)


def header_line(trace: Trace) -> bytes:
    """The first line: what the file is, and what is true of the whole trace."""
    about: _Object = {"format": FORMAT, "version": VERSION, "suite": trace.suite, "target": trace.target}
    return _line(about | {"revision": trace.revision, "notes": list(trace.notes)})


def exchange_line(exchange: Exchange) -> bytes:
    """One exchange as a line; what has its usual value is left out."""
    kept: _Object = {name: getattr(exchange, name) for name in _REQUIRED}
    kept |= {name: given for name, usual in _USUAL.items() if (given := getattr(exchange, name)) != usual}
    kept["request_headers"] = [list(pair) for pair in exchange.request_headers]
    kept["response_headers"] = [list(pair) for pair in exchange.response_headers]
    kept["request_body"] = _packed(exchange.request_body)
    if exchange.is_stream:
        kept["events"] = [[event.at, _packed(event.raw)] for event in exchange.events]
        kept["tail"] = _packed(exchange.tail)
    else:
        kept["body"] = _packed(exchange.body)
    return _line(kept)


def read(path: Path) -> Trace:
    """Read a trace. Raises BadArchive.

    Where the last line was cut off, as when a recording was killed, the whole exchanges are kept, and a note of the
    trace says so.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return _read(path, file)
    except (OSError, EOFError, zlib.error) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise BadArchive(f"{path}: cannot be read: {why}") from None


def _read(path: Path, file: gzip.GzipFile | BufferedReader) -> Trace:
    exchanges: dict[int, Exchange] = {}
    about, notes = Trace(), list[str]()
    number = size = 0
    while line := file.readline(_LONGEST_LINE + 1):
        number += 1
        size += len(line)
        whole = line.endswith(b"\n")
        try:
            if len(line) > _LONGEST_LINE or size > _LARGEST_FILE:
                raise _Wrong("too long for a trace")
            if number == 1:
                about = _header_of(_parsed(line))
            elif line.strip():
                exchange = _exchange_of(_parsed(line))
                if exchange.number in exchanges:
                    raise _Wrong(f"exchange {exchange.number} was there before")
                exchanges[exchange.number] = exchange
        except _Wrong as error:
            if whole or number == 1 or len(line) > _LONGEST_LINE:
                raise BadArchive(f"{path}, line {number}: {error}") from None
            notes.append(f"the recording breaks off in line {number}; what stands before it was read")
    if number == 0:
        raise BadArchive(f"{path}, line 1: the file is empty, expected a trace")
    in_order = tuple(exchanges[n] for n in sorted(exchanges))
    return Trace(in_order, about.revision, about.target, about.suite, (*about.notes, *notes))


def _header_of(line: _Object) -> Trace:
    if line.get("format") != FORMAT:
        raise _Wrong(f'no trace of this suite: expected "format": "{FORMAT}"')
    if line.get("version") != VERSION:
        raise _Wrong(f"a trace of version {line.get('version')!r:.40}; this suite reads version {VERSION}")
    notes = line.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise _Wrong("notes is no list of texts")
    return Trace(
        revision=_maybe(line, "revision", str),
        target=_get(line, "target", str),
        suite=_get(line, "suite", str),
        notes=tuple(str(note) for note in notes),
    )


def _exchange_of(line: _Object) -> Exchange:
    unknown = set(line) - _KNOWN
    if unknown:
        raise _Wrong(f"an exchange has no {sorted(unknown)[0]!r:.40}")
    ending = next((known for known in _ENDINGS if known == line.get("ending", "open")), None)
    if ending is None:
        raise _Wrong(f"ending is {line.get('ending')!r:.40}, expected one of {', '.join(_ENDINGS)}")
    bare = Exchange(
        number=_get(line, "number", int),
        client=_get(line, "client", str),
        method=_get(line, "method", str),
        url=_get(line, "url", str),
        request_headers=_headers(line, "request_headers"),
        request_body=_bytes(line, "request_body"),
        started=_get(line, "started", float),
        story=_maybe(line, "story", str),
        intent=_maybe(line, "intent", str),
        head_at=_maybe(line, "head_at", float),
        status=_maybe(line, "status", int),
        response_headers=_headers(line, "response_headers"),
        body=_bytes(line, "body"),
        ended=_maybe(line, "ended", float),
        ending=ending,
        trouble=_maybe(line, "trouble", str) or "",
    )
    return read_again(bare, _events(line), _bytes(line, "tail"))


def _events(line: _Object) -> list[tuple[float, bytes]]:
    events = line.get("events", [])
    if not isinstance(events, list):
        raise _Wrong("events is no list")
    found: list[tuple[float, bytes]] = []
    for event in events:
        match event:
            case [at, raw]:
                found.append((_get({"time": at}, "time", float), _unpacked(raw, "events")))
            case _:
                raise _Wrong("an event is no pair of time and bytes")
    return found


def _headers(line: _Object, name: str) -> Headers:
    pairs = line.get(name, [])
    if not isinstance(pairs, list):
        raise _Wrong(f"{name} is no list")
    headers: list[tuple[str, str]] = []
    for pair in pairs:
        match pair:
            case [str() as key, str() as value]:
                headers.append((key, value))
            case _:
                raise _Wrong(f"a header of {name} is no pair of texts")
    return tuple(headers)


def _bytes(line: _Object, name: str) -> bytes:
    return _unpacked(line.get(name, ""), name)


def _packed(raw: bytes) -> JSON:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


def _unpacked(value: JSON, name: str) -> bytes:
    try:
        match value:
            case str():
                return value.encode("utf-8")
            case {"base64": str() as text}:
                return base64.b64decode(text, validate=True)
    except ValueError:
        pass
    raise _Wrong(f"{name} holds neither text nor base64")


def _get(line: _Object, name: str, kind: type[_T]) -> _T:
    value = _maybe(line, name, kind)
    if value is None:
        raise _Wrong(f"{name} is missing")
    return value


def _maybe(line: _Object, name: str, kind: type[_T]) -> _T | None:
    value = line.get(name)
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise _Wrong(f"{name} is {value!r:.40}, expected {_NAMES[kind]}")
    return value


def _line(value: _Object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def _parsed(line: bytes) -> _Object:
    try:
        value = json.loads(line.decode("utf-8", "surrogatepass"), parse_constant=_no_number)
    except RecursionError:
        raise _Wrong("nested too deeply to be read") from None
    except ValueError as error:
        raise _Wrong(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _Wrong("JSON, but no object")
    return value


def _no_number(name: str) -> JSON:
    raise ValueError(f"{name} is not a JSON number")
