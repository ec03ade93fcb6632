"""From a method to its definition: each is found, and each party may send its own."""

import pytest

from tests.schemas.definitions import R03, R06, R11, R26, REVISIONS, definitions, method_of

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
