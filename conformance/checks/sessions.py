"""Session management: the id that a server gives, and what it answers to requests without it or after its end."""

import re
from collections import Counter
from collections.abc import Iterator

from conformance.checks.deciding import BUSY, fails_anyhow, is_right, was_let_in
from conformance.checks.guessing import weakness
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Session
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")
SEVERAL = 5  # ids that must be there before their form says anything
GRACE = 0.2  # seconds after the answer to DELETE in which a server may still be busy ending the session


@check("session.id-quality")
def session_ids_are_unique_and_hard_to_guess(trace: Trace) -> Findings:
    """No two sessions have the same id, and several ids together do not look countable.

    How strong an id is cannot be seen. Weak for certain are ids that come twice, ids that are a number (a counter,
    a clock), alone or after a label that is always the same, and ids so short, or so much alike, that all can be
    tried. Everything else, be it a UUID, a token or a hash, is taken for what it should be.
    """
    given = [(x, x.response_header("mcp-session-id") or "") for x in trace.exchanges if _began_a_session(x)]
    ids = [id for x, id in given if id]
    for exchange, id in given:
        if not id:
            yield moot(exchange, "initialize was answered without a session id")
    for id, times in Counter(ids).items():
        if times > 1:
            where = next(x for x, other in reversed(given) if other == id)
            yield expect(False, where, f"{times} sessions were given the same id {id[:80]!r}")
    different = list(dict.fromkeys(ids))
    first = next((x for x, id in given if id), None)
    if first is not None and len(ids) == len(different):
        yield _form(first, different)


def _form(where: Exchange, ids: list[str]) -> Finding:
    """What the form of several different ids tells."""
    if len(ids) < SEVERAL:
        return undecided(where, f"{len(ids)} session ids were given, all different: too few to say more")
    weak = weakness(ids, "session ids")
    seen = f"{len(ids)} session ids, all different and of {min(map(len, ids))} characters or more"
    return expect(weak is None, where, weak or seen)


@check("session.id-chars")
def session_id_is_visible_ascii(exchange: Exchange) -> Findings:
    """A session id uses visible ASCII only, 0x21 to 0x7E."""
    if not _began_a_session(exchange):
        return
    given = [value.strip(" \t") for name, value in exchange.response_headers if name.lower() == "mcp-session-id"]
    if not given:
        yield moot(exchange, "initialize was answered without a session id")
    for id in given:
        if not id:
            yield undecided(exchange, "the Mcp-Session-Id header was empty")
        else:
            strange = sorted(set(VISIBLE_ASCII.sub("", id)))
            named = ", ".join(f"0x{ord(character):02X}" for character in strange[:8])
            seen = f"session id {id[:80]!r}" + (f" with the characters {named}" if strange else "")
            yield expect(not strange, exchange, seen)


@check("session.missing-400")
def missing_session_id_gets_400(session: Session) -> Findings:
    """A server that needs session ids answers a request without one with 400.

    Whether it needs them shows in the same requests: where one is served, the rule does not apply, and a
    notification that is taken shows nothing by itself. `initialize` is exempt, DELETE without an id means nothing,
    and a request with another mistake can be refused for that. A JSON-RPC error is a refusal whatever the status.
    """
    if session.id is None:
        yield from _no_session(session)
        return
    nameless = [x for x in session.exchanges if _names_no_session(x) and _is_proper(x, session)]
    served = [x for x in nameless if x.ok and not _is_refused_in_body(x) and not _is_told(x)]
    clear = [x for x in nameless if not _says_nothing(x, session) and not fails_anyhow(session, x)]
    refused = not served and any(x.method == "POST" and not _is_told(x) for x in clear)
    for exchange in nameless:
        seen = f"{_what(exchange)} without a session id was answered with {exchange.status}"
        if exchange in served or (exchange.status == 405 and exchange.method == "GET"):
            yield moot(exchange, seen)
        elif served or exchange not in clear or (exchange.ok and not refused):
            yield undecided(exchange, seen)
        else:
            yield expect(exchange.status == 400, exchange, seen)


