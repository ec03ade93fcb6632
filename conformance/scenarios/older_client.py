"""A client of an older revision comes to a server that may know nothing of it."""

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, SESSION_REVISIONS

INTENT = "this is how older revisions have it"
OLD: dict[str, str | None] = {
    "Accept": "text/event-stream",
    "Mcp-Session-Id": "3f1c0c5e-7d43-4b0e-9a55-1f6f2f0b7a11",
    "MCP-Protocol-Version": SESSION_REVISIONS[-1],
}
RESUMING: dict[str, str | None] = {"Last-Event-ID": "7"}


@scenario("era.old-traffic", "era.initialize-error", revisions=MODERN_REVISIONS)
async def older_client(client: Client) -> None:
    """Initialize; and if that is refused, listen, resume and end a session, and ask with ids of such a session."""
    stranger = client.stranger()
    greeting = stranger.post(stranger.introducing(version=SESSION_REVISIONS[-1]), intent=INTENT)
    await greeting.head()
    answered = await greeting.settle()
    if answered.ok:
        stranger.agree(answered)
    if any(message.kind == "result" for message in greeting.messages):
        return
    speaker = client.modern()
    session_id = {"Mcp-Session-Id": OLD["Mcp-Session-Id"]}
    sent = [
        speaker.send("GET", headers=OLD, intent=INTENT),
        speaker.send("GET", headers=OLD | RESUMING, intent=INTENT),
        speaker.send("DELETE", headers=OLD, intent=INTENT),
        speaker.post(speaker.asking(speaker.plainest), headers=session_id, intent=INTENT),
        speaker.post(speaker.asking(speaker.plainest), headers=RESUMING, intent=INTENT),
    ]
    async with anyio.create_task_group() as tasks:
        for connection in sent:
            tasks.start_soon(_answered, connection)


async def _answered(connection: Connection) -> None:
    await connection.head()
    await connection.settle()
    connection.close()
