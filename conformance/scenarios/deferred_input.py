"""Tasks that need input from their client: questions, answers that fit, answers that nobody waits for."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.deferred import (
    answers_to,
    fixtures_for,
    look,
    make,
    until,
    until_ended,
    update,
    with_tasks,
)

NOT_ASKED: dict[str, JSON] = {"nobody-asked-for-this": {"action": "cancel"}}


@scenario(
    "ext-tasks.input-requests",
    "ext-tasks.keys",
    "ext-tasks.update-result",
    "ext-tasks.update-unknown",
    "ext-tasks.update-counts",
    "ext-tasks.partial",
    "ext-tasks.answer-type",
    revisions=MODERN_REVISIONS,
)
async def deferred_input(client: Client) -> None:
    """Have tasks ask, answer first what they did not ask, then one question after the other, and wait for the end."""
    speaker = await with_tasks(client)
    async with anyio.create_task_group() as tasks:
        for fixture in fixtures_for(client, "deferred-asks", "deferred-asks-twice"):
            tasks.start_soon(_ask_and_answer, speaker, fixture)


async def _ask_and_answer(speaker: ModernSpeaker, fixture: Fixture) -> None:
    task = await make(speaker, fixture)
    answers = answers_to(await until(speaker, task, _asks))
    if not answers:
        raise Unmet(f"the task of {fixture.tool} ended without a question")
    await update(speaker, task, NOT_ASKED)
    await look(speaker, task)
    *some, last = answers
    for key in some:
        await update(speaker, task, {key: answers[key]})
        await look(speaker, task)
        await update(speaker, task, {key: answers[key]})
    await look(speaker, task)
    await update(speaker, task, {last: answers[last]})
    await until_ended(speaker, task)


def _asks(answer: Message) -> bool:
    return answer.result.get("status") == "input_required"
