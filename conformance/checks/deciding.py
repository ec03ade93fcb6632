"""Which answers say nothing about the rule that was probed."""

from conformance.trace import Exchange

BUSY = (429, 502, 503, 504)


def says_nothing(exchange: Exchange) -> str | None:
    """Why an answer decides nothing, in words; None if it can be judged.

    The order of authorization and all other checks is nowhere fixed, and a server or gateway that is busy has not
    looked at what was sent.
    """
    what = exchange.method
    if exchange.status is None:
        return f"{what} got no answer ({exchange.trouble or exchange.ending})"
    if exchange.status == 401:
        return f"{what} was answered with 401: authorization comes first, so give the suite a token"
    if exchange.status in BUSY:
        return f"{what} was answered with {exchange.status}: the server was not ready"
    if 300 <= exchange.status < 400:
        return f"{what} was redirected ({exchange.status})"
    return None
