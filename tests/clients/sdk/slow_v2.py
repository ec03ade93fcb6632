"""The client of the official Python SDK 2.x calls a slow tool: `python slow_v2.py URL STEPS MILLISECONDS [MODE]`.

It speaks an era that has sessions unless told otherwise, and prints the progress that it heard, and then the answer
or why there is none.
"""

import sys
from typing import Any

import anyio
from mcp import Client, MCPError


async def heard(progress: float, _total: float | None, _message: str | None) -> None:
    print(int(progress), flush=True)


async def call(url: str, steps: int, milliseconds: int, mode: Any = "legacy") -> None:
    async with Client(url, mode=mode) as client:
        arguments = {"steps": steps, "step_ms": milliseconds}
        try:
            answer = await client.call_tool("test_slow", arguments, progress_callback=heard)
        except MCPError as error:
            print(error)
        else:
            print(*(part.text for part in answer.content if part.type == "text"))


anyio.run(call, sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
