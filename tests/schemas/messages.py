"""Messages from which the examples are made, and what damages them."""

from dataclasses import dataclass
from typing import Any

from conformance.evidence.era import CAPABILITIES, CLIENT_INFO, SERVER_INFO, SUBSCRIPTION, VERSION
from tests.schemas.definitions import R03, R11, R26, WITH_SESSIONS


@dataclass(frozen=True)
class Example:
    why: str
    definition: str
    message: Any
    accepted: bool
    revisions: tuple[str, ...]


def good(why: str, definition: str, message: Any, *revisions: str) -> Example:
    return Example(why, definition, message, True, revisions or WITH_SESSIONS)


def bad(why: str, definition: str, message: Any, *revisions: str) -> Example:
    return Example(why, definition, message, False, revisions or WITH_SESSIONS)


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, **({"params": params} if params else {})}


def notification(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, **({"params": params} if params else {})}


def without(message: dict[str, Any], *path: str) -> dict[str, Any]:
    """A copy that lacks the member at the end of the path."""
    first, *rest = path
    if rest:
        return {**message, first: without(message[first], *rest)}
    return {key: value for key, value in message.items() if key != first}


INITIALIZE = request(
    "initialize",
    protocolVersion=R11,
    capabilities={"roots": {"listChanged": True}, "sampling": {}, "experimental": {"x": {}}},
    clientInfo={"name": "client", "version": "1"},
)
INITIALIZED: dict[str, Any] = {
    "protocolVersion": R03,
    "capabilities": {"tools": {"listChanged": True}, "resources": {"subscribe": True}, "logging": {}},
    "serverInfo": {"name": "server", "version": "1"},
    "instructions": "Ask nicely.",
}
CALL = request("tools/call", name="add", arguments={"a": 1, "b": [None]}, _meta={"progressToken": "t"})
TEXT = {"type": "text", "text": "3"}
IMAGE = {"type": "image", "data": "aGk=", "mimeType": "image/png"}
LINK = {"type": "resource_link", "uri": "file:///a", "name": "a"}
EMBEDDED = {"type": "resource", "resource": {"uri": "file:///a", "text": "a"}}
TOOL = {"name": "add", "description": "adds", "inputSchema": {"type": "object", "properties": {"a": {}}}}
PROGRESS = notification("notifications/progress", progressToken="t", progress=0.5, total=1, message="half")
LOG = notification("notifications/message", level="warning", logger="db", data={"slow": True})
ANSWER: dict[str, Any] = {"jsonrpc": "2.0", "id": "a", "result": {}}
ERROR: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no such method"}}
FORM = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}, "required": ["age"]}
ELICIT = request("elicitation/create", message="How old?", requestedSchema=FORM)
VISIT = {"mode": "url", "message": "Sign in", "elicitationId": "e1", "url": "https://example.com/"}
TASK: dict[str, Any] = {
    "taskId": "t1",
    "status": "working",
    "createdAt": "2025-11-25T10:30:00Z",
    "lastUpdatedAt": "2025-11-25T10:30:00Z",
    "ttl": None,
    "pollInterval": 500,
}
SAMPLE = request(
    "sampling/createMessage", messages=[{"role": "user", "content": {"type": "text", "text": "hi"}}], maxTokens=9
)


# Of the era without sessions: requests carry their metadata, results say what kind they are.
META: dict[str, Any] = {
    VERSION: R26,
    CAPABILITIES: {"sampling": {}, "elicitation": {"form": {}}},
    CLIENT_INFO: {"name": "client", "version": "1"},
}
DONE = {"resultType": "complete", "_meta": {SERVER_INFO: {"name": "server", "version": "1"}}}
FRESH: dict[str, Any] = {**DONE, "ttlMs": 0, "cacheScope": "private"}
DISCOVERED = {**FRESH, "supportedVersions": [R26], "capabilities": {"tools": {}, "extensions": {"a/b": {"c": [1]}}}}
ASKING: dict[str, Any] = {
    "resultType": "input_required",
    "inputRequests": {
        "age": {"method": "elicitation/create", "params": {"message": "How old?", "requestedSchema": FORM}},
        "roots": {"method": "roots/list"},
        "model": {"method": "sampling/createMessage", "params": {"messages": [], "maxTokens": 9}},
    },
    "requestState": "s",
}
ANSWERING = {
    "age": {"action": "accept", "content": {"age": 7}},
    "roots": {"roots": []},
    "model": {"role": "assistant", "content": TEXT, "model": "m"},
}
ENDED = {"resultType": "complete", "_meta": {SUBSCRIPTION: "a"}}
ACKNOWLEDGED = notification("notifications/subscriptions/acknowledged", notifications={"toolsListChanged": True})


def asking(method: str, **params: Any) -> dict[str, Any]:
    """A request with its metadata."""
    return request(method, _meta=META, **params)


def refusal(code: int, **data: Any) -> dict[str, Any]:
    return {**ERROR, "error": {"code": code, "message": "no", **({"data": data} if data else {})}}


def field(**schema_of_field: Any) -> dict[str, Any]:
    """A form with a single field."""
    form = {"type": "object", "properties": {"f": schema_of_field}}
    return request("elicitation/create", message="m", requestedSchema=form)
