"""A client that can do less is asked for less."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON
from conformance.scenarios.inputs import NEEDING, needing, try_again

FORMS = ("input-form", "input-stream", "input-several", "input-capable", "elicit")
LESS: tuple[tuple[dict[str, JSON], tuple[str, ...]], ...] = (
    ({}, NEEDING),
    ({"sampling": {}}, FORMS),
    ({"elicitation": {"url": {}}}, FORMS),
    ({"elicitation": {}}, ("input-url", "input-model", "sample", "input-several", "input-capable")),
)


@scenario("caps.not-assumed", revisions=MODERN_REVISIONS)
async def input_undeclared(client: Client) -> None:
    """Call the tools that need input, and declare nothing, only a model, only addresses, only forms."""
    needing(client, *NEEDING)
    known = client.wire.profile.fixtures
    async with anyio.create_task_group() as tasks:
        for declared, roles in LESS:
            speaker = client.modern()
            speaker.declared = declared
            for role in roles:
                if role in known:
                    tasks.start_soon(_call, speaker, known[role])


async def _call(speaker: ModernSpeaker, fixture: Fixture) -> None:
    await try_again(speaker, speaker.calling(fixture))
