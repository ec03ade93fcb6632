"""Shapes of messages: which definition, right or wrong, and where and why in one sentence."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance import shapes
from conformance.jsonrpc import kind_of
from conformance.ledger import REVISIONS
from conformance.shapes import Definition, explain
from conformance.trace import JSON, Message, Party, Place
from tests.tape import error, notification, request, result


def message(body: dict[str, JSON], sender: Party = "server") -> Message:
    kind = kind_of(body)
    assert kind is not None
    return Message(sender, 0.0, Place(0), kind, body)


def asked(method: str, **params: JSON) -> Message:
    return message(request(1, method, params), "client")


def name_of(body: dict[str, JSON], sender: Party = "server", revision: str = "2025-11-25") -> str | None:
    definition = shapes.definition_of(message(body, sender), revision)
    return definition.name if definition else None


@pytest.mark.parametrize("revision", REVISIONS)
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
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_result_has_the_shape_that_its_request_wants(revision: str, method: str, name: str) -> None:
    definition = shapes.definition_of(message(result(1)), revision, asked(method))
    assert definition is not None
    assert definition.name == name


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


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_definition_can_be_used(revision: str) -> None:
    names = json.loads((shapes.folder() / revision / "schema.json").read_text())["$defs"]
    Draft202012Validator.check_schema(shapes._schema(revision, Definition("Result")))
    for name in names:
        assert shapes._quick(revision, Definition(name)).is_valid({}) in (True, False)


# Right or wrong.


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("body", [error(None), error(1), {"jsonrpc": "2.0", "error": {"code": 1, "message": "no"}}])
def test_an_error_may_have_no_id(revision: str, body: dict[str, JSON]) -> None:
    assert explain(message(body), revision) is None


@pytest.mark.parametrize("revision", REVISIONS)
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


def test_of_several_kinds_of_content_the_one_that_was_meant_is_explained() -> None:
    content: list[JSON] = [{"type": "text", "text": "x"}, {"type": "image", "data": "", "mimeType": None}]
    wrong = explain(message(result(1, {"content": content})), "2025-11-25", asked("tools/call"))
    assert wrong == "/result/content/1/mimeType is null, not a string"


# Hostile instances.


def test_an_explanation_is_short_whatever_the_instance() -> None:
    huge: dict[str, JSON] = {"content": [{"type": "text", "text": ["x" * 1_000_000]}]}
    wrong = explain(message(result(1, huge)), "2025-11-25", asked("tools/call"))
    assert wrong == "/result/content/0/text is an array, not a string"


def test_a_name_in_a_place_is_cut_and_made_visible() -> None:
    names: dict[str, JSON] = {"a/b~c\n\x1b" + "x" * 1_000: "not a schema"}
    tool: JSON = {"name": "t", "inputSchema": {"type": "object", "properties": names}}
    wrong = explain(message(result(1, {"tools": [tool]})), "2025-11-25", asked("tools/list"))
    assert wrong is not None
    assert wrong.startswith("/result/tools/0/inputSchema/properties/a~1b~0c\\n\\x1bxxx")
    assert wrong.endswith("… is a string, not an object")
    assert len(wrong) < 200


HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    float("inf"),
    "",
    "\ud800",
    "x" * 10_000,
    [],
    {},
    [[]],
    {"": None},
]


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_any_value_may_stand_anywhere(revision: str, value: JSON) -> None:
    bodies: list[dict[str, JSON]] = [
        {"jsonrpc": value, "id": value, "method": "ping", "params": value},
        {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": value, "progress": value}},
        {"jsonrpc": "2.0", "id": 1, "result": value},
        {"jsonrpc": "2.0", "id": 1, "error": value},
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": value, "inputSchema": value}]}},
    ]
    for body in bodies:
        for request_of_it in (None, asked("tools/list", task=value)):
            wrong = explain(message(body), revision, request_of_it)
            assert wrong is None or len(wrong) < 200


def test_depth_is_survived() -> None:
    deep: JSON = {}
    for _ in range(500):
        deep = {"a": deep}
    assert (
        explain(message(result(1, {"content": [], "structuredContent": deep})), "2025-11-25", asked("tools/call"))
        is None
    )
    assert explain(message(result(1, {"content": deep})), "2025-11-25", asked("tools/call")) is not None
