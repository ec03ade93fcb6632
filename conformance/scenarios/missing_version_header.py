"""The version header is left out."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario


@scenario("version.header-default", revisions=("2025-06-18", "2025-11-25"))
async def missing_version_header(client: Client) -> None:
    """In a live session, ping without a version header, as clients of 2025-03-26 do."""
    session = await client.initialize()
    headers = {"MCP-Protocol-Version": None}
    connection = session.post(session.asking("ping"), headers=headers, intent="the version header is left out")
    await connection.head()
    await connection.settle()
