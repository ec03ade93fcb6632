"""Requests about tasks that are meant to confuse: foreign metadata, unknown ids, unknown cursors."""

import anyio

from conformance.client import Client
from conformance.replies import RELATED
from conformance.scenario import scenario
from conformance.scenarios.task_lifecycle import declares, look, make, making, with_tasks
from conformance.trace import JSON

PROPOSED = "an-id-proposed-by-the-client"


@scenario(
    "tasks.id-param",
    "tasks.related-ignored",
    "tasks.id-receiver",
    "tasks.id-unique",
    "tasks.errors",
    revisions=("2025-11-25",),
)
async def task_probes(client: Client) -> None:
    """Make two tasks, ask for one with metadata that names the other, and for tasks and pages that do not exist."""
    fixture = client.fixture("task")
    session = await with_tasks(client)
    nowhere: dict[str, JSON] = {"taskId": "no-such-task"}
    no_page: dict[str, JSON] = {"cursor": "no-such-cursor"}
    first, second = await make(session, fixture), await make(session, fixture)

    async def ask(method: str, params: dict[str, JSON], intent: str) -> None:
        await session.request(method, params, intent=intent)

    async with anyio.create_task_group() as tasks:
        proposing = session.post(making(session, fixture, id=PROPOSED), intent="an id for the task")
        tasks.start_soon(session.complete, proposing)
        for task, other in ((first, second), (second, first)):
            tasks.start_soon(look, session, task)
            about: dict[str, JSON] = {"taskId": task, "_meta": {RELATED: {"taskId": other}}}
            tasks.start_soon(ask, "tasks/get", about, "metadata that names another task")
        for method in ("tasks/get", "tasks/result", *(["tasks/cancel"] if declares(session, "cancel") else [])):
            tasks.start_soon(ask, method, nowhere, "a task that does not exist")
        if declares(session, "list"):
            tasks.start_soon(ask, "tasks/list", no_page, "a cursor that does not exist")
