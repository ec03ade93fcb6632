"""The version header is left out."""

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import scenario
from conformance.evidence.views import OLDEST

HEADERLESS = {"MCP-Protocol-Version": None}
INTENT = "the version header is left out"


@scenario("version.header-default", revisions=("2025-06-18", "2025-11-25"))
async def missing_version_header(client: Client) -> None:
    """In a live session, ping without a version header; so does a client of 2025-03-26, where there is none."""
    await _ping(await client.initialize(), INTENT)
    older = await client.initialize(version=OLDEST)
    if older.revision == OLDEST:
        await _ping(older, None)


async def _ping(session: ClientSession, intent: str | None) -> None:
    connection = session.post(session.asking("ping"), headers=HEADERLESS, intent=intent)
    await connection.head()
    await connection.settle()
