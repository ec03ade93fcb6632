"""The server asks the client's model, with and without tools."""

import anyio

from conformance.driving import replies
from conformance.driving.client import Client, ClientSession
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, is_modern
from conformance.evidence.trace import JSON

WITH_ALL: dict[str, JSON] = {"sampling": {"tools": {}, "context": {}}}
PLAIN: dict[str, JSON] = {"sampling": {}}


@scenario(
    "sampling.tools-declared",
    "sampling.context-avoided",
    "sampling.context-declared",
    "sampling.tool-results",
    "sampling.tool-balance",
    revisions=("2025-11-25", *MODERN_REVISIONS),
)
async def sampling(client: Client) -> None:
    """Let a model use tools that the server gives it, beside a client whose model cannot."""
    asking = [role for role in ("sample", "sample-tools", "input-model") if role in client.wire.profile.fixtures]
    async with anyio.create_task_group() as tasks:
        for capabilities in (WITH_ALL, PLAIN) if asking else ():
            tasks.start_soon(_sample, client, capabilities, asking)
    client.fixture("sample-tools")


async def _sample(client: Client, capabilities: dict[str, JSON], roles: list[str]) -> None:
    speaker = await _able(client, capabilities)
    if capabilities is WITH_ALL:
        speaker.replies["sampling/createMessage"] = replies.using_tools
    async with anyio.create_task_group() as tasks:
        for role in roles:
            tasks.start_soon(speaker.call, client.fixture(role))


async def _able(client: Client, capabilities: dict[str, JSON]) -> ClientSession | ModernSpeaker:
    """A client that declares just these capabilities, be it once or with every request."""
    if not is_modern(client.revision):
        return await client.initialize(capabilities=capabilities)
    speaker = client.modern()
    speaker.declared = capabilities
    return speaker
