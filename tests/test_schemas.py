"""The message schemas: sound in themselves, findable by method, and right about example messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from conformance.evidence.era import CAPABILITIES, CLIENT_INFO, LOG_LEVEL, SERVER_INFO, SUBSCRIPTION, VERSION

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
R03, R06, R11, R26 = "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"
WITH_SESSIONS = (R03, R06, R11)
REVISIONS = (*WITH_SESSIONS, R26)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE: tuple[Any, ...] = (None, 1, "x", [], {})

# Kinds of requests and notifications, not requests and notifications of their own.
GENERAL = {
    "Request",
    "Notification",
    "JSONRPCRequest",
    "JSONRPCNotification",
    "JSONRPCBatchRequest",
    "PaginatedRequest",
    "ClientRequest",
    "ClientNotification",
    "ServerRequest",
    "ServerNotification",
    "InputRequest",
}

METHODS_WITH_SESSIONS = {
    "initialize": "InitializeRequest",
    "ping": "PingRequest",
    "tools/list": "ListToolsRequest",
    "tools/call": "CallToolRequest",
    "resources/list": "ListResourcesRequest",
    "resources/templates/list": "ListResourceTemplatesRequest",
    "resources/read": "ReadResourceRequest",
    "resources/subscribe": "SubscribeRequest",
    "resources/unsubscribe": "UnsubscribeRequest",
    "prompts/list": "ListPromptsRequest",
    "prompts/get": "GetPromptRequest",
    "completion/complete": "CompleteRequest",
    "logging/setLevel": "SetLevelRequest",
    "sampling/createMessage": "CreateMessageRequest",
    "roots/list": "ListRootsRequest",
    "notifications/initialized": "InitializedNotification",
    "notifications/cancelled": "CancelledNotification",
    "notifications/progress": "ProgressNotification",
    "notifications/message": "LoggingMessageNotification",
    "notifications/tools/list_changed": "ToolListChangedNotification",
    "notifications/resources/list_changed": "ResourceListChangedNotification",
    "notifications/resources/updated": "ResourceUpdatedNotification",
    "notifications/prompts/list_changed": "PromptListChangedNotification",
    "notifications/roots/list_changed": "RootsListChangedNotification",
}
METHODS = {
    R03: METHODS_WITH_SESSIONS,
    R06: METHODS_WITH_SESSIONS | {"elicitation/create": "ElicitRequest"},
    R11: METHODS_WITH_SESSIONS
    | {
        "elicitation/create": "ElicitRequest",
        "notifications/elicitation/complete": "ElicitationCompleteNotification",
        "tasks/get": "GetTaskRequest",
        "tasks/result": "GetTaskPayloadRequest",
        "tasks/list": "ListTasksRequest",
        "tasks/cancel": "CancelTaskRequest",
        "notifications/tasks/status": "TaskStatusNotification",
    },
    R26: {
        "server/discover": "DiscoverRequest",
        "tools/list": "ListToolsRequest",
        "tools/call": "CallToolRequest",
        "resources/list": "ListResourcesRequest",
        "resources/templates/list": "ListResourceTemplatesRequest",
        "resources/read": "ReadResourceRequest",
        "prompts/list": "ListPromptsRequest",
        "prompts/get": "GetPromptRequest",
        "completion/complete": "CompleteRequest",
        "subscriptions/listen": "SubscriptionsListenRequest",
        "sampling/createMessage": "CreateMessageRequest",
        "roots/list": "ListRootsRequest",
        "elicitation/create": "ElicitRequest",
        "notifications/cancelled": "CancelledNotification",
        "notifications/progress": "ProgressNotification",
        "notifications/message": "LoggingMessageNotification",
        "notifications/tools/list_changed": "ToolListChangedNotification",
        "notifications/resources/list_changed": "ResourceListChangedNotification",
        "notifications/resources/updated": "ResourceUpdatedNotification",
        "notifications/prompts/list_changed": "PromptListChangedNotification",
        "notifications/subscriptions/acknowledged": "SubscriptionsAcknowledgedNotification",
    },
}
# Who may send a method: the union of requests or notifications it belongs to.
CLIENT_SENDS = {
    R03: {
        "initialize",
        "ping",
        "tools/list",
        "tools/call",
        "resources/list",
        "resources/templates/list",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "prompts/list",
        "prompts/get",
        "completion/complete",
        "logging/setLevel",
        "notifications/initialized",
        "notifications/cancelled",
        "notifications/progress",
        "notifications/roots/list_changed",
    },
}
SERVER_SENDS = {
    R03: {
        "ping",
        "sampling/createMessage",
        "roots/list",
        "notifications/cancelled",
        "notifications/progress",
        "notifications/message",
        "notifications/tools/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
        "notifications/prompts/list_changed",
    },
}
TASK_METHODS = {"tasks/get", "tasks/result", "tasks/list", "tasks/cancel", "notifications/tasks/status"}
CLIENT_SENDS[R06] = CLIENT_SENDS[R03]
CLIENT_SENDS[R11] = CLIENT_SENDS[R06] | TASK_METHODS
SERVER_SENDS[R06] = SERVER_SENDS[R03] | {"elicitation/create"}
SERVER_SENDS[R11] = SERVER_SENDS[R06] | TASK_METHODS | {"notifications/elicitation/complete"}
# From here on the server asks inside a result, and only there.
ASKED_INSIDE = {"sampling/createMessage", "roots/list", "elicitation/create"}
CLIENT_SENDS[R26] = {
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "completion/complete",
    "subscriptions/listen",
    "notifications/cancelled",
}
SERVER_SENDS[R26] = set(METHODS[R26]) - CLIENT_SENDS[R26] - ASKED_INSIDE | {"notifications/cancelled"}


@cache
def schema(revision: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / revision / "schema.json").read_text(encoding="utf-8"))
    return loaded


def definitions(revision: str) -> dict[str, Any]:
    found: dict[str, Any] = schema(revision)["$defs"]
    return found


def entry(revision: str, name: str) -> dict[str, Any]:
    """A schema of its own that stands for one definition."""
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions(revision)}


@cache
def slow(revision: str, name: str) -> Draft202012Validator:
    return Draft202012Validator(entry(revision, name))


@cache
def fast(revision: str, name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(entry(revision, name))


def subschemas(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from subschemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from subschemas(value)


def method_of(definition: dict[str, Any]) -> str | None:
    """The method a definition is for, read from the definition itself, without following references."""
    method = definition.get("properties", {}).get("method", {}).get("const")
    return method if isinstance(method, str) else None


# --- the files themselves ------------------------------------------------------------------------------------


def test_there_is_a_schema_for_each_revision() -> None:
    assert sorted(path.parent.name for path in SCHEMAS.glob("*/schema.json")) == list(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_schema_is_valid(revision: str) -> None:
    Draft202012Validator.check_schema(schema(revision))
    assert schema(revision)["$schema"] == DIALECT
    assert schema(revision)["$id"] == f"urn:mcp-http-conformance:schema:{revision}"


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_reference_resolves(revision: str) -> None:
    references = [node["$ref"] for node in subschemas(schema(revision)) if isinstance(node.get("$ref"), str)]
    assert references
    for reference in references:
        assert reference.startswith("#/$defs/")
        node: Any = schema(revision)
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]
        assert isinstance(node, dict), reference


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_definition_compiles_and_can_be_asked(revision: str) -> None:
    for name in definitions(revision):
        for instance in SIMPLE:
            assert slow(revision, name).is_valid(instance) == fast(revision, name).is_valid(instance), name


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_definition_can_be_reached_by_the_urn(revision: str) -> None:
    urn = schema(revision)["$id"]
    registry = jsonschema_rs.Registry([(urn, schema(revision))])
    check = jsonschema_rs.Draft202012Validator({"$ref": f"{urn}#/$defs/RequestId"}, registry=registry)
    assert check.is_valid("a")
    assert not check.is_valid(None)


# --- from method to definition -------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", REVISIONS)
def test_requests_and_notifications_are_found_by_method(revision: str) -> None:
    found = {method: name for name, body in definitions(revision).items() if (method := method_of(body))}
    assert found == METHODS[revision]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_request_and_notification_has_a_method(revision: str) -> None:
    for name, body in definitions(revision).items():
        concrete = name.endswith(("Request", "Notification")) and name not in GENERAL
        assert (method_of(body) is not None) == concrete, name


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize(("side", "sends"), [("Client", CLIENT_SENDS), ("Server", SERVER_SENDS)])
def test_who_may_send_what(revision: str, side: str, sends: dict[str, set[str]]) -> None:
    unions = [f"{side}Request", f"{side}Notification"]
    if (side, revision) == ("Server", R26):
        unions.remove("ServerRequest")
        assert "ServerRequest" not in definitions(revision)
    assert {method for union in unions for method in listed(revision, union)} == sends[revision]


def test_what_a_server_may_ask_inside_a_result() -> None:
    assert set(listed(R26, "InputRequest")) == ASKED_INSIDE


def listed(revision: str, name: str) -> list[str]:
    """The methods of a union, which has to lead each of them to its definition."""
    union = definitions(revision)[name]
    allowed: list[str] = union["properties"]["method"]["enum"]
    rows = union["dependentSchemas"]["method"]["allOf"]
    table = {row["if"]["properties"]["method"]["const"]: row["then"]["$ref"] for row in rows}
    assert len(rows) == len(table)
    assert list(table) == allowed
    for method, reference in table.items():
        target = reference.removeprefix("#/$defs/")
        assert target.endswith("Notification" if method.startswith("notifications/") else "Request")
        assert method_of(definitions(revision)[target]) == method
    return allowed


# --- example messages ----------------------------------------------------------------------------------------


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


EXAMPLES = [
    # JSON-RPC
    good("a request", "JSONRPCMessage", request("ping")),
    good("a notification", "JSONRPCMessage", notification("notifications/initialized")),
    good("a response", "JSONRPCMessage", ANSWER),
    good("an error", "JSONRPCMessage", ERROR),
    bad("nothing in it", "JSONRPCMessage", {}),
    bad("no version", "JSONRPCMessage", without(request("ping"), "jsonrpc")),
    bad("version as a number", "JSONRPCMessage", {**request("ping"), "jsonrpc": 2.0}),
    bad("params by position", "JSONRPCMessage", {**request("ping"), "params": [1]}),
    bad("neither result nor error", "JSONRPCMessage", without(ANSWER, "result")),
    bad("a bare string", "JSONRPCMessage", "ping"),
    bad("null as id", "JSONRPCRequest", {**request("ping"), "id": None}),
    bad("a fraction as id", "JSONRPCRequest", {**request("ping"), "id": 1.5}),
    bad("a request without id", "JSONRPCRequest", without(request("ping"), "id")),
    bad("object as progress token", "JSONRPCRequest", request("x", _meta={"progressToken": {}}), R03, R06),
    good("an id the schema overlooks", "JSONRPCNotification", {**notification("x"), "id": None}),
    good("a result with members of its own", "JSONRPCResponse", {**ANSWER, "result": {"x": 1}}),
    bad("null as result", "JSONRPCResponse", {**ANSWER, "result": None}),
    bad("array as result", "JSONRPCResponse", {**ANSWER, "result": []}),
    good("result", "JSONRPCResultResponse", ANSWER, R11),
    bad("a result without id", "JSONRPCResponse", without(ANSWER, "id")),
    good("error", "JSONRPCError", ERROR, R03, R06),
    bad("an error without id", "JSONRPCError", without(ERROR, "id"), R03, R06),
    good("error with data", "JSONRPCErrorResponse", {**ERROR, "error": {**ERROR["error"], "data": 1}}, R11),
    good("an error without id", "JSONRPCErrorResponse", without(ERROR, "id"), R11),
    bad("an error with null as id", "JSONRPCErrorResponse", {**ERROR, "id": None}, R11),
    good("an error is a response", "JSONRPCResponse", ERROR, R11),
    bad("an error is not a result", "JSONRPCResponse", ERROR, R03, R06),
    bad("an error code in quotes", "JSONRPCMessage", {**ERROR, "error": {"code": "-32601", "message": ""}}),
    bad("an error without message", "JSONRPCMessage", without(ERROR, "error", "message")),
    good("empty result", "EmptyResult", {}),
    good("empty result with metadata", "EmptyResult", {"_meta": {"a/b": 1}}),
    bad("metadata that is no object", "EmptyResult", {"_meta": "x"}),
    # batches
    good("a batch to the server", "JSONRPCMessage", [request("ping"), PROGRESS], R03),
    good("a batch to the server", "JSONRPCBatchRequest", [request("ping"), PROGRESS], R03),
    good("a batch of answers", "JSONRPCMessage", [ANSWER, ERROR], R03),
    good("a batch of answers", "JSONRPCBatchResponse", [ANSWER, ERROR], R03),
    bad("requests mixed with answers", "JSONRPCMessage", [request("ping"), ANSWER], R03),
    bad("an answer among the requests", "JSONRPCBatchRequest", [request("ping"), ANSWER], R03),
    bad("a request among the answers", "JSONRPCBatchResponse", [ANSWER, request("ping")], R03),
    bad("a batch within a batch", "JSONRPCMessage", [[request("ping")]], R03),
    bad("batches are gone", "JSONRPCMessage", [request("ping")], R06, R11),
    # lifecycle
    good("initialize", "InitializeRequest", INITIALIZE),
    good("sent by the client", "ClientRequest", INITIALIZE),
    bad("not sent by the server", "ServerRequest", INITIALIZE),
    bad("no version", "InitializeRequest", without(INITIALIZE, "params", "protocolVersion")),
    bad("no capabilities", "InitializeRequest", without(INITIALIZE, "params", "capabilities")),
    bad("client without version", "InitializeRequest", without(INITIALIZE, "params", "clientInfo", "version")),
    bad("other method", "InitializeRequest", {**INITIALIZE, "method": "Initialize"}),
    good("initialize result", "InitializeResult", INITIALIZED),
    good("unknown capability", "InitializeResult", {**INITIALIZED, "capabilities": {"custom": True}}),
    bad("true for a capability", "InitializeResult", {**INITIALIZED, "capabilities": {"tools": True}}),
    bad("no server info", "InitializeResult", without(INITIALIZED, "serverInfo")),
    bad("version as a number", "InitializeResult", {**INITIALIZED, "protocolVersion": 20250326}),
    good("initialized", "InitializedNotification", notification("notifications/initialized")),
    bad("sent by the client only", "ServerNotification", notification("notifications/initialized")),
    good("ping from the server", "ServerRequest", request("ping")),
    # utilities
    good("progress", "ProgressNotification", PROGRESS),
    good("either side", "ClientNotification", PROGRESS),
    good("either side", "ServerNotification", PROGRESS),
    bad("progress without token", "ProgressNotification", without(PROGRESS, "params", "progressToken")),
    bad(
        "progress in words",
        "ProgressNotification",
        notification("notifications/progress", progressToken=1, progress="1"),
    ),
    good("log message", "LoggingMessageNotification", LOG),
    good(
        "log data null", "LoggingMessageNotification", notification("notifications/message", level="info", data=None)
    ),
    bad("log without data", "LoggingMessageNotification", without(LOG, "params", "data")),
    bad("no such level", "LoggingMessageNotification", notification("notifications/message", level="warn", data=1)),
    bad("a client does not log", "ClientNotification", LOG),
    good("cancelled", "CancelledNotification", notification("notifications/cancelled", requestId=1, reason="late")),
    bad("nothing cancelled", "CancelledNotification", notification("notifications/cancelled", reason="x"), R03, R06),
    good("id left out", "CancelledNotification", notification("notifications/cancelled", reason="x"), R11),
    bad("null cancelled", "CancelledNotification", notification("notifications/cancelled", requestId=None)),
    good("set level", "ClientRequest", request("logging/setLevel", level="debug")),
    bad("set no level", "ClientRequest", request("logging/setLevel")),
    # tools
    good("tools/list", "ListToolsRequest", request("tools/list")),
    good("next page", "ListToolsRequest", request("tools/list", cursor="p2")),
    bad("cursor as a number", "ListToolsRequest", request("tools/list", cursor=2)),
    good("no tools", "ListToolsResult", {"tools": []}),
    good("a tool", "ListToolsResult", {"tools": [TOOL], "nextCursor": ""}),
    bad("tools missing", "ListToolsResult", {}),
    bad("null for no next page", "ListToolsResult", {"tools": [], "nextCursor": None}),
    bad("no input schema", "Tool", without(TOOL, "inputSchema")),
    bad("null input schema", "Tool", {**TOOL, "inputSchema": None}),
    bad("input schema without type", "Tool", {**TOOL, "inputSchema": {}}),
    bad("input not an object", "Tool", {**TOOL, "inputSchema": {"type": "string"}}),
    bad("output not an object", "Tool", {**TOOL, "outputSchema": {"type": "array"}}, R06, R11),
    good("output schema unknown", "Tool", {**TOOL, "outputSchema": {"type": "array"}}, R03),
    bad("icon without source", "Tool", {**TOOL, "icons": [{}]}, R11),
    bad("task support true", "Tool", {**TOOL, "execution": {"taskSupport": True}}, R11),
    good("tools/call", "CallToolRequest", CALL),
    good("tools/call", "ClientRequest", CALL),
    bad("no name", "CallToolRequest", without(CALL, "params", "name")),
    bad("no params", "CallToolRequest", without(CALL, "params")),
    bad("arguments by position", "CallToolRequest", request("tools/call", name="add", arguments=[1])),
    bad("no id", "CallToolRequest", without(CALL, "id"), R11),
    good("id left to the envelope", "CallToolRequest", without(CALL, "id"), R03, R06),
    good("text and image", "CallToolResult", {"content": [TEXT, IMAGE, EMBEDDED], "isError": False}),
    good("empty content", "CallToolResult", {"content": []}),
    bad("no content", "CallToolResult", {}),
    bad("only structured content", "CallToolResult", {"structuredContent": {}}, R06, R11),
    bad("structured array", "CallToolResult", {"content": [], "structuredContent": []}, R06, R11),
    bad("a string as content", "CallToolResult", {"content": "3"}),
    bad("text without text", "CallToolResult", {"content": [{"type": "text"}]}),
    bad("content without type", "CallToolResult", {"content": [{"text": "3"}]}),
    bad("unknown type", "CallToolResult", {"content": [{"type": "video", "data": "", "mimeType": ""}]}),
    bad("image without media type", "CallToolResult", {"content": [without(IMAGE, "mimeType")]}),
    bad("priority above 1", "CallToolResult", {"content": [{**TEXT, "annotations": {"priority": 2}}]}),
    good("a link", "CallToolResult", {"content": [LINK]}, R06, R11),
    bad("no links yet", "CallToolResult", {"content": [LINK]}, R03),
    # resources, prompts, completion
    good("resources/read", "ReadResourceRequest", request("resources/read", uri="file:///a")),
    bad("no uri", "ReadResourceRequest", request("resources/read", name="a")),
    good("blob", "ReadResourceResult", {"contents": [{"uri": "x:y", "blob": "aGk="}]}),
    bad("neither text nor blob", "ReadResourceResult", {"contents": [{"uri": "x:y"}]}),
    bad("text without uri", "ReadResourceResult", {"contents": [{"text": "a"}]}),
    good("template", "ListResourceTemplatesResult", {"resourceTemplates": [{"name": "f", "uriTemplate": "f:{a}"}]}),
    bad("template without name", "ListResourceTemplatesResult", {"resourceTemplates": [{"uriTemplate": "f:{a}"}]}),
    good("prompt", "GetPromptResult", {"messages": [{"role": "user", "content": TEXT}]}),
    bad("content in an array", "GetPromptResult", {"messages": [{"role": "user", "content": [TEXT]}]}),
    bad("system is no role", "GetPromptResult", {"messages": [{"role": "system", "content": TEXT}]}),
    bad("argument not a string", "GetPromptRequest", request("prompts/get", name="p", arguments={"n": 1})),
    good(
        "complete",
        "CompleteRequest",
        request("completion/complete", ref={"type": "ref/prompt", "name": "p"}, argument={"name": "a", "value": ""}),
    ),
    bad(
        "reference of unknown kind",
        "CompleteRequest",
        request("completion/complete", ref={"type": "ref/tool", "name": "p"}, argument={"name": "a", "value": ""}),
    ),
    good("completions", "CompleteResult", {"completion": {"values": ["a"], "total": 2, "hasMore": True}}),
    bad("completions without values", "CompleteResult", {"completion": {}}),
    # sampling, roots
    good("sampling", "ServerRequest", SAMPLE),
    bad("not from a client", "ClientRequest", SAMPLE),
    bad("no token limit", "CreateMessageRequest", without(SAMPLE, "params", "maxTokens")),
    good("sampled", "CreateMessageResult", {"role": "assistant", "content": TEXT, "model": "m"}),
    bad("no model", "CreateMessageResult", {"role": "assistant", "content": TEXT}),
    good("several blocks", "CreateMessageResult", {"role": "assistant", "content": [TEXT], "model": "m"}, R11),
    bad("several blocks", "CreateMessageResult", {"role": "assistant", "content": [TEXT], "model": "m"}, R03, R06),
    good(
        "tool use",
        "SamplingMessage",
        {"role": "assistant", "content": {"type": "tool_use", "id": "u", "name": "add", "input": {}}},
        R11,
    ),
    bad(
        "tool result without id",
        "SamplingMessage",
        {"role": "user", "content": {"type": "tool_result", "content": []}},
        R11,
    ),
    good("roots", "ListRootsResult", {"roots": [{"uri": "file:///home"}]}),
    bad("roots as strings", "ListRootsResult", {"roots": ["file:///home"]}),
    # elicitation
    good("a form", "ElicitRequest", ELICIT, R06, R11),
    good("a form", "ServerRequest", ELICIT, R06, R11),
    bad("no elicitation yet", "ServerRequest", ELICIT, R03),
    bad("no message", "ElicitRequest", without(ELICIT, "params", "message"), R06, R11),
    bad("no properties", "ElicitRequest", without(ELICIT, "params", "requestedSchema", "properties"), R06, R11),
    bad("a nested field", "ElicitRequest", field(type="object"), R06, R11),
    bad("unknown format", "ElicitRequest", field(type="string", format="ipv4"), R06, R11),
    good("an old choice", "ElicitRequest", field(type="string", enum=["a"], enumNames=["A"]), R06, R11),
    good("a labelled choice", "ElicitRequest", field(type="string", oneOf=[{"const": "a", "title": "A"}]), R11),
    good("many of some", "ElicitRequest", field(type="array", items={"type": "string", "enum": ["a"]}), R11),
    good("labelled many", "ElicitRequest", field(type="array", items={"anyOf": [{"const": "a", "title": "A"}]}), R11),
    bad("many without options", "ElicitRequest", field(type="array", items={"type": "string"}), R11),
    bad("labelled many without label", "ElicitRequest", field(type="array", items={"anyOf": [{"const": "a"}]}), R11),
    bad("no arrays yet", "ElicitRequest", field(type="array", items={"type": "string", "enum": ["a"]}), R06),
    good("an address", "ElicitRequest", request("elicitation/create", **VISIT), R11),
    bad("an address without url", "ElicitRequest", request("elicitation/create", **without(VISIT, "url")), R11),
    bad("no such mode", "ElicitRequest", request("elicitation/create", **{**VISIT, "mode": "mail"}), R11),
    good("accepted", "ElicitResult", {"action": "accept", "content": {"age": 7, "name": "x", "ok": True}}, R06, R11),
    good("several chosen", "ElicitResult", {"action": "accept", "content": {"f": ["a"]}}, R11),
    bad("several chosen", "ElicitResult", {"action": "accept", "content": {"f": ["a"]}}, R06),
    bad("reject is no action", "ElicitResult", {"action": "reject"}, R06, R11),
    bad("nested answer", "ElicitResult", {"action": "accept", "content": {"f": {}}}, R06, R11),
    good("done", "ServerNotification", notification("notifications/elicitation/complete", elicitationId="e1"), R11),
    bad("done with what?", "ServerNotification", notification("notifications/elicitation/complete", id="e1"), R11),
    good(
        "go there first",
        "URLElicitationRequiredError",
        {**ERROR, "error": {"code": -32042, "message": "sign in", "data": {"elicitations": [VISIT]}}},
        R11,
    ),
    bad("go where?", "URLElicitationRequiredError", {**ERROR, "error": {"code": -32042, "message": "sign in"}}, R11),
    bad("other error", "URLElicitationRequiredError", ERROR, R11),
    # tasks
    good("call as a task", "CallToolRequest", request("tools/call", name="add", task={"ttl": 60000}), R11),
    bad("task as a flag", "CallToolRequest", request("tools/call", name="add", task=True), R11),
    good("unknown member", "CallToolRequest", request("tools/call", name="add", task=True), R03, R06),
    good("task made", "CreateTaskResult", {"task": TASK}, R11),
    bad("task not under its key", "CreateTaskResult", TASK, R11),
    bad("ttl left out", "CreateTaskResult", {"task": without(TASK, "ttl")}, R11),
    bad("no such status", "CreateTaskResult", {"task": {**TASK, "status": "running"}}, R11),
    bad("no time of change", "CreateTaskResult", {"task": without(TASK, "lastUpdatedAt")}, R11),
    good("tasks/get", "GetTaskRequest", request("tasks/get", taskId="t1"), R11),
    good("from the client", "ClientRequest", request("tasks/get", taskId="t1"), R11),
    good("from the server", "ServerRequest", request("tasks/get", taskId="t1"), R11),
    bad("no tasks yet", "ClientRequest", request("tasks/get", taskId="t1"), R03, R06),
    bad("tasks/get without id of the task", "GetTaskRequest", request("tasks/get"), R11),
    good("state", "GetTaskResult", TASK, R11),
    bad("state under a key", "GetTaskResult", {"task": TASK}, R11),
    good("outcome", "GetTaskPayloadResult", {"content": [TEXT]}, R11),
    good("cancelled", "CancelTaskResult", {**TASK, "status": "cancelled"}, R11),
    good("list", "ListTasksResult", {"tasks": [TASK], "nextCursor": "2"}, R11),
    bad("list of ids", "ListTasksResult", {"tasks": ["t1"]}, R11),
    good("status", "ServerNotification", notification("notifications/tasks/status", **TASK), R11),
    bad("partial status", "TaskStatusNotification", notification("notifications/tasks/status", taskId="t1"), R11),
    # the era without sessions: requests
    good("discover", "ClientRequest", asking("server/discover"), R26),
    bad("no params", "ClientRequest", request("server/discover"), R26),
    bad("no metadata", "ClientRequest", request("tools/call", name="add"), R26),
    bad("no initialize", "ClientRequest", INITIALIZE, R26),
    bad("no ping", "ClientRequest", asking("ping"), R26),
    *(bad(f"without {key}", "RequestMetaObject", without(META, key), R26) for key in (VERSION, CAPABILITIES)),
    good("a client without a name", "RequestMetaObject", without(META, CLIENT_INFO), R26),
    bad("a name alone", "RequestMetaObject", {**META, CLIENT_INFO: {"name": "client"}}, R26),
    bad("true for a capability", "RequestMetaObject", {**META, CAPABILITIES: {"roots": True}}, R26),
    bad("no such level", "RequestMetaObject", {**META, LOG_LEVEL: "warn"}, R26),
    bad("object as progress token", "RequestMetaObject", {**META, "progressToken": {}}, R26),
    good("metadata of others", "RequestMetaObject", {**META, "com.example/x": None}, R26),
    good("a call", "CallToolRequest", asking("tools/call", name="add", arguments={"a": None}), R26),
    good("a call with answers", "CallToolRequest", asking("tools/call", name="add", inputResponses=ANSWERING), R26),
    bad("an answer of no kind", "CallToolRequest", asking("tools/call", name="add", inputResponses={"a": {}}), R26),
    bad("a state that is an object", "GetPromptRequest", asking("prompts/get", name="p", requestState={}), R26),
    bad("no uri", "ReadResourceRequest", asking("resources/read", requestState="s"), R26),
    good("listen", "ClientRequest", asking("subscriptions/listen", notifications={"resourceSubscriptions": []}), R26),
    bad("listen to what?", "ClientRequest", asking("subscriptions/listen"), R26),
    bad("true for resources", "SubscriptionFilter", {"resourceSubscriptions": True}, R26),
    good("cancelled", "ClientNotification", notification("notifications/cancelled", requestId=1), R26),
    bad("nothing cancelled", "ClientNotification", notification("notifications/cancelled", reason="x"), R26),
    bad("progress comes from the server", "ClientNotification", PROGRESS, R26),
    # results
    bad("of no kind", "JSONRPCMessage", ANSWER, R26),
    good("of a kind", "JSONRPCMessage", {**ANSWER, "result": {"resultType": "com.example/x", "x": 1}}, R26),
    bad("a kind that is no string", "EmptyResult", {"resultType": True}, R26),
    bad("a server without version", "EmptyResult", {**DONE, "_meta": {SERVER_INFO: {"name": "s"}}}, R26),
    good("discovered", "DiscoverResult", DISCOVERED, R26),
    bad("for how long?", "DiscoverResult", without(DISCOVERED, "ttlMs"), R26),
    bad("for whom?", "DiscoverResult", without(DISCOVERED, "cacheScope"), R26),
    bad("for everybody and more", "DiscoverResult", {**DISCOVERED, "cacheScope": "shared"}, R26),
    bad("less than no time", "DiscoverResult", {**DISCOVERED, "ttlMs": -1}, R26),
    bad("a single revision", "DiscoverResult", {**DISCOVERED, "supportedVersions": R26}, R26),
    bad("an extension as a flag", "DiscoverResult", {**DISCOVERED, "capabilities": {"extensions": {"a": True}}}, R26),
    good("tools", "ListToolsResult", {**FRESH, "tools": [TOOL], "nextCursor": "2"}, R26),
    bad("tools not to be kept", "ListToolsResult", {**DONE, "tools": [TOOL]}, R26),
    bad("input not an object", "Tool", {**TOOL, "inputSchema": {"type": "string"}}, R26),
    good("any schema of arguments", "Tool", {**TOOL, "inputSchema": {"type": "object", "properties": True}}, R26),
    good("output of any type", "Tool", {**TOOL, "outputSchema": {"type": "array"}}, R26),
    bad("output of no schema", "Tool", {**TOOL, "outputSchema": True}, R26),
    good("structured array", "CallToolResult", {**DONE, "content": [LINK], "structuredContent": [1]}, R26),
    good("structured null", "CallToolResult", {**DONE, "content": [], "structuredContent": None}, R26),
    bad("no content", "CallToolResult", {**DONE, "structuredContent": {}}, R26),
    good("text", "ReadResourceResult", {**FRESH, "contents": [{"uri": "x:y", "text": "a"}]}, R26),
    bad("text not to be kept", "ReadResourceResult", {**DONE, "contents": [{"uri": "x:y", "text": "a"}]}, R26),
    good("a prompt need not be kept", "GetPromptResult", {**DONE, "messages": []}, R26),
    good("a hundred completions", "CompleteResult", {**DONE, "completion": {"values": ["a"] * 100}}, R26),
    bad("one too many", "CompleteResult", {**DONE, "completion": {"values": ["a"] * 101}}, R26),
    good("questions", "InputRequiredResult", ASKING, R26),
    good("questions", "CallToolResultResponse", {**ANSWER, "result": ASKING}, R26),
    bad("questions for a list", "ListToolsResultResponse", {**ANSWER, "result": ASKING}, R26),
    bad("questions in a row", "InputRequiredResult", {**ASKING, "inputRequests": [{"method": "roots/list"}]}, R26),
    bad("not a question", "InputRequiredResult", {**ASKING, "inputRequests": {"a": asking("tools/list")}}, R26),
    bad("a question without params", "InputRequest", {"method": "elicitation/create"}, R26),
    good(
        "an address", "InputRequest", {"method": "elicitation/create", "params": without(VISIT, "elicitationId")}, R26
    ),
    good("the end", "SubscriptionsListenResult", ENDED, R26),
    bad("the end of what?", "SubscriptionsListenResult", DONE, R26),
    # notifications and errors
    good("acknowledged", "ServerNotification", ACKNOWLEDGED, R26),
    bad("what is acknowledged?", "ServerNotification", notification(ACKNOWLEDGED["method"]), R26),
    bad("not from a client", "ClientNotification", ACKNOWLEDGED, R26),
    good("progress", "ServerNotification", PROGRESS, R26),
    good("log message", "ServerNotification", LOG, R26),
    bad("object as subscription", "NotificationMetaObject", {SUBSCRIPTION: {}}, R26),
    bad("no tasks in the core", "ServerNotification", notification("notifications/tasks/status", **TASK), R26),
    good("headers", "HeaderMismatchError", refusal(-32020), R26),
    bad("other code", "HeaderMismatchError", refusal(-32021), R26),
    good("revisions", "UnsupportedProtocolVersionError", refusal(-32022, supported=[R26], requested="1"), R26),
    bad("no revisions", "UnsupportedProtocolVersionError", refusal(-32022, requested="1"), R26),
    good("able", "MissingRequiredClientCapabilityError", refusal(-32021, requiredCapabilities={"roots": {}}), R26),
    bad("able to what?", "MissingRequiredClientCapabilityError", refusal(-32021), R26),
    bad("by name", "MissingRequiredClientCapabilityError", refusal(-32021, requiredCapabilities=["roots"]), R26),
    good("wrong parameters", "InvalidParamsError", {"code": -32602, "message": "no"}, R26),
    bad("wrong code for it", "InvalidParamsError", {"code": -32002, "message": "no"}, R26),
]


@pytest.mark.parametrize(
    ("revision", "example"),
    [
        pytest.param(revision, example, id=f"{revision}-{example.definition}-{example.why}".replace(" ", "_"))
        for example in EXAMPLES
        for revision in example.revisions
    ],
)
def test_example(revision: str, example: Example) -> None:
    errors = [error.message for error in slow(revision, example.definition).iter_errors(example.message)]
    assert (not errors) == example.accepted, errors
    assert fast(revision, example.definition).is_valid(example.message) == example.accepted


# --- errors that can be explained ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "definition", "message", "path", "said"),
    [
        (R11, "ClientRequest", without(CALL, "params", "name"), "$.params", "'name' is a required property"),
        (R03, "CallToolResult", {"content": [TEXT, {"type": "text", "text": 5}]}, "$.content[1].text", "'string'"),
        (R11, "CallToolResult", {"content": [{"type": "video"}]}, "$.content[0].type", "is not one of"),
        (R11, "CallToolResult", {"content": [{"text": "3"}]}, "$.content[0]", "'type' is a required property"),
        (R06, "JSONRPCMessage", without(ERROR, "error", "message"), "$.error", "'message' is a required property"),
        (R03, "JSONRPCMessage", [ANSWER, {**ANSWER, "id": None}], "$[1].id", "None is not of type"),
        (R11, "ElicitRequestParams", without(VISIT, "url"), "$", "'url' is a required property"),
        (R11, "ServerRequest", INITIALIZE, "$.method", "is not one of"),
        (R06, "ReadResourceResult", {"contents": [{"uri": "x:y", "text": 1}]}, "$.contents[0].text", "'string'"),
        (R26, "ClientRequest", request("tools/call", name="add"), "$.params", "'_meta' is a required property"),
        (R26, "CallToolResult", {"content": []}, "$", "'resultType' is a required property"),
        (
            R26,
            "InputRequiredResult",
            {**ASKING, "inputRequests": {"a": {}}},
            "$.inputRequests.a",
            "'method' is a req",
        ),
        (R26, "UnsupportedProtocolVersionError", refusal(-32022, supported=[]), "$.error.data", "'requested' is a"),
    ],
)
def test_a_fault_gives_one_error_at_its_place(
    revision: str, definition: str, message: Any, path: str, said: str
) -> None:
    errors = list(slow(revision, definition).iter_errors(message))
    assert [error.json_path for error in errors] == [path]
    assert said in errors[0].message
    assert not errors[0].context
