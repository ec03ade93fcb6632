"""Cancellations that come too late, or that name nothing."""

import anyio

from conformance.client import Client
from conformance.era import BOTH_ERAS
from conformance.scenario import scenario
from conformance.speaker import Speaker
from conformance.trace import JSON


@scenario("cancel.race", "cancel.invalid-ignored", "ping.reply", revisions=BOTH_ERAS)
async def late_cancellation(client: Client) -> None:
    """Cancel a request that is over, and one that never was, while another runs; then the server still answers."""
    session = await client.begin()
    finished = session.asking(session.plainest)
    await session.complete(session.post(finished))
    async with anyio.create_task_group() as tasks:
        if "slow" in client.wire.profile.fixtures:
            running = session.post(session.calling(client.fixture("slow"), token="is-running"))
            tasks.start_soon(session.complete, running)
        for named in (finished["id"], "never-sent"):
            tasks.start_soon(_cancel, session, named)
    await session.request(session.plainest)


async def _cancel(session: Speaker, named: JSON) -> None:
    await session.notify("notifications/cancelled", {"requestId": named, "reason": "too late"})
