"""Two streams that are down at the same time, so that the events of both wait to be fetched."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.scenarios.resume_post_stream import cut, pick_up


@scenario("event.id-unique", "event.id-stream", "resume.same-stream", "stream.closes")
async def two_streams_resumed(client: Client) -> None:
    """Cut two calls at once; resume one to its end while the other is still down, then the other."""
    fixture = client.fixture("progress")
    session = await client.initialize()
    dropped = {}

    async def begin(name: str) -> None:
        dropped[name] = await cut(session, session.calling(fixture, token=f"the-{name}-call"), after=1)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(begin, "first")
        tasks.start_soon(begin, "second")
    await pick_up(client, session, dropped["first"])
    await pick_up(client, session, dropped["second"])
