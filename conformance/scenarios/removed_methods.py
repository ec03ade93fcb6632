"""A client asks for what this revision has no more, or what this server does not have."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.driving.speaker import CLIENT_INFO
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON

READ: dict[str, JSON] = {"uri": "test://static-text"}
REMOVED: tuple[tuple[str, dict[str, JSON]], ...] = (
    ("ping", {}),
    ("logging/setLevel", {"level": "info"}),
    ("resources/subscribe", READ),
    ("resources/unsubscribe", READ),
    ("initialize", {"protocolVersion": MODERN_REVISIONS[-1], "capabilities": {}, "clientInfo": CLIENT_INFO}),
)
LISTS = (("tools", "tools/list"), ("resources", "resources/list"), ("prompts", "prompts/list"))


@scenario("method.404", "jsonrpc.id-echo", "codes.reserved", revisions=MODERN_REVISIONS)
async def removed_methods(client: Client) -> None:
    """With all that belongs to a request, ask for methods of older revisions, and for lists that are not declared."""
    speaker = client.modern()
    async with anyio.create_task_group() as tasks:
        for method, params in REMOVED:
            tasks.start_soon(_ask, speaker, method, params, "this revision has no such method")
        for capability, method in LISTS:
            if capability not in speaker.capabilities:
                tasks.start_soon(_ask, speaker, method, {}, f"{capability} are not declared")


async def _ask(speaker: ModernSpeaker, method: str, params: dict[str, JSON], intent: str) -> None:
    connection = speaker.post(speaker.asking(method, params), intent=intent)
    await connection.head()
    await connection.settle()
    connection.close()
