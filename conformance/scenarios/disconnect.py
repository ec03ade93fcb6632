"""A client that loses its connection in the middle of a call has not cancelled the call."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.scenario import Unmet, scenario

SILENCE = 2.5  # seconds that a resumed stream gets after an equal call had its result; the result itself ends it


@scenario("disconnect.not-cancel")
async def disconnect(client: Client) -> None:
    """Make one slow call twice, drop the connection of the first, and come back to it while the second goes on."""
    fixture = client.fixture("slow")
    session = await client.initialize()
    equal = session.calling(fixture, token="left-alone")
    finished = anyio.Event()

    async def leave_alone() -> None:
        await session.complete(session.post(equal))
        finished.set()

    async with anyio.create_task_group() as tasks:
        async with session.stream(session.calling(fixture, token="dropped")) as stream:
            tasks.start_soon(leave_alone)
            with at_most(client.wire.window), suppress(Unmet):  # or until it ends, if the machine is busy
                await stream.until_events(2, lambda event: bool(event.id))
        await _come_back(client, session, stream, finished)


async def _come_back(client: Client, session: ClientSession, stream: Connection, finished: anyio.Event) -> None:
    """Come back to the first event, so that there is something to replay; if the result is not there, once more.

    What happens while a server replays may miss the connection and be there only for a client that returns.
    """
    first = next((event.id for event in stream.events if event.id), None)
    leg = stream
    for _ in range(2):
        if first is None:
            return
        leg = await session.come_back(leg, after=first)
        await leg.head()
        await finished.wait()
        with at_most(SILENCE):
            await leg.until_over_or(lambda message: message.is_response)
        if any(message.is_response for message in leg.messages):
            break
        if leg.ended:
            await client.quiet()
        leg.close()
