"""A web page of a stranger's tries to talk to the server, as in DNS rebinding."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON

FOREIGN = {"Origin": "https://evil.example"}
ALIKE = ("localhost", "127.0.0.1")  # a foreign host may begin like one of the server's own
INTENT = "the Origin is foreign"


@scenario("origin.validate", "origin.403")
async def foreign_origin(client: Client) -> None:
    """With the right Host and a foreign Origin: initialize, ping, tell, list, listen, and at last end the session.

    Some of the pings come from hosts that only begin like this machine's names.
    """
    session = await client.initialize()
    listening = {"Accept": "text/event-stream"} | FOREIGN
    stream = session.send("GET", headers=listening, intent=INTENT)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_initialize, client.stranger())
        tasks.start_soon(_ask_from_everywhere, session)
        for body in (session.telling("notifications/roots/list_changed"), *_listing(session)):
            tasks.start_soon(_answered, session.post(body, headers=FOREIGN, intent=INTENT))
    await _leave_soon(stream)
    ending = session.send("DELETE", headers=FOREIGN, intent=INTENT)
    await ending.head()
    session.ended = (await ending.settle()).ok


@scenario("origin.validate", "origin.403", revisions=MODERN_REVISIONS)
async def foreign_page(client: Client) -> None:
    """With the right Host and a foreign Origin: discover the server, some times from hosts that look like its own.

    And list its tools, for what a server does with one method it need not do with all.
    """
    speaker = await client.begin()
    await speaker.request(speaker.plainest)
    for body in _listing(speaker):
        await _answered(speaker.post(body, headers=FOREIGN, intent=INTENT))
    await _ask_from_everywhere(speaker)


def _listing(speaker: Speaker) -> list[dict[str, JSON]]:
    """A request for the tools, where there are any."""
    return [speaker.asking("tools/list")] if "tools" in speaker.capabilities else []


async def _ask_from_everywhere(speaker: Speaker) -> None:
    origins = [FOREIGN, *({"Origin": f"http://{host}.evil.example"} for host in ALIKE)]
    async with anyio.create_task_group() as tasks:
        for origin in origins:
            asked = speaker.post(speaker.asking(speaker.plainest), headers=origin, intent=INTENT)
            tasks.start_soon(_answered, asked)


async def _initialize(stranger: ClientSession) -> None:
    connection = stranger.post(stranger.introducing(), headers=FOREIGN, intent=INTENT)
    await _answered(connection)
    stranger.agree(connection.exchange)


async def _answered(connection: Connection) -> None:
    await connection.head()
    await _leave_soon(connection)


async def _leave_soon(connection: Connection) -> None:
    await connection.settle()
    connection.close()
