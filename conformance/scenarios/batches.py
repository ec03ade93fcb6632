"""Several messages in one POST, which only revision 2025-03-26 knows."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON

CANCELLED: JSON = {
    "jsonrpc": "2.0",
    "method": "notifications/cancelled",
    "params": {"requestId": "conformance-never-sent"},
}


@scenario("batch.receive", "post.202", "post.content-type", revisions=("2025-03-26",))
async def batches(client: Client) -> None:
    """Send two requests in one body, requests and a notification, and notifications alone."""
    session = await client.initialize()
    if session.revision != "2025-03-26":
        raise Unmet(f"the server settled on {session.revision}, which has no batches")
    pings: list[JSON] = [session.asking("ping"), session.asking("ping", id="second")]
    mixed: list[JSON] = [session.asking("ping"), CANCELLED]
    async with anyio.create_task_group() as tasks:
        for batch in (pings, mixed, [CANCELLED, CANCELLED]):
            tasks.start_soon(_exchange, session, batch)


async def _exchange(session: ClientSession, batch: list[JSON]) -> None:
    wrong = "a request is cancelled that was never made" if CANCELLED in batch else None
    connection = session.post(batch, intent=wrong)
    wanted = sum(1 for message in batch if isinstance(message, dict) and "id" in message)
    await connection.head()
    await connection.until_over_or(lambda _: _answers(connection) >= wanted > 0)
    connection.close()


def _answers(connection: Connection) -> int:
    return sum(1 for message in connection.messages if message.is_response)
