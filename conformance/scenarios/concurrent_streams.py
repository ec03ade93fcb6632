"""Several calls at once, each with a stream of its own."""

import anyio

from conformance.driving.client import Client
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON


@scenario(
    "stream.related",
    "streams.once",
    "stream.has-response",
    "stream.not-early-close",
    "progress.known-token",
    "progress.increases",
    "jsonrpc.id-echo",
    "event.id-unique",
    revisions=BOTH_ERAS,
)
async def concurrent_streams(client: Client) -> None:
    """Call tools side by side in one session, each with a token of its own, and wait for all answers."""
    fixtures = client.wire.profile.fixtures
    long = fixtures.get("slow") or client.fixture("progress")
    session = await client.begin()
    tokens: tuple[JSON, ...] = ("first", "second", "third", 4, 5)
    async with anyio.create_task_group() as tasks:
        for token in tokens:
            tasks.start_soon(_call, session, long, token)
        for role in ("progress", "log", "sample"):
            if role in fixtures:
                tasks.start_soon(_call, session, fixtures[role], f"of-{role}")


async def _call(session: Speaker, fixture: Fixture, token: JSON) -> None:
    await session.call(fixture, token=token)
