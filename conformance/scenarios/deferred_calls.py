"""Calls that become tasks by the server's choice: what they say, how they end, and how they are cancelled."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.era import LISTEN, MODERN_REVISIONS
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.deferred import FINAL, cancel, fixtures_for, look, make, until, until_ended, with_tasks

LOOKS_AT_CANCELLED = 3


@scenario(
    "ext-tasks.created-type",
    "ext-tasks.answer-type",
    "ext-tasks.old-capability",
    "ext-tasks.durable",
    "ext-tasks.kept",
    "ext-tasks.id",
    "ext-tasks.shape",
    "ext-tasks.plain",
    "ext-tasks.get",
    "ext-tasks.completed",
    "ext-tasks.failed",
    "ext-tasks.failed-message",
    "ext-tasks.tool-error",
    "ext-tasks.terminal",
    "ext-tasks.cancel-result",
    "result.type-known",
    revisions=MODERN_REVISIONS,
)
async def deferred_calls(client: Client) -> None:
    """Call tools that become tasks, look until they have ended, cancel what has ended, and look once more."""
    speaker = await with_tasks(client)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(speaker.request, "server/discover")
        for fixture in fixtures_for(client, "deferred", "deferred-fails", "deferred-breaks"):
            tasks.start_soon(_to_its_end, speaker, fixture)


async def _to_its_end(speaker: ModernSpeaker, fixture: Fixture) -> None:
    task = await make(speaker, fixture)
    await until_ended(speaker, task)
    await look(speaker, task)
    await cancel(speaker, task)
    await look(speaker, task)


@scenario(
    "ext-tasks.cancel-result",
    "ext-tasks.answer-type",
    "ext-tasks.terminal",
    "ext-tasks.shape",
    "ext-tasks.id",
    revisions=MODERN_REVISIONS,
)
async def deferred_cancelled(client: Client) -> None:
    """Cancel two tasks that would go on for long, and look at them for a while."""
    speaker = await with_tasks(client)
    fixture = client.fixture("deferred-long")
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(_cancelled, speaker, fixture)


async def _cancelled(speaker: ModernSpeaker, fixture: Fixture) -> None:
    task = await make(speaker, fixture)
    await look(speaker, task)
    await cancel(speaker, task)
    for _ in range(LOOKS_AT_CANCELLED):
        await look(speaker, task)


@scenario(
    "ext-tasks.notified",
    "ext-tasks.shape",
    "ext-tasks.completed",
    "subs.ack-first",
    "subs.id",
    revisions=MODERN_REVISIONS,
)
async def deferred_news(client: Client) -> None:
    """Make two tasks, listen for news of the second, and wait until both have ended and that was told."""
    speaker = await with_tasks(client)
    fixture = client.fixture("deferred")
    first, second = [await make(speaker, fixture) for _ in range(2)]
    wanted: dict[str, JSON] = {"notifications": {"taskIds": [second]}}
    connection = speaker.post(speaker.asking(LISTEN, wanted))
    try:
        await connection.head()
        async with anyio.create_task_group() as tasks:
            for task in (first, second):
                tasks.start_soon(until_ended, speaker, task)
        with at_most(client.wire.window):  # a server need not tell anything
            await connection.until_over_or(lambda message: message.params.get("status") in FINAL)
    finally:
        connection.close()


@scenario("ext-tasks.questions-first", "ext-tasks.created-type", "mrtr.keys", revisions=MODERN_REVISIONS)
async def deferred_after_questions(client: Client) -> None:
    """Call a tool that asks before it becomes a task, answer, and look until it has ended."""
    speaker = await with_tasks(client)
    fixture = client.fixture("deferred-asks-first")
    await until(speaker, await make(speaker, fixture), _never)


def _never(_answer: Message) -> bool:
    return False
