"""Which eras a server serves, so far as it showed that. No checks here.

Some rules hold only for servers that speak nothing older than 2026-07-28. What such a list of versions says is not
enough: a server that answers `initialize` with a result serves older clients, whatever it lists.
"""

from collections.abc import Iterator

from conformance.checks.deciding import says_nothing
from conformance.checks.standing import listed_versions, texts
from conformance.era import MODERN_REVISIONS
from conformance.trace import Exchange, Message, Trace
from conformance.views import sessions


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
