"""The client sets the log level, and the server logs."""

from contextlib import suppress

from conformance.client import Client
from conformance.scenario import Unmet, scenario


@scenario("log.capability", "log.errors", "jsonrpc.notif-no-id")
async def logging(client: Client) -> None:
    """Set a level that there is and one that there is not, then call a tool that logs."""
    session = await client.initialize()
    if "logging" in session.capabilities:
        await session.request("logging/setLevel", {"level": "debug"})
        unknown = session.post(session.asking("logging/setLevel", {"level": "loud"}), intent="no such log level")
        with suppress(Unmet):  # an answer without a response is no reason to leave the rest of the story out
            await session.complete(unknown)
    elif "log" not in client.wire.profile.fixtures:
        raise Unmet("the server does not declare logging")
    await session.call(client.fixture("log"))
