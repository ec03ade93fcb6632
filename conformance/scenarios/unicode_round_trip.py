"""A text in many scripts goes to the server and comes back."""

from conformance.client import Client
from conformance.scenario import Unmet, scenario


@scenario("utf8")
async def unicode_round_trip(client: Client) -> None:
    """Call the tool that answers with its argument, with characters of one to four bytes in UTF-8."""
    session = await client.initialize()
    echo = client.fixture("echo")
    answer = await session.call(echo)
    if answer.kind != "result":
        raise Unmet(f"{echo.tool} was answered with the error {answer.error.get('code')!r}")
