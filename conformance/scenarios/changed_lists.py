"""A list changes while the client listens."""

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.scenarios.resources import heard


@scenario("tools.list-changed", alone=True)
async def changed_tools(client: Client) -> None:
    """List the tools, have the list changed, and list them again, with a GET stream open."""
    await _change(client, "tools", "change-tools")


@scenario("resources.list-changed", alone=True)
async def changed_resources(client: Client) -> None:
    """List the resources, have the list changed, and list them again, with a GET stream open."""
    await _change(client, "resources", "change-resources")


@scenario("prompts.list-changed", "prompts.negotiated", alone=True)
async def changed_prompts(client: Client) -> None:
    """List the prompts, have the list changed, and list them again, with a GET stream open."""
    await _change(client, "prompts", "change-prompts")


async def _change(client: Client, kind: str, role: str) -> None:
    session = await client.initialize()
    if kind not in session.capabilities:
        raise Unmet(f"the server does not declare {kind}")
    change = client.fixture(role)
    async with session.listen() as stream:
        await session.pages(f"{kind}/list")
        await session.call(change)
        await heard(client, stream, f"notifications/{kind}/list_changed")
        await session.pages(f"{kind}/list")
