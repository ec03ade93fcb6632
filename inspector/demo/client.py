"""What the demo's client does, with the official Python SDK: `python client.py URL`, until it is ended."""

import itertools
import sys
from typing import Any

import anyio
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client

PAUSE = 1.5  # seconds


async def elicit(_context: Any, _params: types.ElicitRequestParams) -> types.ElicitResult:
    """Somebody thinks for a moment, and says yes."""
    await anyio.sleep(PAUSE)
    return types.ElicitResult(action="accept", content={"response": "yes"})


async def sample(_context: Any, _params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    """A model that always says the same."""
    text = types.TextContent(type="text", text="All is well.")
    return types.CreateMessageResult(role="assistant", content=text, model="none")


async def heard(_progress: float, _total: float | None, _message: str | None) -> None:
    """Progress is looked at in the inspector."""


async def work(session: ClientSession, steps: int) -> None:
    """A call that takes its time."""
    await session.call_tool("test_slow", {"steps": steps, "step_ms": 700}, progress_callback=heard)


async def live(url: str) -> None:
    """One session after another."""
    for number in itertools.count(1):
        info = types.Implementation(name="demo client", version=str(number))
        async with (
            streamable_http_client(url) as (read, write, _),
            ClientSession(read, write, elicitation_callback=elicit, sampling_callback=sample, client_info=info) as me,
        ):
            await me.initialize()
            await me.list_tools()
            for _ in range(4):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(work, me, 8)
                    await anyio.sleep(PAUSE)
                    tasks.start_soon(work, me, 4)
                    await me.call_tool("test_trigger_tool_change", {})
                    await me.call_tool("test_elicitation", {"message": "Shall we go on?"})
                await me.call_tool("test_reconnection", {})
                await anyio.sleep(PAUSE)


anyio.run(live, sys.argv[1])
