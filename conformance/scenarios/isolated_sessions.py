"""Two sessions at once, which must not notice each other."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.scenarios.resume_post_stream import cut, pick_up

INTENT = "event id of another session"


@scenario("resume.same-stream", "event.id-unique", "progress.known-token")
async def isolated_sessions(client: Client) -> None:
    """Make calls in two sessions at once, then try to resume the stream of one from the other."""
    fixture = client.fixture("progress")
    theirs = await client.initialize()
    if theirs.id is None:
        raise Unmet("the server gives no session ids, so it cannot keep two sessions apart")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_call, theirs, fixture, "theirs-1")
        tasks.start_soon(_call, theirs, fixture, "theirs-2")
        ours = await client.initialize()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_call, ours, fixture, "ours-1")
        dropped = await cut(theirs, theirs.calling(fixture, token="theirs-3", id="theirs-3"), after=1)
    stray = ours.get(dropped.last, intent=INTENT)
    await stray.head()
    await stray.settle()
    stray.close()
    await pick_up(client, theirs, dropped)


async def _call(session: ClientSession, fixture: Fixture, name: str) -> None:
    await session.call(fixture, token=name, id=name)
