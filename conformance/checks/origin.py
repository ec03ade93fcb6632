"""Who may talk to the server, and where it listens: basic/transports "Security Warning"."""

import ipaddress
from urllib.parse import urlsplit

from conformance.checks.deciding import fails_anyhow, says_nothing, was_let_in
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided

NOBODYS = (".example", ".invalid", ".test")  # RFC 6761: no real page can have such a host, so nobody can allow it

HOME = "127.0.0.1"


def host_of(url: str) -> str:
    """The host in a URL or an origin, empty if there is none to be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_foreign(exchange: Exchange) -> bool:
    """Whether the request came from a web page that is plainly none of the server's own."""
    return host_of(exchange.request_header("origin") or "").endswith(NOBODYS)


def is_private(host: str) -> bool:
    """Whether the target is this machine or in a private network, where DNS rebinding is the danger."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _not_offered(exchange: Exchange) -> bool:
    """GET and DELETE may be refused to everybody."""
    return exchange.method != "POST" and exchange.status == 405


def _served(exchange: Exchange) -> bool:
    """Whether the request got what it wanted, which an error with status 200 is not, nor a text."""
    said = {m.kind for m in exchange.received if isinstance(m, Message)}
    wanted = exchange.method == "DELETE" or exchange.is_stream or exchange.status == 202 or "result" in said
    return exchange.ok and wanted and "error" not in said


def _in_words(exchange: Exchange) -> str:
    return f"{exchange.method} with Origin {exchange.request_header('origin')} was answered with {exchange.status}"


def _says_nothing(session: Session, exchange: Exchange) -> str | None:
    """Why an answer shows nothing of what the server thinks of the Origin.

    A 401 is about the Origin where the same credentials were good enough without one.
    """
    is_about_it = exchange.status == 401 and was_let_in(session, exchange)
    if not is_about_it and (reason := says_nothing(exchange)):
        return reason
    if _not_offered(exchange):
        return f"{exchange.method} is not offered here (405)"
    return f"{_in_words(exchange)}, as it is without one" if fails_anyhow(session, exchange) else None


@check("origin.validate")
def a_foreign_origin_is_refused(session: Session) -> Findings:
    """The Origin header is checked on every incoming connection: a page that is plainly foreign is refused.

    Acceptance is a breach only on loopback or in a private network; a public server may let every page in.
    """
    for exchange in filter(is_foreign, session.exchanges):
        seen = _in_words(exchange)
        if reason := _says_nothing(session, exchange):
            yield undecided(exchange, reason)
        elif not _served(exchange):
            yield expect(True, exchange, seen)
        elif is_private(host_of(exchange.url)):
            yield expect(False, exchange, f"{seen}: any web page can talk to this server")
        else:
            yield undecided(exchange, f"{seen}; a public server may let all origins in")


@check("origin.403")
def a_foreign_origin_gets_403(session: Session) -> Findings:
    """A request with an Origin that the server refuses gets 403. Whether it refuses at all is `origin.validate`."""
    for exchange in filter(is_foreign, session.exchanges):
        seen = _in_words(exchange)
        if reason := _says_nothing(session, exchange):
            yield undecided(exchange, reason)
        elif _served(exchange):
            yield undecided(exchange, f"{seen}: it was not refused")
        else:
            yield expect(exchange.status == 403, exchange, seen)


@check("bind.loopback")
def a_local_server_listens_on_loopback_only(session: Session) -> Findings:
    """A server that runs locally listens on the loopback address only.

    One that answers on another address of this machine listens on all of them; one that refuses there does not.
    """
    own = host_of(session.trace.target)
    for exchange in session.exchanges:
        other = host_of(exchange.url)
        if not own or other in (own, HOME) or not other.startswith("127."):
            continue
        seen = f"the server at {own} was sought at {other}"
        if exchange.ok:
            yield expect(False, exchange, f"{seen} and answered: it listens on all addresses of this machine")
        elif exchange.status is not None:
            yield undecided(exchange, f"{seen}: somebody answered with {exchange.status}, maybe another server")
        elif "refused" in exchange.trouble:
            yield expect(True, exchange, f"{seen}, and the connection was refused")
        else:
            yield undecided(exchange, f"{seen}: {exchange.trouble or exchange.ending}")
