"""The client of the official Python SDK 1.x does a little of everything: `python sdk_v1.py URL`."""

import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

import anyio
from mcp import ClientSession, McpError, types
from mcp.client.streamable_http import streamable_http_client

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("test_simple_text", {}),
    ("test_echo", {"text": "Grüße"}),
    ("test_sampling", {"prompt": "Is all well?"}),
    ("test_elicitation", {"message": "Is all well?"}),
    ("test_roots", {}),
    ("test_client_ping", {}),
    ("test_reconnection", {}),
    ("test_close_get_stream", {}),
)


async def sample(_context: Any, _params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    text = types.TextContent(type="text", text="yes")
    return types.CreateMessageResult(role="assistant", content=text, model="none")


async def elicit(_context: Any, _params: types.ElicitRequestParams) -> types.ElicitResult:
    return types.ElicitResult(action="accept", content={"response": "yes"})


async def roots(_context: Any) -> types.ListRootsResult:
    return types.ListRootsResult(roots=[])


async def heard(_progress: float, _total: float | None, _message: str | None) -> None:
    """Progress is not looked at."""


async def live(url: str) -> None:
    async with (
        streamable_http_client(url) as (read, write, _),
        ClientSession(
            read, write, sampling_callback=sample, elicitation_callback=elicit, list_roots_callback=roots
        ) as session,
    ):
        await session.initialize()
        await session.send_ping()
        await session.list_tools()
        await session.list_resources()
        await session.list_prompts()
        await session.set_logging_level("info")
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(lambda: session.call_tool("test_tool_with_progress", {}, progress_callback=heard))
        for tool, arguments in CALLS:
            await session.call_tool(tool, arguments)
        with suppress(McpError):
            await session.call_tool("test_slow", {}, read_timeout_seconds=timedelta(milliseconds=100))
        await session.send_roots_list_changed()


anyio.run(live, sys.argv[1])
