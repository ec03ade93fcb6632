"""Cancellations that come too late, or that name nothing."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS, is_modern
from conformance.evidence.trace import JSON

FINISHED = "late"  # an id that the id of a running request begins with


@scenario("cancel.race", "cancel.invalid-ignored", "ping.reply", revisions=BOTH_ERAS)
async def late_cancellation(client: Client) -> None:
    """Cancel a request that is over, and one that never was, while another runs; then the server still answers.

    In the modern era it answers under the id of the cancelled request too, which is free again when that is over.
    """
    session = await client.begin()
    finished = session.asking(session.plainest, id=FINISHED)
    await session.complete(session.post(finished))
    async with anyio.create_task_group() as tasks:
        if "slow" in client.wire.profile.fixtures:
            call = session.calling(client.fixture("slow"), token="is-running", id=f"{FINISHED}-but-running")
            running = session.post(call)
            tasks.start_soon(_finish, session, running)
            with at_most(client.wire.window):
                await running.until_over_or(lambda message: message.method == "notifications/progress")
        tasks.start_soon(_cancel, session, finished["id"], "a request is cancelled that is over")
        tasks.start_soon(_cancel, session, "never-sent", "a request is cancelled that was never made")
    await session.request(session.plainest, id=FINISHED if is_modern(client.revision) else None)


async def _finish(session: Speaker, running: Connection) -> None:
    """The running call may be lost with the session; what the server says next is asked all the same."""
    with suppress(Unmet):
        await session.complete(running)


async def _cancel(session: Speaker, named: JSON, wrong: str) -> None:
    await session.notify("notifications/cancelled", {"requestId": named, "reason": "too late"}, intent=wrong)
