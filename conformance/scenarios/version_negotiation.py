"""A client asks for every version there is, and for one that there never was."""

import anyio

from conformance.driving.client import HEADER_SINCE, Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import KNOWN_REVISIONS, SESSION_REVISIONS

NEVER = "1900-01-01"
ASKED = (NEVER, *(r for r in KNOWN_REVISIONS if r <= max(SESSION_REVISIONS)))


@scenario("version.same", "version.other", "version.server-latest", "version.header-default", "init.result")
async def version_negotiation(client: Client) -> None:
    """Initialize once with each version; where another is offered, try the header with the one that was asked for."""
    sessions = {version: client.stranger() for version in ASKED}
    async with anyio.create_task_group() as tasks:
        for version, session in sessions.items():
            tasks.start_soon(_initialize, session, version)
    async with anyio.create_task_group() as tasks:
        for version, session in sessions.items():
            if session.revision not in (None, version) and str(session.revision) >= HEADER_SINCE:
                tasks.start_soon(_try_header, session, version)


async def _initialize(session: ClientSession, version: str) -> None:
    """What draws no result is asked once more if no server can know it: silence counts only when it is repeated."""
    for _ in range(2 if version == NEVER else 1):
        try:
            await session.initialize(version=version)
            await session.notify("notifications/initialized")
        except Unmet:
            continue
        return


async def _try_header(session: ClientSession, version: str) -> None:
    ping = session.asking("ping")
    headers = {"MCP-Protocol-Version": version}
    connection = session.post(ping, headers=headers, intent=f"the version header says {version}, not what was agreed")
    await connection.head()
    await connection.settle()
