"""A client speaks a version that nobody ever heard of."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, VERSION

UNHEARD_OF = ("1900-01-01", "2999-12-31", "v999.0.0")  # before all others, after all others, and no date at all


@scenario("version.unsupported", "codes.reserved", "codes.meaning", revisions=MODERN_REVISIONS)
async def unknown_version(client: Client) -> None:
    """Ask in versions that nobody supports, in header and body alike, and once more as is right."""
    speaker = client.modern()
    methods = [speaker.plainest, *(["tools/list"] if "tools" in speaker.capabilities else [])]
    async with anyio.create_task_group() as tasks:
        for method in methods:
            for version in UNHEARD_OF:
                tasks.start_soon(_ask, speaker, method, version)
        tasks.start_soon(speaker.request, speaker.plainest)


async def _ask(speaker: ModernSpeaker, method: str, version: str) -> None:
    body = speaker.asking(method, meta={VERSION: version})
    connection = speaker.post(body, intent=f"there is no version {version}")
    await connection.head()
    await connection.settle()
    connection.close()
