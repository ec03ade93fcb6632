"""Bytes to JSON-RPC messages, strictly: what is not a well-formed message is `Malformed` and never repaired."""

import json
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, TypeGuard

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]
RequestId: TypeAlias = str | int

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
RESOURCE_NOT_FOUND = -32002  # until 2025-11-25
HEADER_MISMATCH = -32020
MISSING_CLIENT_CAPABILITY = -32021
UNSUPPORTED_VERSION = -32022


@dataclass(frozen=True, slots=True)
class Request:
    """A message that wants an answer."""

    id: RequestId
    method: str
    params: JsonObject = field(default_factory=dict)

    @property
    def meta(self) -> JsonObject:
        """What the sender says about the message."""
        return as_object(self.params.get("_meta"))


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that wants no answer."""

    method: str
    params: JsonObject = field(default_factory=dict)

    @property
    def meta(self) -> JsonObject:
        """What the sender says about the message."""
        return as_object(self.params.get("_meta"))


@dataclass(frozen=True, slots=True)
class Response:
    """The client's answer to a request of ours: a result or an error, never both."""

    id: RequestId
    result: JsonObject | None
    error: JsonObject | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """What came is no message; the code and the reason tell the sender why."""

    code: int
    reason: str
    id: RequestId | None = None


Message: TypeAlias = Request | Notification | Response | Malformed


class RpcError(Exception):
    """The answer to a request is this error."""

    def __init__(self, code: int, message: str, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def as_object(value: Json) -> JsonObject:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def parse(body: bytes, encoding: str = "utf-8") -> Message | list[Message]:
    """One message, or a batch of them if the body is an array."""
    try:
        value: Json = json.loads(body.decode(encoding), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        return Malformed(PARSE_ERROR, "The body is not UTF-8.")
    except (ValueError, RecursionError):
        return Malformed(PARSE_ERROR, "The body is not JSON.")
    if isinstance(value, list):
        if not value:
            return Malformed(INVALID_REQUEST, "A batch holds at least one message.")
        return [read(entry) for entry in value]
    return read(value)


def read(value: Json) -> Message:
    """The message that this JSON value is."""
    if not isinstance(value, dict):
        return Malformed(INVALID_REQUEST, "A message is a JSON object.")
    request_id = value.get("id")
    known_id: RequestId | None = request_id if is_id(request_id) else None
    if value.get("jsonrpc") != "2.0":
        return Malformed(INVALID_REQUEST, 'A message says "jsonrpc": "2.0".', known_id)
    if "id" in value and known_id is None:
        return Malformed(INVALID_REQUEST, "An id is a string or an integer.")
    return _read_call(value, known_id) if "method" in value else _read_response(value, known_id)


def _read_call(value: JsonObject, request_id: RequestId | None) -> Message:
    method, params = value["method"], value.get("params", {})
    if not isinstance(method, str):
        return Malformed(INVALID_REQUEST, "A method is a string.", request_id)
    if not isinstance(params, dict):
        return Malformed(INVALID_REQUEST, "Params are an object.", request_id)
    if "result" in value or "error" in value:
        return Malformed(INVALID_REQUEST, "A message with a method has neither result nor error.", request_id)
    if request_id is None:
        return Notification(method, params)
    return Request(request_id, method, params)


def _read_response(value: JsonObject, request_id: RequestId | None) -> Message:
    if request_id is None or ("result" in value) == ("error" in value):
        return Malformed(INVALID_REQUEST, "A message has a method, or an id and either a result or an error.")
    outcome = value.get("result", value.get("error"))
    if not isinstance(outcome, dict):
        return Malformed(INVALID_REQUEST, "A result or an error is an object.")
    if "error" in value:
        if not isinstance(outcome.get("code"), int) or not isinstance(outcome.get("message"), str):
            return Malformed(INVALID_REQUEST, "An error has an integer code and a message.")
        return Response(request_id, None, outcome)
    return Response(request_id, outcome, None)


def is_id(value: Json) -> TypeGuard[RequestId]:
    """Whether this can be a request's id: a string or an integer, and in JSON true is neither."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
