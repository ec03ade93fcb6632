"""So many tasks that they do not fit on one page."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.scenarios.task_lifecycle import declares, fetch, look, make, read_list, with_tasks

MANY = 12  # the SDKs put ten on a page


@scenario(
    "tasks.next-cursor",
    "tasks.list-complete",
    "tasks.id-unique",
    "tasks.no-related-in-get",
    revisions=("2025-11-25",),
)
async def many_tasks(client: Client) -> None:
    """Have many calls made tasks, wait for all of them, read the list to its end, and look at each."""
    fixture = client.fixture("task")
    session = await with_tasks(client)
    if not declares(session, "list"):
        raise Unmet("the server does not declare tasks.list")
    made: list[str] = []

    async def one_more() -> None:
        task = await make(session, fixture)
        made.append(task)
        await fetch(session, task)

    async with anyio.create_task_group() as tasks:
        for _ in range(MANY):
            tasks.start_soon(one_more)
    await read_list(session)
    async with anyio.create_task_group() as tasks:
        for task in made:
            tasks.start_soon(look, session, task)
