"""Requests that do not say which session they belong to."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON

NAMELESS = {"Mcp-Session-Id": None}
INTENT = "session id left out"


@scenario("session.missing-400")
async def missing_session_id(client: Client) -> None:
    """Leave the session id out of a request, of a notification and of a GET."""
    session = await client.initialize()
    if session.id is None:
        raise Unmet("the server gives no session id that could be left out")
    request = session.post(session.asking("ping"), headers=NAMELESS, intent=INTENT)
    notice: dict[str, JSON] = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    notification = session.post(notice, headers=NAMELESS, intent=INTENT)
    stream = session.get(headers=NAMELESS, intent=INTENT)
    async with anyio.create_task_group() as tasks:
        for connection in (request, notification, stream):
            tasks.start_soon(connection.head)
    await request.settle()
    stream.close()
