"""A client asks for what no server has."""

import anyio

from conformance.client import Client, ClientSession
from conformance.scenario import scenario

NOWHERE = "conformance/there-is-no-such-method"


@scenario("jsonrpc", "jsonrpc.error-shape", "jsonrpc.code-int", "jsonrpc.id-echo", "jsonrpc.result-or-error")
async def unknown_method(client: Client) -> None:
    """Ask for a method that does not exist, once under a number and once under a string of digits."""
    session = await client.initialize()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_ask, session, 4_242)
        tasks.start_soon(_ask, session, "4343")


async def _ask(session: ClientSession, id: int | str) -> None:
    await session.request(NOWHERE, id=id, intent="the method does not exist")
