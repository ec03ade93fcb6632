"""The version header says something that no version ever was."""

import anyio

from conformance.client import Client, ClientSession
from conformance.scenario import scenario


@scenario("version.header-400", revisions=("2025-06-18", "2025-11-25"))
async def bad_version_header(client: Client) -> None:
    """In a live session, ping with a malformed version header and with a date before there was a protocol."""
    session = await client.initialize()
    async with anyio.create_task_group() as tasks:
        for value in ("not-a-version", "1900-01-01"):
            tasks.start_soon(_ping, session, value)


async def _ping(session: ClientSession, value: str) -> None:
    headers = {"MCP-Protocol-Version": value}
    connection = session.post(session.asking("ping"), headers=headers, intent=f"the version header says {value}")
    await connection.head()
    await connection.settle()
