"""A list changes while the client listens."""

import anyio

from conformance.client import Client, ClientSession
from conformance.connection import Connection
from conformance.profile import Fixture
from conformance.scenario import Unmet, scenario
from conformance.scenarios.resources import heard

CHANGES = {"tools": "change-tools", "resources": "change-resources", "prompts": "change-prompts"}


@scenario("tools.list-changed", "resources.list-changed", "prompts.list-changed", "prompts.negotiated")
async def changed_lists(client: Client) -> None:
    """List what there is, have the lists changed, and list it again, with a GET stream open."""
    session = await client.initialize()
    fixtures = client.wire.profile.fixtures
    changing = {kind: fixtures[role] for kind, role in CHANGES.items() if role in fixtures}
    offered = {kind: fixture for kind, fixture in changing.items() if kind in session.capabilities}
    async with session.listen() as stream, anyio.create_task_group() as tasks:
        for kind, fixture in offered.items():
            tasks.start_soon(_change, client, session, stream, kind, fixture)
    for kind, role in CHANGES.items():
        if kind in session.capabilities:
            client.fixture(role)
    if not offered:
        raise Unmet("the server declares neither tools nor resources nor prompts")


async def _change(client: Client, session: ClientSession, stream: Connection, kind: str, fixture: Fixture) -> None:
    await session.pages(f"{kind}/list")
    await session.call(fixture)
    await heard(client, stream, f"notifications/{kind}/list_changed")
    await session.pages(f"{kind}/list")
