"""A session that is over stays over."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON

INTENT = "id of an ended session"


@scenario("session.ended-404")
async def ended_session(client: Client) -> None:
    """End a session with DELETE, then use its id in a request, a notification, a response, GET and DELETE.

    Before that a stream is opened, to see that there are any, and afterwards resumed.
    """
    session = await client.initialize()
    if session.id is None:
        raise Unmet("the server gives no session ids, so no session can be ended")
    last = await _last_event(session)
    ended = await session.delete()
    if not ended.ok:
        return
    if await _is_still_served(session, last):
        await client.quiet()
        await _is_still_served(session, last)


async def _last_event(session: ClientSession) -> str | None:
    """The id of the last event of what came, None where events have none."""
    stream, asked = session.get(), session.post(session.asking("ping"))
    for connection in (stream, asked):
        with suppress(Unmet):
            await connection.head()
    await asked.settle()
    stream.close()
    return next((event.id for event in reversed(asked.events) if event.id), None)


async def _is_still_served(session: ClientSession, last: str | None) -> bool:
    """Knock at all doors at once; a server may need a moment to close them."""
    notice: dict[str, JSON] = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    response: dict[str, JSON] = {"jsonrpc": "2.0", "id": "nobody-asked", "result": {}}
    resumed = [] if last is None else [session.get(last, intent=INTENT)]
    doors = [
        session.post(session.asking("ping"), intent=INTENT),
        session.post(notice, intent=INTENT),
        session.get(intent=INTENT),
        session.post(response, intent=INTENT),
        session.send("DELETE", intent=INTENT),
        *resumed,
    ]
    async with anyio.create_task_group() as tasks:
        for connection in doors:
            tasks.start_soon(connection.head)
    for connection in doors:
        connection.close()
    return any(connection.exchange.ok for connection in doors)
