"""The client of the official Python SDK 2.x calls a slow tool: `python slow_v2.py URL STEPS MILLISECONDS`.

It speaks an era that has sessions, and prints the progress that it heard, and then the answer.
"""

import sys

import anyio
from mcp import Client


async def heard(progress: float, _total: float | None, _message: str | None) -> None:
    print(int(progress), flush=True)


async def call(url: str, steps: int, milliseconds: int) -> None:
    async with Client(url, mode="legacy") as client:
        arguments = {"steps": steps, "step_ms": milliseconds}
        answer = await client.call_tool("test_slow", arguments, progress_callback=heard)
        print(*(part.text for part in answer.content if part.type == "text"))


anyio.run(call, sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
