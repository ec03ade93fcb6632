"""The version header says something that no version ever was."""

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.scenario import scenario
from conformance.evidence.trace import JSON

READY: JSON = {"jsonrpc": "2.0", "method": "notifications/initialized"}
MALFORMED = "not-a-version"


def _saying(version: str) -> tuple[dict[str, str | None], str]:
    return {"MCP-Protocol-Version": version}, f"the version header says {version}"


@scenario("version.header-400", revisions=("2025-06-18", "2025-11-25"))
async def bad_version_header(client: Client) -> None:
    """In a live session, send a malformed version and a date before there was a protocol with every HTTP method."""
    session = await client.initialize()
    sent: list[Connection] = []
    for version in (MALFORMED, "1900-01-01"):
        headers, intent = _saying(version)
        sent.append(session.post(session.asking("ping"), headers=headers, intent=intent))
    headers, intent = _saying(MALFORMED)
    sent.append(session.post(READY, headers=headers, intent=intent))
    stream = session.get(headers=headers, intent=intent)
    async with anyio.create_task_group() as tasks:
        for connection in sent:
            tasks.start_soon(_answered, connection)
    await session.request("ping")
    await stream.settle()
    stream.close()
    ending = session.send("DELETE", headers=headers, intent=intent)
    await ending.head()
    session.ended = (await ending.settle()).ok


async def _answered(connection: Connection) -> None:
    await connection.head()
    await connection.settle()
    connection.close()
