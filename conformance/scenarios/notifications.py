"""A client tells the server something and wants no answer."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON


@scenario("post.202", "jsonrpc.no-reply", revisions=BOTH_ERAS)
async def notifications(client: Client) -> None:
    """Say that the client is initialized, that its roots changed, and cancel something that never was."""
    session = await client.begin()
    nothing: dict[str, JSON] = {"requestId": "conformance-never-sent", "reason": "to see that nothing happens"}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(session.notify, "notifications/roots/list_changed")
        tasks.start_soon(_cancel, session, nothing)


async def _cancel(session: Speaker, named: dict[str, JSON]) -> None:
    await session.notify("notifications/cancelled", named, intent="a request is cancelled that was never made")
