"""Several sessions begun at once, to compare their ids."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario


@scenario("session.id-quality", "session.id-chars")
async def many_sessions(client: Client) -> None:
    """Initialize six times, side by side."""
    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(client.initialize)
