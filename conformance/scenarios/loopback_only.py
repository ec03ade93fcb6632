"""Is a server that is meant for this machine to be found on its other addresses too?"""

import sys
from urllib.parse import urlsplit

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import BOTH_ERAS, is_modern
from conformance.evidence.trace import Exchange

ELSEWHERE = "127.0.0.2"  # on Linux every 127.x.y.z is this machine; who listens at 127.0.0.1 alone is not there


@scenario("bind.loopback", revisions=BOTH_ERAS)
async def loopback_only(client: Client) -> None:
    """Seek a server that is known at 127.0.0.1 at 127.0.0.2, with the same Host header and without any secret."""
    host = urlsplit(client.wire.url).hostname
    if host not in ("127.0.0.1", "localhost"):
        raise Unmet(
            f"the target is at {host}, not at 127.0.0.1: the suite cannot know all addresses it may listen on"
        )
    if sys.platform != "linux":
        raise Unmet("only on Linux does 127.0.0.2 reach a server that listens on all addresses")
    if host == "localhost" and (await _seek(client, "127.0.0.1")).status is None:
        raise Unmet("localhost is served by IPv6 only, so IPv4 addresses tell nothing")
    await _seek(client, ELSEWHERE)


async def _seek(client: Client, address: str) -> Exchange:
    """Try to begin at another address, as it would be done at the target's own."""
    parts = urlsplit(client.wire.url)
    stranger = client.modern() if is_modern(client.revision) else client.stranger()
    secrets: dict[str, str | None] = dict.fromkeys(client.wire.headers)
    own: dict[str, str | None] = {"Host": parts.netloc.rpartition("@")[2]}
    connection = stranger.post(
        stranger.introducing() if isinstance(stranger, ClientSession) else stranger.asking(stranger.plainest),
        url=parts._replace(netloc=f"{address}:{parts.port}" if parts.port else address).geturl(),
        headers=secrets | own,
        intent=f"sent to {address}, where a server for this machine need not be",
    )
    await connection.settle(client.wire.timeout)
    connection.close()
    if isinstance(stranger, ClientSession):
        stranger.agree(connection.exchange)
    return connection.exchange
