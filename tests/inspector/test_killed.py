"""What is left when something is killed without a word: the recording, and nobody who runs on."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import httpx
import pytest

from conformance.evidence.recording import Chunk, read
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from tests.inspector.behind import PATIENCE, asking, read_until, run
from tests.inspector.test_link import HERE, endless, some
from tests.little_servers import serving

VIEWER = """
import asyncio, sys
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup

async def main() -> None:
    async with Link(Setup(sys.argv[1])) as link:
        print(link.url, flush=True)
        async for record in link:
            print(type(record).__name__, flush=True)

asyncio.run(main())
"""


def port_of(url: str) -> int:
    return int(url.split(":")[2].partition("/")[0])


def recorded(file: Path) -> list[str | None]:
    """The events in a recording, as far as it goes."""
    return [event.data for exchange in read(file).trace().exchanges for event in exchange.events]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="how a child is found here is Linux's way")
def test_a_proxy_that_is_killed_leaves_a_recording_of_what_was_there_before(tmp_path: Path) -> None:
    async def test() -> None:
        file = tmp_path / "live.rec"
        async with (
            serving(endless) as upstream,
            Link(Setup(upstream), file) as link,
            asking(port_of(link.url)) as client,
        ):
            await read_until(client, b"data: 1\n\n")
            await some(link, Chunk)
            with anyio.fail_after(PATIENCE):
                while recorded(file) != ["1"]:
                    await anyio.sleep(0.02)
            os.kill(int(child_of(os.getpid(), "inspector.proxy.process")), signal.SIGKILL)
            assert [record async for record in link] == []
        assert recorded(file) == ["1"]

    run(test)


def test_when_the_viewer_is_killed_its_proxy_goes_too() -> None:
    async def test() -> None:
        async with serving(endless) as upstream:
            command = [sys.executable, "-c", VIEWER, upstream]
            viewer = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)
            assert viewer.stdout is not None
            url = (await anyio.to_thread.run_sync(viewer.stdout.readline)).strip()
            async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", url) as answer:
                await anext(answer.aiter_raw())
                viewer.kill()
                await anyio.to_thread.run_sync(viewer.communicate)
            with anyio.fail_after(PATIENCE):
                while await anyio.to_thread.run_sync(listens, port_of(url)):
                    await anyio.sleep(0.02)

    run(test)


def child_of(parent: int, module: str) -> str:
    """The process that a process has started with `python -m`."""
    children = (Path("/proc") / str(parent) / "task" / str(parent) / "children").read_text().split()
    return next(pid for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
