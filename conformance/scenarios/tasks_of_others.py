"""Two sessions, and the tasks of one of them."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.scenarios.task_lifecycle import declares, look, make, read_list, with_tasks

SEVERAL = 5  # ids that must be there before their form says anything


@scenario("tasks.no-list", "tasks.id-strong", revisions=("2025-11-25",))
async def tasks_of_others(client: Client) -> None:
    """Have calls made tasks in one session; list tasks in another, and ask there for one of the first."""
    fixture = client.fixture("task")
    theirs = await with_tasks(client)
    made: list[str] = []

    async def one_more() -> None:
        made.append(await make(theirs, fixture))

    async with anyio.create_task_group() as tasks:
        for _ in range(SEVERAL):
            tasks.start_soon(one_more)
        ours = await with_tasks(client)
    if declares(ours, "list"):
        await read_list(ours)
    await look(ours, made[0])
