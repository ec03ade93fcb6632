"""Requests under ids that are as good as any, and that careless servers take for something else."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON

IDS: tuple[JSON, ...] = (
    0,  # in many a language as good as nothing, like the empty text
    "",
    -7,
    2**53 - 1,  # the largest integer that every reader of JSON has exactly
    "42",
    "Héllo ✓ 𝄞",
)


@scenario("jsonrpc.id-echo", "post.content-type", "ping.reply", revisions=BOTH_ERAS)
async def unusual_ids(client: Client) -> None:
    """Ask the plainest thing under each id, all at once, and then once more under a usual one."""
    speaker = await client.begin()
    async with anyio.create_task_group() as tasks:
        for id in IDS:
            tasks.start_soon(_ask, speaker, id)
    await speaker.request(speaker.plainest)


async def _ask(speaker: Speaker, id: JSON) -> None:
    connection = speaker.post(speaker.asking(speaker.plainest, id=id))
    with suppress(Unmet):
        await connection.until_answer()
    await connection.settle()
    connection.close()