@check("session.ended-404")
def ended_session_gets_404(session: Session) -> Findings:
    """After a session was ended, every request with its id is answered with 404, POST, GET and DELETE alike.

    Only a DELETE that was answered with success ends a session for certain; right after it the server may need a
    moment. An id that was never given out is another matter.
    """
    if session.id is None:
        yield from _no_session(session)
        return
    ended = session.deleted
    if ended is None or ended.head_at is None:
        for exchange in session.exchanges:
            if exchange.method == "DELETE" and session.names(exchange) and exchange.status is not None:
                yield undecided(exchange, f"DELETE was answered with {exchange.status}, so no session was ended")
        return
    for exchange in session.exchanges:
        if session.names(exchange) and exchange.started >= ended.head_at and not _initializes(exchange):
            yield from _after_the_end(exchange, session, exchange.started - ended.head_at)


def _after_the_end(exchange: Exchange, session: Session, since: float) -> Iterator[Finding]:
    seen = f"{_what(exchange)} with the id of an ended session was answered with {exchange.status}"
    if exchange.status == 404:
        yield expect(True, exchange, seen)
    elif exchange.status == 405 and exchange.method == "GET" and not _was_served(exchange.method, session):
        yield moot(exchange, seen)
    elif _says_nothing(exchange, session) or fails_anyhow(session, exchange) or not _is_proper(exchange, session):
        yield undecided(exchange, seen)
    elif exchange.ok and since < GRACE:
        yield undecided(exchange, f"{seen}, so soon that it may still have been ending")
    else:
        yield expect(False, exchange, seen)


def _was_served(method: str, session: Session) -> bool:
    """Whether the server offers a method at all, which shows in this session, as long as it lived."""
    return any(x.method == method and x.ok and is_right(session, x) for x in session.exchanges)


def _no_session(session: Session) -> Findings:
    if session.handshake is not None and session.initialized:
        yield moot(session, "the server gives no session ids")


def _initializes(exchange: Exchange) -> bool:
    return any(isinstance(m, Message) and m.kind == "request" and m.method == "initialize" for m in exchange.sent)


def _began_a_session(exchange: Exchange) -> bool:
    """Whether `initialize` was answered with a result, in a session that was not there before."""
    answered = any(isinstance(m, Message) and m.kind == "result" for m in exchange.received)
    return exchange.ok and answered and _initializes(exchange) and not exchange.request_header("mcp-session-id")


def _is_refused_in_body(exchange: Exchange) -> bool:
    return any(isinstance(m, Message) and m.kind == "error" for m in exchange.received)


def _is_told(exchange: Exchange) -> bool:
    """Whether a POST asks for nothing: it carries notifications or responses only."""
    requests = (m for m in exchange.sent if not (isinstance(m, Message) and m.kind != "request"))
    return exchange.method == "POST" and next(requests, None) is None


def _names_no_session(exchange: Exchange) -> bool:
    return (
        exchange.method in ("POST", "GET")
        and exchange.request_header("mcp-session-id") is None
        and not _initializes(exchange)
    )


def _is_proper(exchange: Exchange, session: Session) -> bool:
    """Whether a request has no other mistake, and nothing else that a server might refuse."""
    version = exchange.request_header("mcp-protocol-version")
    if exchange.request_header("origin") is not None or version not in (None, session.revision):
        return False
    if version is None and session.revision >= "2025-06-18":
        return False
    accept = exchange.request_header("accept") or ""
    wanted = {"POST": ("application/json", "text/event-stream"), "GET": ("text/event-stream",)}
    messages = exchange.method != "POST" or (exchange.sent and all(isinstance(m, Message) for m in exchange.sent))
    return bool(messages) and all(kind in accept for kind in wanted.get(exchange.method, ()))


def _says_nothing(exchange: Exchange, session: Session) -> bool:
    """No answer, a redirection, a server that is busy, or a demand for authorization where none was given before."""
    status = exchange.status
    if status in (401, 403):
        return not was_let_in(session, exchange)
    return status is None or 300 <= status < 400 or status in BUSY


def _what(exchange: Exchange) -> str:
    """What was sent, in words: POST of ping, GET, DELETE."""
    methods = [m.method or "a response" for m in exchange.sent if isinstance(m, Message)]
    return f"{exchange.method} of {', '.join(methods)[:80]}" if methods else exchange.method
