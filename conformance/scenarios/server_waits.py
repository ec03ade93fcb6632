"""The handshake is left unfinished for a while."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario

ROLES = ("sample", "elicit", "roots")
PATIENCE = 2.0  # seconds for a call that a server may hold back until the client is ready
AS_LONG = 5  # times as long as the answer's head took, for a server that has much to do


@scenario("init.server-waits", "ping.reply")
async def server_waits(client: Client) -> None:
    """Initialize, listen, call a tool that asks the client, ping, and only then say that the client is ready."""
    session = await client.initialize(announce=False)
    listening = session.get()
    tempting = [fixture for role, fixture in client.wire.profile.fixtures.items() if role in ROLES]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listening.head)
        tasks.start_soon(_ping_early, session)
        for fixture in tempting[:1]:
            tasks.start_soon(_call_early, session, fixture)
    await listening.settle()
    await session.notify("notifications/initialized")
    listening.close()


async def _ping_early(session: ClientSession) -> None:
    """This alone may be asked at any time."""
    with suppress(Unmet):
        await session.request("ping")


async def _call_early(session: ClientSession, fixture: Fixture) -> None:
    connection = session.post(session.calling(fixture), intent="a tool is called before notifications/initialized")
    asked = anyio.current_time()
    await connection.head()
    with at_most(PATIENCE + AS_LONG * (anyio.current_time() - asked)):
        await connection.until_over_or(lambda m: m.kind == "request")
    connection.close()
