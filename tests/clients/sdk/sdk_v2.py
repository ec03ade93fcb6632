"""The client of the official Python SDK 2.x does a little of everything: `python sdk_v2.py URL auto|legacy`."""

import sys
from contextlib import suppress
from typing import Any

import anyio
from mcp import Client, MCPError, types

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("test_simple_text", {}),
    ("test_echo", {"text": "Grüße"}),
    ("test_sampling", {"prompt": "Is all well?"}),
    ("test_elicitation", {"message": "Is all well?"}),
    ("test_roots", {}),
)
LEGACY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("test_client_ping", {}),
    ("test_reconnection", {}),
    ("test_close_get_stream", {}),
)
MODERN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("test_x_mcp_header", {"region": "Zürich", "priority": 7, "dry_run": False}),
    ("test_x_mcp_header", {"region": "=?base64?literal?="}),
    ("test_input_required_result_request_state", {}),
    ("test_input_required_result_multiple_inputs", {}),
    ("test_input_required_result_multi_round", {}),
)


async def sample(_context: Any, _params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    text = types.TextContent(type="text", text="yes")
    return types.CreateMessageResult(role="assistant", content=text, model="none")


async def elicit(_context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
    asked = getattr(params, "requested_schema", {}).get("properties", {})
    content: Any = {name: True if field["type"] == "boolean" else "yes" for name, field in asked.items()}
    return types.ElicitResult(action="accept", content=content)


async def roots(_context: Any) -> types.ListRootsResult:
    return types.ListRootsResult(roots=[])


async def heard(_progress: float, _total: float | None, _message: str | None) -> None:
    """Progress is not looked at."""


async def live(url: str, mode: Any) -> None:
    async with Client(
        url, mode=mode, sampling_callback=sample, elicitation_callback=elicit, list_roots_callback=roots
    ) as client:
        await client.list_tools()
        await client.list_resources()
        await client.list_prompts()
        await client.read_resource("test://static-text")
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(lambda: client.call_tool("test_tool_with_progress", {}, progress_callback=heard))
        for tool, arguments in CALLS + (LEGACY if mode == "legacy" else MODERN):
            await client.call_tool(tool, arguments)
        with suppress(MCPError):
            await client.call_tool("test_slow", {}, read_timeout_seconds=0.1)


anyio.run(live, *sys.argv[1:])
