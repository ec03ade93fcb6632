"""Where a target sends its clients instead: followed in pre-flight, to the target's own place and nowhere else.

307 and 308 keep method and body, so that a client may follow them (RFC 9110, 15.4.8 and 15.4.9). What we send, and a
token with it, goes to the origin that was given or, if that is one of http, to https on the same host.
"""

import httpx

from conformance.evidence.trace import Exchange

_KEEPING = (307, 308)


def onward(exchange: Exchange) -> str | None:
    """The address of the target's own to which an answer sends its request; None if it sends it nowhere, or away."""
    location = exchange.response_header("location")
    if exchange.status not in _KEEPING or location is None:
        return None
    try:
        here = httpx.URL(exchange.url)
        there = here.join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    if not _is_own(here, there):
        return None
    return str(there.copy_with(userinfo=here.userinfo, fragment=None))


def _is_own(here: httpx.URL, there: httpx.URL) -> bool:
    if there.host != here.host:
        return False
    is_origin = (there.scheme, there.port) == (here.scheme, here.port)
    return is_origin or (here.scheme, there.scheme) == ("http", "https")
