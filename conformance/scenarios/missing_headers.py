"""Headers that belong to a request are left out."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.scenarios.addressed import Asking, named_requests

OLDEST = "2025-03-26"


@scenario("hdr.required", "hdr.mismatch", "hdr.mismatch-code", revisions=MODERN_REVISIONS)
async def missing_headers(client: Client) -> None:
    """Ask for this and that without Mcp-Method or without Mcp-Name, and once with both."""
    speaker = client.modern()
    asking = Asking(speaker)
    for method, params in [(speaker.plainest, {}), *await named_requests(client, speaker)]:
        asking.send(speaker.asking(method, params))
        asking.send(speaker.asking(method, params), {"Mcp-Method": None}, "Mcp-Method is left out")
        if params:
            asking.send(speaker.asking(method, params), {"Mcp-Name": None}, "Mcp-Name is left out")
    await asking.answered()


@scenario("hdr.version-missing", revisions=MODERN_REVISIONS)
async def missing_modern_version_header(client: Client) -> None:
    """Leave the version header out, and see whether the server also serves clients that do not know it."""
    speaker, older = client.modern(), client.stranger()
    asking = Asking(speaker)
    asking.send(speaker.asking(speaker.plainest))
    asking.send(speaker.asking(speaker.plainest), {"MCP-Protocol-Version": None}, "the version header is left out")
    connection = older.post(older.introducing(version=OLDEST), intent=f"initialize, as clients of {OLDEST} begin")
    await asking.answered()
    await connection.head()
    older.agree(await connection.settle())
