"""A client that wants no progress."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import BOTH_ERAS


@scenario("progress.known-token", revisions=BOTH_ERAS)
async def unasked_progress(client: Client) -> None:
    """Call a tool that reports progress twice, first with a progress token and then without one."""
    fixture = client.fixture("progress")
    session = await client.begin()
    await session.call(fixture, token=7)
    await session.call(fixture)
