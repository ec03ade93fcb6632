"""A client asks for things that are not there."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON

ABSENT: tuple[tuple[str, str, dict[str, JSON]], ...] = (
    ("resources", "resources/read", {"uri": "test://there-is-no-such-resource"}),
    ("prompts", "prompts/get", {"name": "there_is_no_such_prompt"}),
    ("tools", "tools/call", {"name": "there_is_no_such_tool", "arguments": {}}),
)


@scenario(
    "codes.reserved", "codes.meaning", "codes.retired", "codes.app-range", "ext.fallback", revisions=MODERN_REVISIONS
)
async def missing_things(client: Client) -> None:
    """Read a resource, get a prompt and call a tool that nobody has; ask for an unknown method too."""
    speaker = client.modern()
    async with anyio.create_task_group() as tasks:
        for capability, method, params in ABSENT:
            if capability in speaker.capabilities:
                tasks.start_soon(_ask, speaker, method, params)
        tasks.start_soon(_ask, speaker, "conformance/there-is-no-such-method", {})


async def _ask(speaker: ModernSpeaker, method: str, params: dict[str, JSON]) -> None:
    connection = speaker.post(speaker.asking(method, params), intent="there is no such thing")
    await connection.head()
    await connection.settle()
    connection.close()
