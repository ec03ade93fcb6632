"""A client asks, the server answers: the plainest story there is."""

from conformance.client import Client
from conformance.scenario import scenario


@scenario("ping.reply", "init.result")
async def stateless_call(client: Client) -> None:
    """Initialize, ping, list the tools and call one of them: one POST and one answer each."""
    session = await client.initialize()
    await session.request("ping")
    if "tools" in session.capabilities:
        await session.request("tools/list", id="list-1")
        await session.call(client.fixture("simple"))
