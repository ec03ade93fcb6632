"""Evidence on lines: how a line of a saved trace or recording is written, and read back from a stranger's file.

A line is one JSON object. Bytes stand in it as text where they are UTF-8, and as base64 elsewhere.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TypeAlias, TypeVar, get_args

from conformance.evidence.trace import JSON, Ending, Headers

Object: TypeAlias = dict[str, JSON]
_LONGEST_LINE = 16 * 1024 * 1024  # bytes; what a recorder keeps of one exchange is below, however it is escaped
_LONGEST_HEAD = 1024 * 1024  # of a file that is ours
_LARGEST_FILE = 512 * 1024 * 1024
_ENDINGS: tuple[Ending, ...] = get_args(Ending)
_NAMES: dict[type, str] = {str: "a text", int: "a whole number", float: "a number"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` would make one for each line
_T = TypeVar("_T", str, int, float)


class Wrong(ValueError):
    """What is wrong with a line, in words."""


class BadEvidence(ValueError):
    """A file that holds no readable evidence. The message is one sentence that names the file and the line."""


def read_lines(path: Path, take: Callable[[int, Object], None], notes: list[str]) -> None:
    """Hand over each line of a file with its number, from 1. Raises BadEvidence, also where `take` raises Wrong.

    A last line that was cut off, as when the writer was killed, becomes one of the `notes`.
    """
    with _opened(path) as file:
        _read(path, file, take, notes)


def format_of(path: Path) -> str:
    """What the first line says the file is, empty where it does not. Raises BadEvidence if it cannot be read."""
    with _opened(path) as file:
        first = file.readline(_LONGEST_HEAD)
    try:
        return str(object_of(first).get("format"))
    except Wrong:
        return ""


@contextmanager
def _opened(path: Path) -> Iterator[gzip.GzipFile | BufferedReader]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise BadEvidence(f"{path}: cannot be read: {why}") from None


def _read(
    path: Path, file: gzip.GzipFile | BufferedReader, take: Callable[[int, Object], None], notes: list[str]
) -> None:
    number = size = 0
    while line := file.readline(_LONGEST_LINE + 1):
        number += 1
        size += len(line)
        try:
            if len(line) > _LONGEST_LINE or size > _LARGEST_FILE:
                raise Wrong("too long for a trace")
            if number == 1 or line.strip():
                take(number, object_of(line))
        except Wrong as error:
            if line.endswith(b"\n") or number == 1 or len(line) > _LONGEST_LINE:
                raise BadEvidence(f"{path}, line {number}: {error}") from None
            notes.append(f"the recording breaks off in line {number}; what stands before it was read")
    if number == 0:
        raise BadEvidence(f"{path}, line 1: the file is empty, expected a trace")


def headers_of(line: Object, name: str) -> Headers:
    """Header lines as pairs of texts. Raises Wrong."""
    pairs = line.get(name, [])
    if not isinstance(pairs, list):
        raise Wrong(f"{name} is no list")
    headers: list[tuple[str, str]] = []
    for pair in pairs:
        match pair:
            case [str() as key, str() as value]:
                headers.append((key, value))
            case _:
                raise Wrong(f"a header of {name} is no pair of texts")
    return tuple(headers)


def bytes_of(line: Object, name: str) -> bytes:
    """The bytes of a member, none where it is missing. Raises Wrong."""
    return unpacked(line.get(name, ""), name)


def ending_of(line: Object) -> Ending:
    """How an exchange ended. Raises Wrong."""
    ending = next((known for known in _ENDINGS if known == line.get("ending", "open")), None)
    if ending is None:
        raise Wrong(f"ending is {line.get('ending')!r:.40}, expected one of {', '.join(_ENDINGS)}")
    return ending


def packed(raw: bytes) -> JSON:
    """Bytes as they stand in a line."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


def unpacked(value: JSON, name: str) -> bytes:
    """Bytes as they were packed. Raises Wrong."""
    try:
        match value:
            case str():
                return value.encode("utf-8")
            case {"base64": str() as text}:
                return base64.b64decode(text, validate=True)
    except ValueError:
        pass
    raise Wrong(f"{name} holds neither text nor base64")


def wanted(line: Object, name: str, kind: type[_T]) -> _T:
    """A member of this type. Raises Wrong."""
    value = maybe(line, name, kind)
    if value is None:
        raise Wrong(f"{name} is missing")
    return value


def maybe(line: Object, name: str, kind: type[_T]) -> _T | None:
    """A member of this type, None where it is missing. Raises Wrong."""
    value = line.get(name)
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise Wrong(f"{name} is {value!r:.40}, expected {_NAMES[kind]}")
    return value


def line_of(value: Object) -> bytes:
    """A line, its end included."""
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass") + b"\n"


def object_of(line: bytes) -> Object:
    """The object on a line. Raises Wrong."""
    try:
        value = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
    except RecursionError:
        raise Wrong("nested too deeply to be read") from None
    except ValueError as error:
        raise Wrong(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Wrong("JSON, but no object")
    return value


def _no_number(name: str) -> JSON:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(parse_constant=_no_number)  # `json.loads` would make one for each line
