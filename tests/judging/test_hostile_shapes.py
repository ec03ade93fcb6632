"""Messages made to do harm: whatever stands in them, what is wrong is said in one short sentence."""

from typing import Any

import pytest

from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON
from conformance.judging.shapes import explain
from tests.judging.test_shapes import MODERN, asked, asked_now, message
from tests.tape import complete, discovered, result


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


@pytest.mark.parametrize("revision", BOTH_ERAS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_any_value_may_stand_anywhere(revision: str, value: JSON) -> None:
    bodies: list[dict[str, JSON]] = [
        {"jsonrpc": value, "id": value, "method": "ping", "params": value},
        {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": value, "progress": value}},
        {"jsonrpc": "2.0", "id": 1, "result": value},
        {"jsonrpc": "2.0", "id": 1, "error": value},
        {"jsonrpc": "2.0", "id": 1, "error": {"code": value, "data": value}},
        {"jsonrpc": "2.0", "id": 1, "result": {"resultType": value, "_meta": value}},
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": value, "inputSchema": value}]}},
    ]
    for body in bodies:
        for request_of_it in (None, asked("tools/list", task=value), asked_now("tools/list")):
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
    capabilities = discovered(capabilities={"logging": deep})
    assert explain(message(complete(1, capabilities)), MODERN, asked_now("server/discover")) is None
    broken = discovered(capabilities={"logging": deep, "tools": True})
    assert explain(message(complete(1, broken)), MODERN, asked_now("server/discover")) is not None
