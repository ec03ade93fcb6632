"""Older clients at a server that may know nothing of them: basic/versioning "Backward Compatibility with
Initialization-Based Versions", and basic/transports/streamable-http "Earlier Streamable HTTP Revisions".

Some rules hold only for servers that speak nothing older than 2026-07-28. What such a list of versions says is not
enough: a server that answers `initialize` with a result serves older clients, whatever it lists.
"""

from collections.abc import Iterator

from conformance.checks.deciding import says_nothing
from conformance.checks.standing import is_right, is_served, listed_versions, modern_calls, texts, told, unclear
from conformance.evidence.era import MODERN_REVISIONS, VERSION, meta_of
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Call, sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

OLDER_HEADERS = ("mcp-session-id", "last-event-id")


def initializing(trace: Trace) -> Iterator[Exchange]:
    """Every exchange that asks to `initialize`."""
    for exchange in trace.exchanges:
        if any(isinstance(m, Message) and m.method == "initialize" for m in exchange.sent):
            yield exchange


def older(trace: Trace) -> str | None:
    """How the server showed that it serves older clients too, in words; None if it did not."""
    for exchange in initializing(trace):
        if any(isinstance(m, Message) and m.kind == "result" for m in exchange.received):
            return "initialize was answered with a result, so older clients are served too"
    for session in sessions(trace):
        if session.id is not None or session.initialized:
            return "a session was begun, so older clients are served too"
    found = [version for version in supported(trace) if version < MODERN_REVISIONS[0] and version[:2] == "20"]
    return f"the server says that it supports {found[0]} too" if found else None


def supported(trace: Trace) -> list[str]:
    """Every version that the server said it supports, in `server/discover` or in an error."""
    told = [version for session in sessions(trace) for version in listed_versions(session)]
    for message in trace.messages():
        if isinstance(message, Message) and message.sender == "server" and message.kind == "error":
            data = message.error.get("data")
            told += texts(data.get("supported")) if isinstance(data, dict) else []
    return list(dict.fromkeys(told))


def speaks_no_other(trace: Trace) -> bool:
    """Whether `initialize` was refused, and nothing else tells of older clients that are served."""
    refused = any(_is_refused(exchange) for exchange in initializing(trace))
    return refused and older(trace) is None


def _is_refused(exchange: Exchange) -> bool:
    """Whether an answer is a no; what keeps everybody out decides nothing."""
    said_no = any(isinstance(m, Message) and m.kind == "error" for m in exchange.received)
    return says_nothing(exchange) is None and exchange.status != 403 and (exchange.refused or said_no)


@check("era.old-traffic")
def traffic_of_older_clients_is_turned_away(trace: Trace) -> Findings:
    """A server of this revision alone answers GET and DELETE with 405, and ignores session ids and event ids.

    To ignore an id is to serve the request as if it were not there, and to give out none. In live traffic nobody
    knows whether the server speaks older revisions to others.
    """
    if reason := older(trace):
        yield moot(_first(trace), reason)
        return
    alone = speaks_no_other(trace) and trace.revision is not None
    for exchange in trace.spoken():
        for finding in _old_traffic(exchange):
            yield finding if alone else undecided(exchange, "nobody saw whether `initialize` is refused")
    for call in modern_calls(trace):
        if alone and is_right(call):
            yield from _ignored(call)


def _first(trace: Trace) -> Exchange:
    return next(iter(initializing(trace)), trace.exchanges[0])


def _old_traffic(exchange: Exchange) -> Iterator[Finding]:
    if exchange.method in ("GET", "DELETE") and exchange.request_header("origin") is None:
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif exchange.status == 403:
            yield undecided(exchange, f"{exchange.method} was answered with 403: who may ask is another question")
        else:
            yield expect(exchange.status == 405, exchange, f"{exchange.method} was answered with {exchange.status}")
    if exchange.response_header("mcp-session-id") is not None:
        yield expect(False, exchange, f"{exchange.method} was answered with a session id")


def _ignored(call: Call) -> Iterator[Finding]:
    """Only methods whose refusal cannot be about their params tell."""
    given = [name for name in OLDER_HEADERS if call.exchange.request_header(name) is not None]
    if not given or call.request.method != "server/discover":
        return
    seen = f"with {' and '.join(given)}, {told(call)}"
    if reason := unclear(call):
        yield undecided(call, reason)
    else:
        yield expect(is_served(call), call, seen)


@check("era.initialize-error")
def who_initializes_is_told_the_versions(trace: Trace) -> Findings:
    """A server of this revision alone names its versions in any error with which it answers `initialize`.

    Where in the error they stand is free. Who sends the metadata of a modern request is no older client.
    """
    if reason := older(trace):
        yield moot(_first(trace), reason)
        return
    versions = [v for v in supported(trace) if v in MODERN_REVISIONS] or list(MODERN_REVISIONS)
    for exchange in initializing(trace):
        if any(isinstance(m, Message) and VERSION in meta_of(m) for m in exchange.sent):
            continue
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif trace.revision is None:
            yield undecided(exchange, "in live traffic nobody knows what the server speaks to others")
        elif exchange.status == 403:
            yield undecided(exchange, "initialize was answered with 403: who may ask is another question")
        else:
            said = _words(exchange)
            named = [version for version in versions if version in said]
            seen = f"the error to initialize names {' and '.join(named) if named else 'no supported version'}"
            yield expect(len(named) == len(versions), exchange, f"{seen} ({exchange.status})")


def _words(exchange: Exchange) -> str:
    """All that an answer says, as text, however it is written down."""
    errors = (m.error for m in exchange.received if isinstance(m, Message))
    return exchange.body.decode("utf-8", "replace") + " ".join(map(str, errors))
