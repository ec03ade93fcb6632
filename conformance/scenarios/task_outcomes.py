"""The same calls, plain and as tasks: they end alike."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.scenarios.task_lifecycle import fetch, make, until_ended, with_tasks

ROLES = ("task", "task-fails", "task-breaks")


@scenario(
    "tasks.result-exact",
    "tasks.result-final",
    "tasks.failed-message",
    revisions=("2025-11-25",),
)
async def task_outcomes(client: Client) -> None:
    """Call tools that succeed and fail, twice plainly and once as a task, and fetch what became of the tasks."""
    session = await with_tasks(client)
    answer = await session.request("tools/list")
    listed = answer.result.get("tools")
    needing = {
        str(tool.get("name"))
        for tool in (listed if isinstance(listed, list) else [])
        if isinstance(tool, dict) and tool.get("execution") == {"taskSupport": "required"}
    }
    fixtures = [client.wire.profile.fixtures[role] for role in ROLES if role in client.wire.profile.fixtures]
    async with anyio.create_task_group() as tasks:
        for fixture in fixtures or [client.fixture("task")]:
            tasks.start_soon(_as_a_task, session, fixture)
            if fixture.tool not in needing:
                tasks.start_soon(session.call, fixture)
                tasks.start_soon(session.call, fixture)


async def _as_a_task(session: ClientSession, fixture: Fixture) -> None:
    task = await make(session, fixture)
    await fetch(session, task)
    await until_ended(session, task)
    await fetch(session, task)
