"""What a client does first, as far as it is let in: for stories about who is."""

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.profile import Fixture
from conformance.driving.speaker import Speaker
from conformance.evidence.era import is_modern
from conformance.evidence.trace import Exchange

_NOBODYS = Fixture("test_simple_text", {})  # called where no tool is known: it does nothing, or is not there


async def knock(client: Client) -> list[Exchange]:
    """Begin, list the tools, and call one. Returns the answers: the first alone if it was a refusal."""
    if is_modern(client.revision):
        speaker: Speaker = client.modern()
        return await all_answered([speaker.post(speaker.asking("server/discover")), *_about_tools(client, speaker)])
    session = client.stranger()
    first = await answered(session.post(session.introducing()))
    if not first.ok:
        return [first]
    session.agree(first)
    await session.notify("notifications/initialized")
    return [first, *await all_answered(_about_tools(client, session))]


def _about_tools(client: Client, speaker: Speaker) -> list[Connection]:
    tool = client.wire.profile.fixtures.get("simple", _NOBODYS)
    return [speaker.post(speaker.asking("tools/list")), speaker.post(speaker.calling(tool))]


async def all_answered(connections: list[Connection]) -> list[Exchange]:
    """Wait for all answers, side by side."""
    async with anyio.create_task_group() as tasks:
        for connection in connections:
            tasks.start_soon(answered, connection)
    return [connection.exchange for connection in connections]


async def answered(connection: Connection) -> Exchange:
    """Wait for an answer and its end, but for no stream that stays open."""
    await connection.head()
    await connection.settle()
    connection.close()
    return connection.exchange
