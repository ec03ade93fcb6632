"""A client whose every request goes over a connection of its own."""

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Changes
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON, Message

LAST: Changes = {"Connection": "close"}
STATEFUL = ("input-state", "input-several", "input-form")


@scenario("stateless.any-connection", revisions=MODERN_REVISIONS)
async def other_connections(client: Client) -> None:
    """Discover, list, call, and answer what a call wants to know: over many connections, and over one."""
    known = client.wire.profile.fixtures
    stateful = next((known[role] for role in STATEFUL if role in known), None)
    async with anyio.create_task_group() as tasks:
        for headers in (LAST, {}):
            tasks.start_soon(_go_through, client.modern(), known.get("simple"), stateful, headers)


async def _go_through(
    speaker: ModernSpeaker, simple: Fixture | None, stateful: Fixture | None, headers: Changes
) -> None:
    await speaker.request(speaker.plainest, headers=headers)
    if "tools" in speaker.capabilities:
        await speaker.request("tools/list", headers=headers)
    if simple is not None:
        await _ask(speaker, speaker.calling(simple), headers)
    if stateful is not None:
        body = speaker.calling(stateful)
        answer = await _ask(speaker, body, headers)
        if answer.result.get("resultType") == "input_required":
            await _ask(speaker, speaker.retrying(body, answer), headers)
    await speaker.request(speaker.plainest, headers=headers)


async def _ask(speaker: ModernSpeaker, body: dict[str, JSON], headers: Changes) -> Message:
    connection: Connection = speaker.post(body, headers=headers)
    return await speaker.complete(connection)
