"""A text in many scripts goes to the server and comes back."""

from dataclasses import replace

import anyio

from conformance.driving.client import Client
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS


@scenario("utf8", "jsonrpc", "jsonrpc.id-echo", revisions=BOTH_ERAS)
async def unicode_round_trip(client: Client) -> None:
    """In two sessions at once, call the tool that answers with its argument, each time with a text of its own.

    The texts have characters of one to four bytes in UTF-8, and tell whose answer came back.
    """
    echo = client.fixture("echo")
    first, second = await client.begin(), await client.begin()
    async with anyio.create_task_group() as tasks:
        for number, session in enumerate((first, second, first, second)):
            tasks.start_soon(_call, session, _saying(echo, number))


def _saying(echo: Fixture, number: int) -> Fixture:
    """The same call with the number behind each of its texts, after a space or what Unicode calls a line break."""
    space = " \u2028"[number % 2]
    texts = {name: f"{value}{space}#{number}" for name, value in echo.arguments.items() if isinstance(value, str)}
    return replace(echo, arguments={**echo.arguments, **texts})


async def _call(session: Speaker, echo: Fixture) -> None:
    answer = await session.call(echo)
    if answer.kind != "result":
        raise Unmet(f"{echo.tool} was answered with the error {answer.error.get('code')!r}")
