"""The task field where it does not belong, and left out where it does."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON
from conformance.scenarios.task_lifecycle import making


@scenario(
    "tasks.tool-forbidden-error",
    "tasks.tool-required-error",
    "tasks.ignored",
    "tasks.capability",
    revisions=("2025-11-25",),
)
async def task_negotiation(client: Client) -> None:
    """Ask for tasks of tools that allow none and of another request, and call plainly what wants a task."""
    session = await client.initialize()
    if "tools" not in session.capabilities:
        raise Unmet("the server declares no tools")
    fixtures = client.wire.profile.fixtures
    tools = [fixtures[role] for role in ("simple", "task", "task-forbidden") if role in fixtures]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(session.request, "tools/list")
        tasks.start_soon(_list_as_a_task, session)
        for fixture in tools:
            tasks.start_soon(_both_ways, session, fixture)
        if "task-required" in fixtures:
            call = session.calling(fixtures["task-required"])
            tasks.start_soon(session.complete, session.post(call, intent="a plain call where a task is wanted"))


async def _list_as_a_task(session: ClientSession) -> None:
    wishes: dict[str, JSON] = {"task": {"ttl": 60_000}}
    await session.request("tools/list", wishes, intent="a task field where it has no meaning")


async def _both_ways(session: ClientSession, fixture: Fixture) -> None:
    await session.call(fixture)
    await session.complete(session.post(making(session, fixture), intent="a task field, allowed or not"))
