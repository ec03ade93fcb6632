"""The client of the official Python SDK 1.x calls a slow tool: `python slow_v1.py URL STEPS MILLISECONDS`.

It prints the progress that it heard, and then the answer.
"""

import sys

import anyio
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def heard(progress: float, _total: float | None, _message: str | None) -> None:
    print(int(progress), flush=True)


async def call(url: str, steps: int, milliseconds: int) -> None:
    async with (
        streamable_http_client(url) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        arguments = {"steps": steps, "step_ms": milliseconds}
        answer = await session.call_tool("test_slow", arguments, progress_callback=heard)
        print(*(part.text for part in answer.content if part.type == "text"))


anyio.run(call, sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
