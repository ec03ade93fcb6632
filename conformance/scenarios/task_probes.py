"""Requests about tasks that are meant to confuse: foreign metadata, proposed ids, unknown ids and cursors."""

import anyio

from conformance.driving.client import Client
from conformance.driving.replies import RELATED
from conformance.driving.scenario import scenario
from conformance.evidence.trace import JSON
from conformance.scenarios.task_lifecycle import declares, look, make, making, with_tasks

LONG_ENOUGH = 1.0  # seconds; an answer that is right costs nothing
PROPOSED = "an-id-proposed-by-the-client"


@scenario(
    "tasks.id-param", "tasks.related-ignored", "tasks.id-receiver", "tasks.id-unique", revisions=("2025-11-25",)
)
async def task_probes(client: Client) -> None:
    """Make two tasks, ask for one with metadata that names the other, and propose an id for a third."""
    fixture = client.fixture("task")
    session = await with_tasks(client)
    first, second = await make(session, fixture), await make(session, fixture)

    async def ask(task: str, other: str) -> None:
        about: dict[str, JSON] = {"taskId": task, "_meta": {RELATED: {"taskId": other}}}
        asking = session.post(session.asking("tasks/get", about), intent="metadata that names another task")
        await look(session, task)
        await asking.settle(LONG_ENOUGH)
        asking.close()

    async with anyio.create_task_group() as tasks:
        proposing = session.post(making(session, fixture, id=PROPOSED), intent="an id for the task")
        tasks.start_soon(session.complete, proposing)
        for task, other in ((first, second), (second, first)):
            tasks.start_soon(ask, task, other)


@scenario("tasks.errors", revisions=("2025-11-25",))
async def unknown_tasks(client: Client) -> None:
    """Ask for a task that does not exist, in every way, and for a page of tasks that does not exist."""
    session = await with_tasks(client)
    nowhere: dict[str, JSON] = {"taskId": "no-such-task"}
    no_page: dict[str, JSON] = {"cursor": "no-such-cursor"}

    async def ask(method: str, params: dict[str, JSON]) -> None:
        await session.request(method, params, intent="a task or a page that does not exist")

    async with anyio.create_task_group() as tasks:
        for method in ("tasks/get", "tasks/result", *(["tasks/cancel"] if declares(session, "cancel") else [])):
            tasks.start_soon(ask, method, nowhere)
        if declares(session, "list"):
            tasks.start_soon(ask, "tasks/list", no_page)
