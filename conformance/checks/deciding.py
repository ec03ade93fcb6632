"""Which answers say nothing about the rule that was probed."""

from conformance.evidence.era import CAPABILITIES, VERSION, meta_of, mirrored_name, wrapped
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Session, once_per_trace, same_id, sessions

BUSY = (429, 502, 503, 504)
GONE = (404, 409, 410)  # may be said of the session


def says_nothing(exchange: Exchange) -> str | None:
    """Why an answer decides nothing, in words; None if it can be judged.

    The order of authorization and all other checks is nowhere fixed, and a server or gateway that is busy has not
    looked at what was sent.
    """
    what = exchange.method
    if exchange.status is None:
        return f"{what} got no answer ({exchange.trouble or exchange.ending})"
    if exchange.ending == "cut off" and not any(isinstance(m, Message) and m.is_response for m in exchange.received):
        return f"{what} was answered with more than can be recorded"
    if exchange.status == 401:
        return f"{what} was answered with 401: authorization comes first, so give the suite a token"
    if exchange.status in BUSY:
        return f"{what} was answered with {exchange.status}: the server was not ready"
    if 300 <= exchange.status < 400:
        return f"{what} was redirected ({exchange.status})"
    return None


def other_cause(session: Session, exchange: Exchange) -> str | None:
    """Why a request may have been refused whatever it asked, in words; None if nothing but itself was the cause."""
    if exchange.status in GONE and not lives_on(session, exchange):
        seen = f"{exchange.method} was answered with {exchange.status}"
        return f"{seen}, and nothing later shows that the session was alive"
    if names_another_request(exchange):
        return f"{exchange.method} was answered, but not under the request's own id"
    return says_nothing(exchange)


def names_another_request(exchange: Exchange) -> bool:
    """Whether an answer that was served holds responses, and none of them names a request that was sent there.

    A refusal by its status, or an error without an id, is about what was sent, whatever it names.
    """
    responses = [m for m in exchange.received if isinstance(m, Message) and m.is_response]
    asked = [m.id for m in exchange.sent if isinstance(m, Message)]
    named = [m.id for m in responses if m.kind == "result" or m.id is not None]
    return exchange.ok and bool(named) and not any(same_id(its, id) for its in named for id in asked)


def is_silent(exchange: Exchange) -> bool:
    """Whether an answer was waited for in vain. On a busy machine that happens to anybody."""
    return exchange.status is None and exchange.ending == "timed out"


def was_let_in(session: Session, exchange: Exchange) -> bool:
    """Whether the same credentials had opened the same door before: then 401 and 403 are not about them."""
    token = exchange.request_header("authorization")
    return any(
        x.ok
        and x.method == exchange.method
        and x.ended is not None
        and x.ended <= exchange.started
        and x.request_header("authorization") == token
        for x in session.exchanges
    )


def lives_on(session: Session, exchange: Exchange) -> bool:
    """Whether the server served a request of this session, and by its id, that was sent after this answer."""
    if exchange.head_at is None:
        return False
    later = (x for x in session.exchanges if x.method == "POST" and x.ok and x.started > exchange.head_at)
    return any(session.id is None or session.names(x) for x in later)


def ends_sessions_alone(trace: Trace) -> bool:
    """Whether the server ends sessions of its own accord: one was gone (404) that nobody had ended or bothered.

    A cancellation bothers a server if it is wrong about those, so sessions with cancellations are left out.
    """
    gone = {_session_named(x) for x in trace.exchanges if x.status == 404}
    ended = {_session_named(x) for x in trace.exchanges if x.method == "DELETE" and x.ok}
    bothered = {
        _session_named(x)
        for x in trace.exchanges
        if any(isinstance(m, Message) and m.method == "notifications/cancelled" for m in x.sent)
    }
    given = {x.response_header("mcp-session-id") for x in trace.exchanges if x.ok} - {None}
    return bool((gone & given) - ended - bothered)


def _session_named(exchange: Exchange) -> str | None:
    return exchange.request_header("mcp-session-id")


def is_right(session: Session, exchange: Exchange) -> bool:
    """Whether nothing but its messages asks for a refusal: the session is named and lives, the version is agreed.

    In the modern era: the headers say what the metadata of its messages says.
    """
    if session.modern:
        return is_complete(exchange, session.revision) and exchange.request_header("origin") is None
    version = exchange.request_header("mcp-protocol-version")
    named = session.id is None or session.names(exchange)
    agreed = version is None or version == session.initialized.get("protocolVersion")
    ended = session.deleted is not None and exchange.started > session.deleted.started
    return named and agreed and not ended and exchange.request_header("origin") is None


def fails_anyhow(session: Session, exchange: Exchange) -> bool:
    """Whether an HTTP method draws this very status whatever is asked: then it tells nothing of what was wrong here.

    That a server gets GET or DELETE wrong altogether is a rule of its own; `initialize` is another matter.
    """
    return (session.revision, exchange.method, exchange.status) in _hopeless(session.trace)


@once_per_trace
def _hopeless(trace: Trace) -> frozenset[tuple[str, str, int | None]]:
    """What right requests drew by methods that were never served in sessions of a revision, once those had begun."""
    begun = [session for session in sessions(trace) if session.initialized and not session.modern]
    asked = [(s.revision, x) for s in begun for x in s.exchanges if is_right(s, x) and not _initializes(x)]
    right = [(revision, x) for revision, x in asked if x.request_header("last-event-id") is None]
    served = {(revision, x.method) for revision, x in right if x.ok and (x.is_stream or x.method != "GET")}
    return frozenset((revision, x.method, x.status) for revision, x in right if (revision, x.method) not in served)


def _initializes(exchange: Exchange) -> bool:
    return any(isinstance(m, Message) and m.method == "initialize" for m in exchange.sent)


def is_complete(exchange: Exchange, revision: str) -> bool:
    """Whether every message of a request in the modern era comes with all that it needs, in headers and `_meta`."""
    sound = all(isinstance(m, Message) and _says_what_it_is(exchange, m, revision) for m in exchange.sent)
    return sound and exchange.request_header("mcp-protocol-version") == revision


def _says_what_it_is(exchange: Exchange, message: Message, revision: str) -> bool:
    if message.kind == "notification":
        return meta_of(message).get(VERSION) in (None, revision)
    meta, name = meta_of(message), mirrored_name(message.body)
    complete = meta.get(VERSION) == revision and isinstance(meta.get(CAPABILITIES), dict)
    given = exchange.request_header("mcp-name")
    named = name is None or given in (name, wrapped(name))
    return complete and named and exchange.request_header("mcp-method") == message.method
