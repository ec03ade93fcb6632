"""Bytes to JSON-RPC messages (https://www.jsonrpc.org/specification, sections 4 to 6), without any repair.

What is a request, a notification or a response is told by the members that are there; whether the members are
right is for the checks to say. Bytes that are no message at all become `Malformed`, with the reason in words.
"""

import json
import re
from dataclasses import replace

from conformance.evidence.trace import JSON, Kind, Malformed, Message, Party, Place

INVALID_REQUEST = -32600  # these four are of JSON-RPC 2.0, 5.1
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

NOT_UTF8 = "not UTF-8"
TOO_DEEP = "nested too deeply to be read"  # legal JSON (RFC 8259, 9 lets a reader set limits), so nobody's fault
NO_OUTCOME = "a JSON object with an id, but without method, result or error"

_SHOWN = 2_000  # bytes of a malformed message that are kept with it; the exchange keeps them all
_DEEPEST = 200  # levels that are read: Python goes no deeper than a thousand calls, and a level may cost several
_BRACKETS = re.compile(r'[{}\[\]]|"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_STEPS = {"{": 1, "[": 1, "}": -1, "]": -1}
_DIGITS = 4_000  # of an integer that is read exactly; Python refuses to read many more


class NotJson(ValueError):
    """The bytes are not one JSON text in UTF-8 (RFC 8259)."""


def read(raw: bytes, sender: Party, at: float, place: Place) -> tuple[Message | Malformed, ...]:
    """The messages in these bytes: one, or several if they are a batch (2025-03-26 only)."""
    try:
        value = parse(raw)
    except NotJson as error:
        return (Malformed(sender, at, place, raw[:_SHOWN], str(error)),)
    if not isinstance(value, list):
        return (_one(value, sender, at, place, raw),)
    if not value:
        return (Malformed(sender, at, place, raw, "an empty batch"),)
    shown = raw[:_SHOWN]  # one for all: a batch may have a hundred thousand entries
    return tuple(_one(v, sender, at, replace(place, entry=n), shown) for n, v in enumerate(value))


def parse(raw: bytes) -> JSON:
    """One JSON text. Raises NotJson with the reason."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"{NOT_UTF8}: byte 0x{raw[error.start]:02x} at offset {error.start}") from None
    if text.startswith("\ufeff"):
        raise NotJson("not JSON: it begins with a byte order mark")
    if _is_deep(text):
        raise NotJson(TOO_DEEP)
    try:
        value: JSON = _DECODER.decode(text)
    except RecursionError:
        raise NotJson(TOO_DEEP) from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}") from None
    return value


def dump(value: JSON) -> bytes:
    """The shortest JSON text of a value, in UTF-8; half a surrogate pair can only be sent as an escape."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def kind_of(body: dict[str, JSON]) -> Kind | None:
    """What a JSON object is by its members, None if it is no JSON-RPC message.

    A result beside `"error": null` is a result: that is how JSON-RPC 1.0 said that there is no error.
    """
    if isinstance(body.get("method"), str):
        return "request" if "id" in body else "notification"
    if "method" in body:
        return None
    if "result" in body and body.get("error") is None:
        return "result"
    return "error" if "error" in body else None


def _one(value: JSON, sender: Party, at: float, place: Place, raw: bytes) -> Message | Malformed:
    if not isinstance(value, dict):
        return Malformed(sender, at, place, raw[:_SHOWN], f"JSON, but {_name(value)} instead of an object")
    kind = kind_of(value)
    if kind is None:
        return Malformed(sender, at, place, raw[:_SHOWN], _why_none(value))
    return Message(sender, at, place, kind, value)


def _why_none(body: dict[str, JSON]) -> str:
    if "method" in body:
        return "a JSON object whose method is not a string"
    return NO_OUTCOME if "id" in body else "a JSON object without method, result or error"


def _name(value: JSON) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case _:
            return "an array"


def _is_deep(text: str) -> bool:
    """Whether a text is nested deeper than anybody can follow who goes down step by step."""
    if text.count("{") + text.count("[") <= _DEEPEST:
        return False
    depth = 0
    for token in _BRACKETS.finditer(text):
        depth += _STEPS.get(token[0], 0)
        if depth > _DEEPEST:
            return True
    return False


def _integer(digits: str) -> int | float:
    """An integer; one of thousands of digits as most readers take it, infinite."""
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _refuse_constant(name: str) -> JSON:
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)  # `json.loads` makes one each time
