"""What a client says with every request: basic/transports "Session Management" and "Protocol Version Header"."""

from conformance.checks.clientside import agreed, later, messages_in
from conformance.checks.reading import requests, shown, what
from conformance.evidence.era import VERSION, meta_of
from conformance.evidence.trace import Exchange
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, moot, undecided

ID, VERSION_HEADER = "Mcp-Session-Id", "MCP-Protocol-Version"
GONE = 404


@check("session.echo", party="client")
def the_session_id_goes_with_every_request(session: Session) -> Findings:
    """Where the server gave a session id, every later request of the client carries it, whatever its method."""
    if agreed(session) is not None and session.id is None:
        yield moot(session, "the server gave no session id")
    if session.id is None:
        return
    over = _over_at(session)
    for exchange in later(session):
        if over is None or exchange.started <= over:
            given = exchange.request_header(ID)
            told = "with" if given == session.id else "without"
            yield expect(given == session.id, exchange, f"{_named(exchange)} was sent {told} the session id")


def _over_at(session: Session) -> float | None:
    """When the session ended, as far as its client could know: by its own DELETE, or by a 404."""
    ended = (x.started for x in session.exchanges if x.method == "DELETE" and session.names(x))
    gone = (x.started for x in session.exchanges if x.status == GONE and session.names(x))
    return min((*ended, *gone), default=None)


@check("session.restart", party="client")
def a_session_that_is_gone_is_not_asked_again(session: Session) -> Findings:
    """Told by 404 that its session is gone, a client that goes on begins a new one, without the old id.

    What was sent at about the same time is no breach, nor is the DELETE of somebody who leaves.
    """
    asked = [x for x in session.exchanges if session.names(x) and x.method == "POST" and requests(x)]
    gone = [x for x in asked if x.status == GONE and x.head_at is not None]
    if not gone or any(x.ok and x.started > gone[0].started for x in asked):
        return
    first, again = gone[0], [x for x in gone[1:] if x.started > (gone[0].head_at or 0)]
    kept = next((x for x in asked if _initializes(x) and x.started > (first.head_at or 0)), None)
    stubborn = next((x for x in again[1:] if x.started > (again[0].head_at or 0)), None)
    if kept is not None or stubborn is not None:
        told = "initialize came with its id" if kept is not None else "two more requests were sent with its id"
        yield expect(False, kept or stubborn or first, f"the session was gone (404), and {told}")
    elif anew := _began_anew(session, first):
        yield expect(True, anew, "after the session was gone (404) a new one was begun")
    else:
        yield undecided(first, "the session was gone (404), and its client was not seen to go on")


def _initializes(exchange: Exchange) -> bool:
    return any(m.method == "initialize" for m in messages_in(exchange))


def _began_anew(session: Session, gone: Exchange) -> Exchange | None:
    later = (x for x in session.trace.exchanges if x.number > gone.number and x.client == gone.client)
    return next((x for x in later if _initializes(x) and x.request_header(ID) is None), None)


@check("version.header", party="client")
def the_version_goes_with_every_request(session: Session) -> Findings:
    """Every request after `initialize` has the MCP-Protocol-Version header.

    From 2026-07-28 on, every POST with a request has it; for notifications that is undefined.
    """
    modern = (x for x in session.exchanges if x.method == "POST" and requests(x))
    for exchange in modern if session.modern else later(session):
        given = exchange.request_header(VERSION_HEADER)
        told = "without a version header" if given is None else f"with {VERSION_HEADER}: {given}"
        yield expect(given is not None, exchange, f"{_named(exchange)} was sent {told}")


@check("version.header-negotiated", party="client")
def the_version_header_says_what_was_negotiated(session: Session) -> Findings:
    """The MCP-Protocol-Version header names the version that the server answered `initialize` with."""
    agreement = agreed(session)
    for exchange in later(session) if agreement is not None else ():
        given = exchange.request_header(VERSION_HEADER)
        negotiated = agreement.result.get("protocolVersion") if agreement is not None else None
        if given is not None:
            seen = f"{_named(exchange)} says {shown(given)}, negotiated was {shown(negotiated)}"
            yield expect(given == negotiated, exchange, seen)


@check("version.header-match", party="client")
def the_version_header_says_what_the_body_says(session: Session) -> Findings:
    """The MCP-Protocol-Version header of a request names the version that its `_meta` names."""
    for exchange in session.exchanges if session.modern else ():
        given = exchange.request_header(VERSION_HEADER)
        for request in requests(exchange):
            named = meta_of(request).get(VERSION)
            if given is not None and isinstance(named, str):
                seen = f"{VERSION_HEADER} is {shown(given)}, the body says {shown(named)}"
                yield expect(given == named, request, seen)


def _named(exchange: Exchange) -> str:
    return what(exchange) if exchange.sent else exchange.method
