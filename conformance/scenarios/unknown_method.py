"""A client asks for what no server has."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS

NOWHERE = "conformance/there-is-no-such-method"


@scenario(
    "jsonrpc",
    "jsonrpc.error-shape",
    "jsonrpc.code-int",
    "jsonrpc.id-echo",
    "jsonrpc.result-or-error",
    "method.404",
    revisions=BOTH_ERAS,
)
async def unknown_method(client: Client) -> None:
    """Ask for a method that does not exist, once under a number and once under a string of digits."""
    session = await client.begin()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_ask, session, 4_242)
        tasks.start_soon(_ask, session, "4343")


async def _ask(session: Speaker, id: int | str) -> None:
    await session.request(NOWHERE, id=id, intent="the method does not exist")
