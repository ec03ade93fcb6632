"""A tool call with a stream of its own: progress on the way, the response, the end."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON

NOBODYS = "conformance-no-such-tool"
PATIENCE = 2.5  # seconds that a stream gets to end after its response; one that ends at once costs nothing


@scenario(
    "stream.prime",
    "stream.has-response",
    "stream.not-early-close",
    "stream.related",
    "stream.closes",
    "progress.increases",
    "progress.known-token",
    "progress.stops",
    "schema.message",
    revisions=BOTH_ERAS,
)
async def progress_stream(client: Client) -> None:
    """Call a tool that reports progress, one that fails and one that is not there, and wait for the end of each."""
    session = await client.begin()
    calls = [session.asking(session.plainest), session.asking("tools/call", {"name": NOBODYS, "arguments": {}})]
    if "fail" in client.wire.profile.fixtures:
        calls.append(session.calling(client.fixture("fail"), token="of-a-failing-call"))
    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(_follow_to_the_end, session, call)
        await _follow_to_the_end(session, session.calling(client.fixture("progress"), token="of-a-call"))


async def _follow_to_the_end(session: Speaker, call: JSON) -> None:
    connection = session.post(call)
    await session.complete(connection)
    await connection.settle(PATIENCE)
