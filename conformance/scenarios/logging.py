"""The client sets the log level, and the server logs."""

import itertools
from contextlib import suppress

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import MODERN_REVISIONS

LOGGING = ("log", "log-levels")


@scenario("log.capability", "log.errors", "jsonrpc.notif-no-id")
async def logging(client: Client) -> None:
    """Set a level that there is and one that there is not, then call a tool that logs."""
    session = await client.initialize()
    if "logging" in session.capabilities:
        await session.request("logging/setLevel", {"level": "debug"})
        unknown = session.post(session.asking("logging/setLevel", {"level": "loud"}), intent="no such log level")
        await _try(session, unknown)
    elif "log" not in client.wire.profile.fixtures:
        raise Unmet("the server does not declare logging")
    await session.call(client.fixture("log"))


@scenario(
    "log.capability",
    "log.errors",
    "log.only-on-request",
    "log.same-stream",
    "jsonrpc.notif-no-id",
    revisions=MODERN_REVISIONS,
)
async def logging_on_request(client: Client) -> None:
    """Call a tool that logs: with a level that there is, without any, and with one that there is not.

    One that logs at every level shows whether those without a level are spared the loud messages too.
    """
    speaker = client.modern()
    known = client.wire.profile.fixtures
    fixtures = [known[role] for role in LOGGING if role in known] or [client.fixture(LOGGING[0])]
    unknown = speaker.calling(fixtures[0], token="unknown-level", level="loud")
    async with anyio.create_task_group() as tasks:
        for fixture, level in itertools.product(fixtures, ("debug", None)):
            tasks.start_soon(speaker.complete, speaker.post(speaker.calling(fixture, level=level)))
        if "logging" in speaker.capabilities:
            tasks.start_soon(_try, speaker, speaker.post(unknown, intent="there is no such log level"))


async def _try(speaker: Speaker, connection: Connection) -> None:
    """An answer without a response is no reason to leave the rest of a story out."""
    with suppress(Unmet):
        await speaker.complete(connection)
