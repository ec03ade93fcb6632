"""Two users, and the tasks of one of them."""

from contextlib import suppress

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.scenarios.task_lifecycle import declares, look, make, read_list, with_tasks


@scenario("tasks.bind", "tasks.bind-reject", "tasks.bind-list", revisions=("2025-11-25",))
async def tasks_of_another_user(client: Client) -> None:
    """Have calls made tasks with one user's token; look at them, fetch, cancel and list them with another user's.

    In the end the first user looks at them again, for a task that is gone is refused to everybody.
    """
    another = client.bearing("second")
    fixture = client.fixture("task")
    theirs, ours = await with_tasks(client), await with_tasks(another)
    running = await make(theirs, fixture)
    if declares(ours, "cancel"):
        await _ask(ours, "tasks/cancel", running)
    first = await make(theirs, fixture)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_ask, ours, "tasks/get", first)
        tasks.start_soon(_ask, ours, "tasks/result", first)
        if declares(ours, "list"):
            tasks.start_soon(read_list, ours)
    await look(theirs, first)
    await look(theirs, running)


async def _ask(session: ClientSession, method: str, task: str) -> None:
    """Ask about a task; a server may answer with no more than a status."""
    with suppress(Unmet):
        await session.request(method, {"taskId": task}, intent="a task of another user")
