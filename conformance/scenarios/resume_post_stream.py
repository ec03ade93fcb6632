"""Cut in the middle of a call, come back, and get the rest: what resumability is for."""

from dataclasses import dataclass

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.scenario import scenario
from conformance.evidence.trace import JSON

PATIENCE = 2.5  # seconds that a resumed stream gets to end after its response; one that ends at once costs nothing


@scenario(
    "event.id-unique",
    "event.id-stream",
    "resume.same-stream",
    "disconnect.not-cancel",
    "get.no-response",
    "stream.closes",
)
async def resume_post_stream(client: Client) -> None:
    """Cut the streams of three calls, each after another event, and pick each of them up again with GET."""
    fixture = client.fixture("progress")
    session = await client.initialize()

    async def cut_and_pick_up(events: int) -> None:
        call = session.calling(fixture, token=f"cut-after-{events}")
        await pick_up(client, session, await cut(session, call, after=events))

    async with anyio.create_task_group() as tasks:
        for events in (1, 2, 3):
            tasks.start_soon(cut_and_pick_up, events)


@dataclass(frozen=True, slots=True)
class Cut:
    """A stream that was dropped, and the event after which it is to go on, whatever else came in the meantime."""

    stream: Connection
    last: str


async def cut(session: ClientSession, call: JSON, *, after: int) -> Cut:
    """Drop the stream of a call when so many events with an id have come. Raises Unmet if they do not come."""
    async with session.stream(call) as stream:
        events = await stream.until_events(after, lambda event: bool(event.id))
    return Cut(stream, events[after - 1].id or "")


async def pick_up(client: Client, session: ClientSession, dropped: Cut) -> None:
    """Resume a stream and follow it to the response and the end, or until it is silent for as long as that counts."""
    leg = await session.come_back(dropped.stream, after=dropped.last)
    await leg.head()
    heard = -1
    while heard < len(leg.events) and not any(message.is_response for message in leg.messages):
        heard = len(leg.events)
        with at_most(client.wire.window):
            await leg.until_over_or(lambda message: message.is_response)
    if any(message.is_response for message in leg.messages):
        await leg.settle(PATIENCE)
    leg.close()
