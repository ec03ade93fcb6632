"""Two sessions at once, which must not notice each other."""

import anyio

from conformance.client import Client, ClientSession
from conformance.profile import Fixture
from conformance.scenario import Unmet, scenario
from conformance.scenarios.resume_post_stream import cut, pick_up

INTENT = "event id of another session"


@scenario("resume.same-stream", "event.id-unique", "progress.known-token")
async def isolated_sessions(client: Client) -> None:
    """Make calls in two sessions at once, then try to resume the stream of one from the other."""
    fixture = client.fixture("progress")
    ours, theirs = await client.initialize(), await client.initialize()
    if ours.id is None or theirs.id is None:
        raise Unmet("the server gives no session ids, so it cannot keep two sessions apart")
    async with anyio.create_task_group() as tasks:
        for number in (1, 2):
            tasks.start_soon(_call, theirs, fixture, f"theirs-{number}")
        tasks.start_soon(_call, ours, fixture, "ours-1")
    stream = await cut(theirs, theirs.calling(fixture, token="theirs-3", id="theirs-3"), after=1)
    await _call(ours, fixture, "ours-2")  # as long as theirs takes, so that there is something to replay
    last = next(event.id for event in reversed(stream.events) if event.id)
    stray = ours.get(last, intent=INTENT)
    await stray.head()
    await stray.settle()
    stray.close()
    await pick_up(client, theirs, stream)


async def _call(session: ClientSession, fixture: Fixture, name: str) -> None:
    await session.call(fixture, token=name, id=name)
