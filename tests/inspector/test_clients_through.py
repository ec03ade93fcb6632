"""Clients before the real inspector: right ones draw no finding, wrong ones the one that they deserve.

The clients of the official SDKs, and little ones that are wrong in exactly one point, talk to the reference server;
the judge looks at what the proxy saw.
"""

import asyncio
import subprocess
import sys

import anyio
import httpx
import pytest

from conformance.evidence.era import is_modern
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from inspector.running import Running
from reference_server.faults.listening import ProgressGoesOnTheGetStream
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.clients import faults
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Talker
from tests.clients.test_sdk import LONGEST, command
from tests.inspector.behind import PATIENCE, run
from tests.inspector.inspected import Inspected, inspecting
from tests.inspector.test_resuming import slow_call
from tests.thorough import some

FAULTS = faults.load()
ERAS = {
    modern: [name for name, fault in FAULTS.items() if is_modern(faults.revision_of(fault)) == modern]
    for modern in (False, True)
}


def life_of_a_process(client: str, server: ReferenceServer) -> Inspected:
    """What is seen of a client that is a program."""

    async def live() -> Inspected:
        with serve(server) as url:
            async with inspecting(Setup(url)) as inspected, asyncio.timeout(LONGEST):
                program = await asyncio.create_subprocess_exec(
                    *await asyncio.to_thread(command, client, inspected.url),
                    stdout=subprocess.DEVNULL,
                    stderr=sys.stderr,
                )
                assert await program.wait() == 0
            return inspected

    return anyio.run(live)


def life_of(kind: type[Talker], revision: str) -> Inspected:
    """What is seen of one of our own clients."""

    async def live() -> Inspected:
        with serve(kind.server(kind.options)) as url:
            async with (
                inspecting(Setup(url)) as inspected,
                asyncio.timeout(6 * PATIENCE),
                httpx.AsyncClient(trust_env=False) as http,
            ):
                await kind(http, inspected.url, revision).live()
            return inspected

    return anyio.run(live)


@pytest.mark.real_server
@pytest.mark.parametrize(
    ("client", "revision"),
    [
        ("python-1", "2025-11-25"),
        ("python-2-sessions", "2025-11-25"),
        ("python-2-modern", "2026-07-28"),
        ("typescript-1", "2025-11-25"),
    ],
)
def test_nothing_false_is_said_of_a_real_client(client: str, revision: str) -> None:
    inspected = life_of_a_process(client, ReferenceServer(Options()))
    assert inspected.broken() == {}
    assert inspected.spoken == {revision}
    assert all(s.ledger.lost == s.ledger.duplicated == 0 for s in inspected.streams("tools/call"))


@pytest.mark.real_server
def test_a_server_that_has_only_sessions_owes_nothing_to_a_client_that_hopes_for_more() -> None:
    async def test() -> None:
        with serve(ReferenceServer(Options(revisions=("2025-11-25",)))) as url:
            async with inspecting(Setup(url)) as inspected:
                client = await slow_call("slow_v2.py", inspected.url, 2, 10, "auto")
                said, _ = await client.communicate()
            assert said.decode().splitlines()[-1] == "done in 2 steps"
            assert inspected.broken() == {}
            assert inspected.spoken == {"2025-11-25", "2026-07-28"}

    run(test)


@pytest.mark.real_server
def test_what_a_server_puts_on_the_wrong_stream_is_found_while_it_happens() -> None:
    async def test() -> None:
        with serve(ProgressGoesOnTheGetStream(Options())) as url:
            async with Link(Setup(url)) as link:
                running = Running(link)
                following = asyncio.create_task(running.run())
                client = await slow_call("slow_v1.py", link.url, steps=200, milliseconds=100)
                while not running.feed.violations:
                    await asyncio.sleep(0.02)
                assert client.returncode is None
                assert {(found.party, found.key) for found in running.feed.violations} == {
                    ("server", "get.unrelated")
                }
                client.kill()
                await client.communicate()
                link.stop()
                await following

    run(test)


@pytest.mark.parametrize("kind", [RightClient, RightModernClient])
def test_a_right_client_stays_blameless(kind: type[Talker]) -> None:
    assert life_of(kind, "2026-07-28" if kind is RightModernClient else "2025-11-25").broken() == {}


@pytest.mark.parametrize("name", [*some(ERAS[False], every=12), *some(ERAS[True], every=12)])
def test_a_wrong_client_is_found_out(name: str) -> None:
    fault = FAULTS[name]
    found = life_of(fault, faults.revision_of(fault)).broken()
    assert {key for party, key in found if party == "client"} == faults.blamed(fault)
    assert {key for party, key in found if party == "server"} == set()
