"""Which tools may be called as tasks, and which only so."""

from typing import Any

from conformance.driving.profile import Fixture, Profile
from conformance.evidence.trace import JSON


def tool(name: str, support: str | None = None, **more: Any) -> JSON:
    execution: dict[str, JSON] = {} if support is None else {"execution": {"taskSupport": support}}
    return {"name": name, "annotations": {"readOnlyHint": True}, "inputSchema": {}} | execution | more


def chosen(role: str, *tools: JSON) -> Fixture | None:
    return Profile().completed(list(tools)).fixtures.get(role)


def test_any_harmless_tool_that_may_be_a_task_will_do() -> None:
    assert chosen("task", tool("a"), tool("b", "forbidden"), tool("c", "optional")) == Fixture("c")
    assert chosen("task", tool("a", "optional", annotations={})) is None
    assert chosen("task", tool("a", "optional", inputSchema={"required": ["x"]})) is None


def test_a_tool_that_has_to_be_a_task_is_not_called_plainly() -> None:
    assert chosen("simple", tool("a", "required"), tool("b")) == Fixture("b")
    assert chosen("task-required", tool("a", "optional"), tool("b", "required")) == Fixture("b")


def test_known_fixtures_come_first() -> None:
    found = chosen("task", tool("a", "optional"), tool("test_task_slow", "optional", annotations={}))
    assert found is not None
    assert found.tool == "test_task_slow"


def test_what_is_said_in_strange_ways_says_nothing() -> None:
    strange: list[JSON] = [None, "optional", [], {"taskSupport": ["optional"]}, {"taskSupport": True}]
    for execution in strange:
        assert chosen("task", tool("a", execution=execution)) is None
