"""A task asks its client something, and goes on with the answer."""

import anyio

from conformance.driving import replies
from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.task_lifecycle import fetch, listening, look, make, until_ended, with_tasks

QUESTIONS = ("sampling/createMessage", "elicitation/create", "roots/list")


@scenario(
    "tasks.input-required",
    "tasks.leave-input",
    "tasks.related",
    "tasks.only-declared",
    "tasks.result-blocks",
    revisions=("2025-11-25",),
)
async def task_asks(client: Client) -> None:
    """Wait for the result of a task until it asks something; look at the task before the answer and after it."""
    fixture = client.fixture("task-asks")
    session = await with_tasks(client)
    asked: list[Message] = []
    heard = anyio.Event()

    def hold(question: Message) -> dict[str, JSON] | None:
        if not replies.is_marked(question):
            return replies.usual(question)
        asked.append(question)
        heard.set()
        return None

    async def wait_for_result() -> None:
        await fetch(session, task)
        heard.set()

    session.replies |= dict.fromkeys(QUESTIONS, hold)
    await listening(client, session)
    task = await make(session, fixture)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait_for_result)
        await heard.wait()
        if not asked:
            raise Unmet(f"{fixture.tool} ended without asking anything")
        await look(session, task)
        session.replies.clear()
        for question in asked:
            answer = replies.marked(question, replies.usual(question))
            await session.post({"jsonrpc": "2.0", "id": question.id, **answer}).head()
        await until_ended(session, task)
