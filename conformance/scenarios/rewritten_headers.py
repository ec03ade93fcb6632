"""Right headers in other letters, and a few that only seem right."""

from collections.abc import Callable

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, wrapped
from conformance.scenarios.addressed import Asking, named_requests

MISLEADING: dict[str, Callable[[str], str]] = {
    "the Base64 is cut short": lambda text: wrapped(text).replace("=?=", "?=").replace("=?=", "?="),
    "the Base64 has strange letters": lambda text: wrapped(text).replace("=?base64?", "=?base64?!"),
    "the marks of the Base64 are in capitals": lambda text: wrapped(text).replace("base64", "BASE64"),
    "the Base64 has no mark at its end": lambda text: wrapped(text).removesuffix("?="),
    "the Base64 has no marks": lambda text: wrapped(text).removeprefix("=?base64?").removesuffix("?="),
}


@scenario("hdr.name-case", "hdr.white-space", revisions=MODERN_REVISIONS)
async def rewritten_headers(client: Client) -> None:
    """Write the names of headers in small letters and in capitals, and white space around their values."""
    speaker = client.modern()
    asking = Asking(speaker)
    for method, params in [(speaker.plainest, {}), *await named_requests(client, speaker)]:
        asking.send(speaker.asking(method, params))
        asking.rewritten(speaker.asking(method, params), str.lower, str)
        asking.rewritten(speaker.asking(method, params), str.upper, str)
        asking.rewritten(speaker.asking(method, params), str, lambda value: f" \t{value}  ")
    await asking.answered()


@scenario("hdr.decode", "hdr.mismatch", "hdr.mismatch-code", revisions=MODERN_REVISIONS)
async def wrapped_names(client: Client) -> None:
    """Wrap names in Base64 that need no wrapping, rightly and in ways that nobody should take for Base64."""
    speaker = client.modern()
    asking = Asking(speaker)
    for method, params in await named_requests(client, speaker):
        name = str(params.get("name", params.get("uri")))
        asking.send(speaker.asking(method, params))
        asking.send(speaker.asking(method, params), {"Mcp-Name": wrapped(name)})
        for intent, write in MISLEADING.items():
            if (header := write(name)) != wrapped(name):
                asking.send(speaker.asking(method, params), {"Mcp-Name": header}, intent)
    await asking.answered()
