"""A session that is over stays over."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON

INTENT = "id of an ended session"


@scenario("session.ended-404")
async def ended_session(client: Client) -> None:
    """End a session with DELETE, then use its id in a request, a notification, GET and DELETE."""
    session = await client.initialize()
    if session.id is None:
        raise Unmet("the server gives no session ids, so no session can be ended")
    ended = await session.delete()
    if not ended.ok:
        return
    if await _is_still_served(session):
        await client.quiet()
        await _is_still_served(session)


async def _is_still_served(session: ClientSession) -> bool:
    """Knock at all doors at once; a server may need a moment to close them."""
    notice: dict[str, JSON] = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    doors = [
        session.post(session.asking("ping"), intent=INTENT),
        session.post(notice, intent=INTENT),
        session.get(intent=INTENT),
        session.send("DELETE", intent=INTENT),
    ]
    async with anyio.create_task_group() as tasks:
        for connection in doors:
            tasks.start_soon(connection.head)
    for connection in doors:
        connection.close()
    return any(connection.exchange.ok for connection in doors)
