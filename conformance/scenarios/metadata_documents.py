"""Who wants a token is told where tokens are to be had."""

import anyio
import httpx

from conformance.driving.client import Client, origin_of
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.oauth import DEFAULTS, ISSUER, RESOURCE, metadata_address
from conformance.scenarios.knocking import knock

_RESOURCE_RULES = ("rs.prm", "rs.prm-servers", "rs.prm-discovery", "rs.401-prm-url", "rs.scope", "rs.no-offline")
_ISSUER_RULES = ("as.metadata", "as.metadata-location", "as.default-uris", "as.https")


@scenario(*_RESOURCE_RULES, *_ISSUER_RULES, revisions=BOTH_ERAS, tokenless=True)
async def metadata_documents(client: Client) -> None:
    """Knock without a token, and look up the metadata where the challenge says, and at the well-known places.

    In 2025-03-26 also knock at the addresses that an authorization server has if it publishes no metadata.
    """
    answers = await knock(client.bearing(None))
    if all(answer.status != 401 for answer in answers):
        raise Unmet("the server turned nobody away with 401 who showed no token")
    own = origin_of(client.wire.url)
    named = {address for answer in answers if (address := metadata_address(answer)) and origin_of(address) == own}
    async with anyio.create_task_group() as tasks:
        for address in sorted(named | _places(client)):
            tasks.start_soon(client.look_up, address)


def _places(client: Client) -> set[str]:
    """Where to look: with the endpoint's own path behind and without (RFC 9728, 3.1 and RFC 8414, 3.1)."""
    endpoint = httpx.URL(client.wire.url)
    paths = {place + path for place in (RESOURCE, ISSUER) for path in ("", endpoint.path.rstrip("/"))}
    paths |= set(DEFAULTS if client.revision == "2025-03-26" else ())
    return {str(endpoint.copy_with(raw_path=path.encode())) for path in paths}
