"""The tool whose arguments go along as headers: how it is found, and what it is called with."""

from typing import Any

import anyio
import pytest
from anyio.abc import ByteStream

from conformance.driving.client import Client
from conformance.driving.profile import Fixture, Profile
from conformance.evidence.trace import JSON
from conformance.scenarios.marked import MarkedTool, marked_tool
from tests.telling import told

READ_ONLY: dict[str, JSON] = {"readOnlyHint": True}
CITY: dict[str, JSON] = {"type": "string", "x-mcp-header": "City"}


def tool(name: str, properties: dict[str, JSON], **members: JSON) -> dict[str, JSON]:
    required = members.pop("required", [])
    return {"name": name, "inputSchema": {"properties": properties, "required": required}, **members}


def chosen(*tools: JSON) -> Fixture | None:
    return Profile().completed(list(tools)).fixtures.get("header")


def test_the_known_tool_comes_first() -> None:
    other = tool("other", {"city": CITY}, annotations=READ_ONLY)
    assert chosen(other, tool("test_x_mcp_header", {})) == Fixture("test_x_mcp_header")


def test_any_read_only_tool_with_a_mark_will_do() -> None:
    assert chosen(tool("a", {}, annotations=READ_ONLY), tool("b", {"city": CITY}, annotations=READ_ONLY)) == Fixture(
        "b"
    )


@pytest.mark.parametrize("mark", ["", "a b", 1])
def test_a_mark_that_is_no_name_does_not_count(mark: JSON) -> None:
    assert chosen(tool("a", {"city": CITY | {"x-mcp-header": mark}}, annotations=READ_ONLY)) is None


def test_a_tool_that_may_change_something_is_not_called() -> None:
    assert chosen(tool("a", {"city": CITY})) is None
    assert chosen(tool("a", {"city": CITY}, annotations={"readOnlyHint": False})) is None


def arguments_for(properties: dict[str, JSON], given: dict[str, JSON], *required: str) -> MarkedTool:
    found: list[MarkedTool] = []

    async def story(client: Client) -> None:
        listed: Any = tool("a", properties, required=list(required))
        client.wire.tools = (listed,)
        client.wire.profile = Profile({"header": Fixture("a", given)})
        found.append(marked_tool(client))

    async def server(_stream: ByteStream, _request: bytes) -> None:
        await anyio.sleep(0)

    outcome, why, _ = told(story, server)
    assert outcome == "told", why
    return found[0]


def test_what_is_marked_or_required_gets_a_value() -> None:
    properties: dict[str, JSON] = {
        "city": CITY,
        "days": {"type": "integer", "minimum": 100, "x-mcp-header": "Days"},
        "unit": {"enum": ["km", "mi"], "x-mcp-header": "Unit"},
        "at": {"type": "object", "properties": {"zone": {"type": "boolean", "x-mcp-header": "Zone"}}},
        "needed": {"type": "array"},
        "free": {"type": "string"},
    }
    found = arguments_for(properties, {}, "needed")
    assert found.arguments == {"city": "Hello", "days": 100, "unit": "km", "at": {"zone": True}, "needed": []}
    assert [param.header for param in found.params] == [f"Mcp-Param-{n}" for n in ("City", "Days", "Unit", "Zone")]
    assert [param.is_free for param in found.params] == [True, False, False, False]


def test_what_the_owner_gave_stays() -> None:
    found = arguments_for({"city": CITY, "free": {}}, {"city": "Rome", "free": 1})
    assert found.arguments == {"city": "Rome", "free": 1}
