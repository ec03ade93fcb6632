"""A session id out of nowhere. What it draws is the server's choice, but an answer it must be."""

import uuid

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON

INTENT = "a session id that was never given out"


@scenario("post.reject-status")
async def unknown_session_id(client: Client) -> None:
    """Send a request and a notification with a session id that the server never gave out."""
    session = await client.initialize()
    if session.id is None:
        raise Unmet("the server gives no session ids, so none is unknown to it")
    unknown = {"Mcp-Session-Id": str(uuid.uuid4())}
    request = session.post(session.asking("ping"), headers=unknown, intent=INTENT)
    notice: dict[str, JSON] = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    notification = session.post(notice, headers=unknown, intent=INTENT)
    for connection in (request, notification):
        await connection.head()
        await connection.settle()
