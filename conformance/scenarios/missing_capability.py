"""A client that can do nothing calls tools that need it."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS

ROLES = ("need", "input-form", "input-model", "input-roots", "sample", "elicit")


@scenario(
    "caps.missing",
    "stateless.no-context",
    "codes.reserved",
    "codes.meaning",
    "jsonrpc.id-echo",
    revisions=MODERN_REVISIONS,
)
async def missing_capability(client: Client) -> None:
    """Call tools that need a form filled in, a model or roots, and declare first everything, then nothing."""
    known = client.wire.profile.fixtures
    fixtures = [known[role] for role in ROLES if role in known] or [client.fixture("need")]
    async with anyio.create_task_group() as tasks:
        for fixture in fixtures:
            tasks.start_soon(_call_twice, client.modern(), fixture)


async def _call_twice(speaker: ModernSpeaker, fixture: Fixture) -> None:
    await speaker.complete(speaker.post(speaker.calling(fixture)))
    speaker.declared = {}
    connection = speaker.post(speaker.calling(fixture))
    await connection.head()
    await connection.settle()
    connection.close()
