"""Shapes of messages: which definition, right or wrong, and where and why in one sentence."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.evidence.era import BOTH_ERAS, CAPABILITIES, SESSION_REVISIONS, SUBSCRIPTION, VERSION
from conformance.evidence.jsonrpc import kind_of
from conformance.evidence.trace import JSON, Message, Party, Place
from conformance.judging import shapes
from conformance.judging.shapes import Definition, explain
from tests.tape import complete, discovered, error, notification, request, result

MODERN = "2026-07-28"
META: JSON = {VERSION: MODERN, CAPABILITIES: {}}


def message(body: dict[str, JSON], sender: Party = "server") -> Message:
    kind = kind_of(body)
    assert kind is not None
    return Message(sender, 0.0, Place(0), kind, body)


def asked(method: str, **params: JSON) -> Message:
    return message(request(1, method, params), "client")


def asked_now(method: str, **params: JSON) -> Message:
    """A request of the modern era."""
    return asked(method, _meta=META, **params)


def name_of(body: dict[str, JSON], sender: Party = "server", revision: str = "2025-11-25") -> str | None:
    definition = shapes.definition_of(message(body, sender), revision)
    return definition.name if definition else None


@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_there_is_a_schema_for_every_revision(revision: str) -> None:
    assert (shapes.folder() / revision / "schema.json").is_file()


# Which definition.


def test_a_method_names_the_definition() -> None:
    assert name_of(request(1, "ping")) == "PingRequest"
    assert name_of(request(1, "tools/call"), "client") == "CallToolRequest"
    assert name_of(notification("notifications/message")) == "LoggingMessageNotification"


def test_what_a_party_may_not_send_has_no_definition() -> None:
    assert name_of(request(1, "tools/call"), "server") is None
    assert name_of(notification("notifications/message"), "client") is None


def test_what_a_revision_does_not_know_has_no_definition() -> None:
    assert name_of(request(1, "elicitation/create"), revision="2025-03-26") is None
    assert name_of(request(1, "elicitation/create"), revision="2025-06-18") == "ElicitRequest"
    assert name_of(request(1, "ping"), revision="2024-11-05") is None


def test_a_request_with_the_method_of_a_notification_has_no_definition() -> None:
    assert name_of(request(1, "notifications/message")) is None
    assert name_of(notification("ping")) is None
    assert shapes.is_notification("notifications/message", "server", "2025-11-25")
    assert not shapes.is_notification("notifications/message", "client", "2025-11-25")
    assert not shapes.is_notification("ping", "server", "2025-11-25")


def test_in_the_modern_era_a_server_sends_notifications_alone() -> None:
    acknowledged = "notifications/subscriptions/acknowledged"
    assert name_of(notification(acknowledged), revision=MODERN) == "SubscriptionsAcknowledgedNotification"
    assert shapes.is_notification(acknowledged, "server", MODERN)
    assert not shapes.is_notification(acknowledged, "client", MODERN)
    assert not shapes.is_notification(acknowledged, "server", "2025-11-25")
    assert name_of(request(1, "elicitation/create"), revision=MODERN) is None
    assert name_of(request(1, "ping"), revision=MODERN) is None


def test_what_a_client_may_send_in_the_modern_era() -> None:
    assert name_of(request(1, "server/discover"), "client", MODERN) == "DiscoverRequest"
    assert name_of(request(1, "subscriptions/listen"), "client", MODERN) == "SubscriptionsListenRequest"
    assert name_of(notification("notifications/cancelled"), "client", MODERN) == "CancelledNotification"
    assert name_of(request(1, "initialize"), "client", MODERN) is None
    assert name_of(notification("notifications/progress"), "client", MODERN) is None


@pytest.mark.parametrize(
    ("code", "revision", "name"),
    [
        (-32020, MODERN, "HeaderMismatchError"),
        (-32021, MODERN, "MissingRequiredClientCapabilityError"),
        (-32022, MODERN, "UnsupportedProtocolVersionError"),
        (-32022.0, MODERN, "UnsupportedProtocolVersionError"),
        (-32602, MODERN, "JSONRPCErrorResponse"),
        (-32042, MODERN, "JSONRPCErrorResponse"),
        (-32042, "2025-11-25", "URLElicitationRequiredError"),
        (-32022, "2025-11-25", "JSONRPCErrorResponse"),
        (-32022, "2025-06-18", "JSONRPCError"),
        ([], MODERN, "JSONRPCErrorResponse"),
        (None, MODERN, "JSONRPCErrorResponse"),
    ],
)
def test_an_error_has_the_shape_that_its_code_wants(code: Any, revision: str, name: str) -> None:
    assert name_of(error(1, code), revision=revision) == name


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("initialize", "InitializeResult"),
        ("tools/call", "CallToolResult"),
        ("ping", "EmptyResult"),
        ("logging/setLevel", "EmptyResult"),
        ("resources/templates/list", "ListResourceTemplatesResult"),
        ("com.example/ask", "Result"),
    ],
)
@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_a_result_has_the_shape_that_its_request_wants(revision: str, method: str, name: str) -> None:
    definition = shapes.definition_of(message(result(1)), revision, asked(method))
    assert definition is not None
    assert definition.name == name


@pytest.mark.parametrize(
    ("method", "kind", "name"),
    [
        ("server/discover", "complete", "DiscoverResult"),
        ("tools/list", "complete", "ListToolsResult"),
        ("resources/templates/list", "complete", "ListResourceTemplatesResult"),
        ("subscriptions/listen", "complete", "SubscriptionsListenResult"),
        ("tools/call", "complete", "CallToolResult"),
        ("tools/call", "input_required", "InputRequiredResult"),
        ("resources/read", "input_required", "InputRequiredResult"),
        ("prompts/get", "input_required", "InputRequiredResult"),
        ("tools/call", "task", "Result"),
        ("tools/call", None, "CallToolResult"),
        ("tools/call", [], "CallToolResult"),
        ("com.example/ask", "complete", "Result"),
        ("com.example/ask", "input_required", "Result"),
    ],
)
def test_a_result_of_the_modern_era_says_what_kind_it_is(method: str, kind: JSON, name: str) -> None:
    definition = shapes.definition_of(message(result(1, {"resultType": kind})), MODERN, asked_now(method))
    assert definition == Definition(name, "JSONRPCResultResponse")


def test_before_the_modern_era_a_result_has_no_kind() -> None:
    definition = shapes.definition_of(message(result(1, {"resultType": "task"})), "2025-11-25", asked("tools/call"))
    assert definition == Definition("CallToolResult", "JSONRPCResultResponse")


def test_a_request_that_does_not_say_that_it_is_of_the_modern_era_may_be_answered_as_before() -> None:
    assert explain(message(result(1)), MODERN, asked("ping")) is None
    assert explain(message(result(1)), MODERN, asked("ping", _meta={VERSION: "2025-11-25"})) is None
    assert explain(message(result(1)), MODERN, asked_now("ping")) == "/result lacks resultType"


def test_a_result_without_its_request_may_be_any_object() -> None:
    assert explain(message(result(1, {"x": 1})), "2025-11-25") is None
    assert (
        explain(message({"jsonrpc": "2.0", "id": 1, "result": []}), "2025-11-25")
        == "/result is an array, not an object"
    )


def test_a_task_is_a_result_where_one_was_asked_for() -> None:
    task: dict[str, JSON] = {
        "taskId": "t",
        "status": "working",
        "createdAt": "now",
        "lastUpdatedAt": "now",
        "ttl": None,
    }
    created = message(result(1, {"task": task}))
    assert explain(created, "2025-11-25", asked("tools/call", name="x", task={})) is None
    assert explain(created, "2025-11-25", asked("tools/call", name="x")) == "/result lacks content"


@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_every_definition_can_be_used(revision: str) -> None:
    names = json.loads((shapes.folder() / revision / "schema.json").read_text())["$defs"]
    Draft202012Validator.check_schema(shapes._schema(revision, Definition("Result")))
    for name in names:
        assert shapes._quick(revision, Definition(name)).is_valid({}) in (True, False)


# Right or wrong.


@pytest.mark.parametrize("revision", BOTH_ERAS)
@pytest.mark.parametrize("body", [error(None), error(1), {"jsonrpc": "2.0", "error": {"code": 1, "message": "no"}}])
def test_an_error_may_have_no_id(revision: str, body: dict[str, JSON]) -> None:
    assert explain(message(body), revision) is None


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_the_result_of_ping_may_have_members(revision: str) -> None:
    assert explain(message(result(1, {"_meta": {}, "extra": [1]})), revision, asked("ping")) is None


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (request(1, "tools/call"), "the message lacks params"),
        (request(1, "tools/call", {}), "/params lacks name"),
        (request(1, "tools/call", {"name": 5}), "/params/name is an integer, not a string"),
        (request(None, "ping"), "/id is null, not a string or an integer"),
        (request(1, "ping") | {"jsonrpc": "1.0"}, '/jsonrpc is not "2.0"'),
        (
            request(1, "logging/setLevel", {"level": "loud"}),
            "/params/level is none of debug, info, notice, warning, error, critical, alert, emergency",
        ),
        (request(1, "ping", {"_meta": []}), "/params/_meta is an array, not an object"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(body: dict[str, JSON], sentence: str) -> None:
    assert explain(message(body, "client"), "2025-11-25") == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (request(1, "server/discover"), "the message lacks params"),
        (request(1, "tools/call", {"name": "x"}), "/params lacks _meta"),
        (
            request(1, "tools/call", {"name": "x", "_meta": {VERSION: MODERN}}),
            "/params/_meta lacks io.modelcontextprotocol/clientCapabilities",
        ),
        (request(1, "subscriptions/listen", {"_meta": META}), "/params lacks notifications"),
    ],
)
def test_a_request_of_the_modern_era_needs_its_metadata(body: dict[str, JSON], sentence: str) -> None:
    assert explain(message(body, "client"), MODERN) == sentence


@pytest.mark.parametrize(
    ("method", "value", "sentence"),
    [
        ("server/discover", discovered(), None),
        ("server/discover", discovered(ttlMs=-1), "/result/ttlMs is less than 0"),
        ("server/discover", discovered(cacheScope="all"), "/result/cacheScope is none of public, private"),
        ("tools/call", {"content": [], "structuredContent": None}, None),
        ("tools/call", {"resultType": True, "content": []}, "/result/resultType is a boolean, not a string"),
        ("tools/call", {"resultType": "task", "taskId": "t"}, None),
        ("tools/call", {"resultType": "input_required", "requestState": "s"}, None),
        (
            "tools/call",
            {"resultType": "input_required", "inputRequests": {"a": {"method": "roots/list", "params": []}}},
            "/result/inputRequests/a/params is an array, not an object",
        ),
        ("subscriptions/listen", {"_meta": {SUBSCRIPTION: 1}}, None),
        ("subscriptions/listen", {}, "/result/_meta lacks io.modelcontextprotocol/subscriptionId"),
    ],
)
def test_a_result_of_the_modern_era(method: str, value: dict[str, JSON], sentence: str | None) -> None:
    assert explain(message(complete(1, value)), MODERN, asked_now(method)) == sentence


def test_what_an_error_has_to_tell_is_looked_for() -> None:
    wrong = explain(message(error(1, -32022)), MODERN)
    assert wrong == "/error lacks data"


@pytest.mark.parametrize("setting", [None, 0.5, {"a": [None, 1.5]}])
def test_any_json_value_is_one_though_the_published_schema_leaves_some_out(setting: JSON) -> None:
    capabilities: JSON = {"extensions": {"com.example/x": {"setting": setting}}}
    body = complete(1, discovered(capabilities=capabilities))
    assert explain(message(body), MODERN, asked_now("server/discover")) is None


def test_of_several_kinds_of_content_the_one_that_was_meant_is_explained() -> None:
    content: list[JSON] = [{"type": "text", "text": "x"}, {"type": "image", "data": "", "mimeType": None}]
    wrong = explain(message(result(1, {"content": content})), "2025-11-25", asked("tools/call"))
    assert wrong == "/result/content/1/mimeType is null, not a string"
