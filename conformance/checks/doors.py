"""Which requests want a token, which were let in without one, and whether OAuth is behind it.

All of it follows from what was answered. A server may leave some of its requests open to everybody, so a request is
guarded if the like of it was turned away for want of a token. And a server may have an authentication scheme of its
own: what OAuth asks is asked only of one that says Bearer, or publishes the metadata of OAuth.
"""

from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import urlsplit

from conformance.checks.deciding import BUSY
from conformance.checks.published import resource_documents
from conformance.evidence.oauth import bearer, challenges
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import once_per_trace
from conformance.judging.check import Finding, moot

INVALID = ("garbage", "tampered", "expired")
ELSEWHERE = "elsewhere"
NARROW = "narrow"
FULL = "full"
_BEGINNING = ("POST", "initialize")

Operation: TypeAlias = tuple[str, str]


def operation(exchange: Exchange) -> Operation:
    """What is asked for: the HTTP method, and the method of the request in the body."""
    asked = (m.method for m in exchange.sent if isinstance(m, Message) and m.kind == "request")
    return exchange.method, next(asked, "")


def is_bare(exchange: Exchange) -> bool:
    """Whether a request shows no token at all, wherever."""
    return exchange.request_header("authorization") is None and not is_in_query(exchange)


def is_in_query(exchange: Exchange) -> bool:
    """Whether a request shows its token in the address, as OAuth 2.1, 5.1 forbids."""
    query = exchange.url.partition("?")[2]
    in_it = any(pair.startswith("access_token=") for pair in query.split("&"))
    return in_it and exchange.request_header("authorization") is None


def is_served(exchange: Exchange) -> bool:
    """Whether a request got what it wanted: a result, a stream, or the end of its session."""
    if exchange.method == "POST" and operation(exchange)[1]:
        return exchange.ok and has_result(exchange)
    return exchange.ok and (exchange.is_stream or exchange.method != "GET")


def has_result(exchange: Exchange) -> bool:
    """Whether an answer brings a result; one that says `isError` may be a refusal of the tool's own."""
    results = [m for m in exchange.received if isinstance(m, Message) and m.kind == "result"]
    return any(m.result.get("isError") is not True for m in results)


def in_session(exchange: Exchange) -> bool:
    """Whether a request names a session: what refuses it may then be the session and not the token."""
    return exchange.request_header("mcp-session-id") is not None


def asks_for_token(exchange: Exchange) -> bool:
    """401 always does, 403 with a Bearer challenge."""
    return exchange.status == 401 or (exchange.status == 403 and bearer(exchange) is not None)


@once_per_trace
def guarded(trace: Trace) -> frozenset[Operation]:
    """What is not had without a token: it was refused to who showed none, with 401, or to nobody but them.

    Only in stories is a token all that sets two requests apart: in live traffic 401 alone says so.
    """
    told = [x for x in trace.spoken() if trace.revision is not None and is_served(x)]
    admitted = {operation(x) for x in told if x.token == FULL} - {operation(x) for x in told if is_bare(x)}
    refused = [x for x in trace.spoken() if is_bare(x) and x.status in (400, 401, 403, 404)]
    alone = {operation(x) for x in refused if operation(x) in admitted and not in_session(x)}
    return frozenset(alone | {operation(x) for x in refused if asks_for_token(x)})


def is_guarded(exchange: Exchange, trace: Trace) -> bool:
    """Whether a request takes a token, itself or to begin the session that it names."""
    behind = in_session(exchange) and _BEGINNING in guarded(trace)
    return behind or operation(exchange) in guarded(trace)


def without_token(trace: Trace) -> list[Exchange]:
    """The requests that should have shown a token and did not."""
    return [x for x in judged(trace) if is_bare(x) and is_guarded(x, trace)]


def with_token(trace: Trace, *roles: str) -> list[Exchange]:
    """The requests that showed one of these, where they take a token or were refused for the one they showed."""
    return [x for x in judged(trace) if x.token in roles and (is_guarded(x, trace) or x.status == 401)]


@once_per_trace
def is_oauth(trace: Trace) -> bool:
    """Whether the server is an OAuth resource: it says Bearer, or publishes metadata as the resource that it is."""
    if any(bearer(x) is not None for x in trace.spoken()):
        return True
    path = urlsplit(trace.target).path.rstrip("/")
    published = (str(said.get("resource")) for _, said in resource_documents(trace))
    return any(_path(resource) in ("", path) for resource in published)


@once_per_trace
def judged(trace: Trace) -> list[Exchange]:
    """The exchanges, if the rules of OAuth apply: something takes a token, and no scheme of the server's own."""
    return list(trace.spoken()) if guarded(trace) and is_oauth(trace) else []


def why_not(trace: Trace) -> Iterator[Finding]:
    """Why those rules do not apply, as far as the server said so; nothing if they do."""
    if judged(trace):
        return
    bare = [x for x in trace.spoken() if is_bare(x)]
    if not guarded(trace):
        yield from (moot(x, "the server answers without a token") for x in [x for x in bare if is_served(x)][:1])
        return
    refused = next(x for x in bare if operation(x) in guarded(trace) and x.refused)
    schemes = ", ".join(challenge.scheme for challenge in challenges(refused)) or "no challenge"
    yield moot(refused, f"{refused.status} with {schemes}, not with Bearer: an authentication scheme of its own")


def is_spoken(trace: Trace) -> bool:
    """Whether the revision was seen spoken: without a token that may be open, and so which rules hold."""
    return any(is_served(x) for x in trace.spoken() if x.method == "POST")


def says_nothing(exchange: Exchange) -> str | None:
    """Why an answer tells nothing about tokens, in words; None if it does."""
    status = exchange.status
    if status is None:
        return f"{what(exchange)} got no answer ({exchange.trouble or exchange.ending})"
    if status in BUSY or 300 <= status < 400 or status >= 500:
        return f"{what(exchange)} was answered with {status}"
    return None


def what(exchange: Exchange) -> str:
    """A request in words: what it asked, where, and with which token."""
    method, asked = operation(exchange)
    place = " in a session" if in_session(exchange) else ""
    return f"{asked or method}{place} {_with_what(exchange)}"


def _with_what(exchange: Exchange) -> str:
    if is_in_query(exchange):
        return "with the token in the query"
    match exchange.token:
        case "garbage":
            return "with a token that nobody issued"
        case "tampered":
            return "with a token that was changed"
        case "expired":
            return "with an expired token"
        case "elsewhere":
            return "with a token for another audience"
        case "narrow":
            return "with a narrow token"
    return "without a token" if is_bare(exchange) else "with a token"


def _path(url: str) -> str | None:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return None
