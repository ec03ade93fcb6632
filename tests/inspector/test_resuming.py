"""A stream is cut under a real client, which comes back for the rest: nothing is lost, and nothing comes twice.

The clients of both Python SDKs resume after a second, wherever an event had an id.
"""

import asyncio
import subprocess
import sys
from asyncio.subprocess import Process

import anyio
import pytest

from inspector.model.ledger import Ledger
from inspector.proxy.commands import Cut
from inspector.proxy.faults import fault_of
from inspector.proxy.setup import Setup
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.clients.test_sdk import SCRIPTS
from tests.inspector.behind import run
from tests.inspector.inspected import Inspected, inspecting
from tests.real_servers.environments import EnvironmentUnavailable, ensure

pytestmark = pytest.mark.real_server
STEPS, PAUSE = 8, 50  # of the slow tool; milliseconds
LONGEST = 25.0  # seconds
HEARD = [*map(str, range(1, STEPS + 1)), f"done in {STEPS} steps"]
CLIENTS = {"slow_v1.py": "mcp-1.30.0", "slow_v2.py": "mcp-2.3.0"}


async def slow_call(script: str, url: str, steps: int = STEPS, milliseconds: int = PAUSE, *mode: str) -> Process:
    """A client that calls the slow tool. Skips where its environment cannot be had."""
    try:
        python = (await anyio.to_thread.run_sync(ensure, CLIENTS[script])) / "bin" / "python"
    except EnvironmentUnavailable as reason:
        pytest.skip(str(reason))
    command = str(python), str(SCRIPTS / script), url, str(steps), str(milliseconds), *mode
    return await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=sys.stderr)


async def heard_by(script: str, url: str, *mode: str) -> list[str]:
    """What a client hears of a whole call."""
    client = await slow_call(script, url, STEPS, PAUSE, *mode)
    with anyio.fail_after(LONGEST):
        said, _ = await client.communicate()
    return said.decode().splitlines()


def nothing_was_lost(inspected: Inspected, legs: int = 2) -> None:
    """All progress and the answer were sent once and delivered once, though not all on the first connection."""
    (stream,) = inspected.streams("tools/call")
    ledger = stream.ledger
    late = ledger.first_seen_late
    assert ledger == Ledger(STEPS + 1, delivered=STEPS + 1, replayed=ledger.replayed, first_seen_late=late)
    assert len(stream.legs) == legs
    assert inspected.broken() == {}


@pytest.mark.parametrize("script", CLIENTS)
@pytest.mark.parametrize("fault", ["cut:after=3,stream=post", "cut:after=3,stream=post,side=server,reset=yes"])
def test_a_client_gets_the_rest_of_a_stream_that_a_script_cuts(script: str, fault: str) -> None:
    async def test() -> None:
        with serve(ReferenceServer(Options())) as url:
            async with inspecting(Setup(url, faults=(fault_of(fault),))) as inspected:
                assert await heard_by(script, inspected.url) == HEARD
            nothing_was_lost(inspected)

    run(test)


def test_a_client_gets_the_rest_of_a_stream_that_a_viewer_cuts() -> None:
    async def test() -> None:
        with serve(ReferenceServer(Options())) as url:
            async with inspecting(Setup(url)) as inspected:
                hearing = asyncio.create_task(heard_by("slow_v1.py", inspected.url))
                await inspected.until(lambda: any(s.ledger.sent >= 2 for s in inspected.streams("tools/call")))
                (stream,) = inspected.streams("tools/call")
                await inspected.link.send(Cut(stream.number))
                assert await hearing == HEARD
            nothing_was_lost(inspected)

    run(test)


def test_in_the_modern_era_nobody_comes_back_and_nobody_is_to_blame() -> None:
    async def test() -> None:
        with serve(ReferenceServer(Options())) as url:
            async with inspecting(Setup(url, faults=(fault_of("cut:after=3,stream=post"),))) as inspected:
                *progress, reason = await heard_by("slow_v2.py", inspected.url, "auto")
            assert (progress, "done" in reason) == (HEARD[:3], False)
            (stream,) = inspected.streams("tools/call")
            assert (len(stream.legs), stream.ledger.lost, stream.ledger.duplicated) == (1, 0, 0)
            assert inspected.broken() == {}

    run(test)
