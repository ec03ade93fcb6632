"""How a client shows its access token: basic/authorization "Token Requirements".

Other ways to authorize are free: only requests to a server that wants, or was given, bearer tokens are judged.
"""

import re
from urllib.parse import parse_qs, urlsplit

from conformance.checks.clientside import OF_MCP, shares_its_label
from conformance.evidence.trace import Exchange
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect

BEARER = re.compile(r"bearer +\S+", re.IGNORECASE)
IN_QUERY = "access_token"  # RFC 6750, 2.3


@check("token.header", party="client")
def tokens_are_sent_as_bearer(session: Session) -> Findings:
    """An access token is sent as `Authorization: Bearer`.

    Another form is wrong only where the server had asked for a bearer token and for nothing else.
    """
    for exchange in session.exchanges:
        given = exchange.request_header("authorization")
        if given is not None and BEARER.fullmatch(given):
            yield expect(True, exchange, f"{exchange.method} with a bearer token")
        elif given is not None and _wanted_before(exchange, session):
            form = "no scheme" if " " not in given else f"the scheme {given.partition(' ')[0]}"
            yield expect(False, exchange, f"the server wants a bearer token, and Authorization has {form}")


def _wanted_before(exchange: Exchange, session: Session) -> bool:
    return any(x.started < exchange.started for x in session.trace.exchanges if _wants_bearer(x))


def _wants_bearer(exchange: Exchange) -> bool:
    challenges = [value for name, value in exchange.response_headers if name.lower() == "www-authenticate"]
    return exchange.status == 401 and [c.partition(" ")[0].lower() for c in challenges] == ["bearer"]


@check("token.every-request", party="client")
def the_token_goes_with_every_request(session: Session) -> Findings:
    """A token that was accepted goes with every later request of the session, whatever its method."""
    if shares_its_label(session):
        return
    accepted = (x.head_at for x in session.exchanges if _has_token(x) and x.ok and x.head_at is not None)
    since = min(accepted, default=None)
    for exchange in session.exchanges if since is not None else ():
        if since is not None and exchange.started > since and exchange.method in OF_MCP:
            told = "with" if _has_token(exchange) else "without"
            yield expect(_has_token(exchange), exchange, f"{exchange.method} was sent {told} the token")


def _has_token(exchange: Exchange) -> bool:
    return BEARER.fullmatch(exchange.request_header("authorization") or "") is not None


@check("token.not-in-query", party="client")
def tokens_are_never_in_the_address(exchange: Exchange) -> Findings:
    """An access token is never in the query of the address."""
    in_query = IN_QUERY in parse_qs(urlsplit(exchange.url).query)
    if in_query or _has_token(exchange):
        where = "in the address" if in_query else "in a header alone"
        yield expect(not in_query, exchange, f"{exchange.method} had its token {where}")
