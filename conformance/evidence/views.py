"""What follows from a trace and is never stored: sessions, streams and calls.

An HTTP connection is not a stream: a stream that was cut and resumed has several legs, joined here by
Last-Event-ID. A call is a request and the response it got, wherever that came. A session is what one
`initialize` began, or, on a server without sessions and in the modern era, what one client did.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Literal, TypeVar

from conformance.evidence.belonging import groups
from conformance.evidence.era import (
    HTTP_SSE,
    KNOWN_REVISIONS,
    SESSION_REVISIONS,
    declared_capabilities,
    declared_version,
    meta_of,
)
from conformance.evidence.trace import JSON, Event, Exchange, Malformed, Message, Trace

OLDEST = "2025-03-26"  # what a missing version header stands for
_T = TypeVar("_T")


@dataclass(eq=False, slots=True)
class Stream:
    """One event stream: the exchange that opened it, and those that resumed it."""

    session: "Session"
    legs: list[Exchange]

    @property
    def opened_by(self) -> Literal["POST", "GET"]:
        return "POST" if self.legs[0].method == "POST" else "GET"

    @property
    def first(self) -> Exchange:
        return self.legs[0]

    @property
    def last(self) -> Exchange:
        return self.legs[-1]

    def events(self) -> Iterator[tuple[Exchange, int, Event]]:
        """All events on all legs, in order, with the exchange and the position in it."""
        for leg in self.legs:
            for position, event in enumerate(leg.events):
                yield leg, position, event

    def messages(self) -> Iterator[Message]:
        """All messages that the server sent on this stream, replayed ones included."""
        for leg in self.legs:
            yield from (m for m in leg.received if isinstance(m, Message))


@dataclass(eq=False, slots=True)
class Call:
    """A request of the client, the exchange that carried it, and the response, if one was seen."""

    session: "Session"
    request: Message
    exchange: Exchange
    stream: Stream | None = None
    response: Message | None = None

    @property
    def progress_token(self) -> JSON:
        return meta_of(self.request).get("progressToken")

    @property
    def client_capabilities(self) -> dict[str, JSON]:
        """What the client said it can do: with this request, or, in the session era, at the beginning."""
        return declared_capabilities(self.request) if self.session.modern else self.session.client_capabilities


@dataclass(eq=False, slots=True)
class Session:
    """What one `initialize` began, or all that one client asked in the modern era, where nothing begins.

    `id` is None on a server that gives none. `discovery` is the `server/discover` that was answered with a result,
    by whichever client: the server is the same.
    """

    trace: Trace
    client: str
    id: str | None = None
    revision: str = OLDEST
    modern: bool = False
    exchanges: list[Exchange] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    handshake: Call | None = None
    discovery: Call | None = None

    @property
    def initialized(self) -> dict[str, JSON]:
        """The InitializeResult, empty if there was none."""
        return self.handshake.response.result if self.handshake and self.handshake.response else {}

    @property
    def discovered(self) -> dict[str, JSON]:
        """The DiscoverResult, empty if there was none."""
        return self.discovery.response.result if self.discovery and self.discovery.response else {}

    @property
    def server_capabilities(self) -> dict[str, JSON]:
        return _object((self.discovered if self.modern else self.initialized).get("capabilities"))

    @property
    def client_capabilities(self) -> dict[str, JSON]:
        return _object(self.handshake.request.params.get("capabilities")) if self.handshake else {}

    @property
    def deleted(self) -> Exchange | None:
        """The DELETE by which the client ended this session, if the server agreed."""
        return next((x for x in self.exchanges if x.method == "DELETE" and x.ok and self.names(x)), None)

    def names(self, exchange: Exchange) -> bool:
        """Whether a request carried this session's own id."""
        return self.id is not None and exchange.request_header("mcp-session-id") == self.id

    def messages(self) -> Iterator[Message]:
        """Everything either side sent, in order of time."""
        found = [m for x in self.exchanges for m in x.messages if isinstance(m, Message)]
        return iter(sorted(found, key=lambda m: m.at))

    def malformed(self) -> Iterator[Malformed]:
        for exchange in self.exchanges:
            yield from (m for m in exchange.messages if isinstance(m, Malformed))

    def stream_of(self, exchange: Exchange) -> Stream | None:
        return next((s for s in self.streams if any(leg.number == exchange.number for leg in s.legs)), None)


def same_id(left: JSON, right: JSON) -> bool:
    """Whether two JSON-RPC ids are one: type and value count, 1 is not "1" and not true, but it is 1.0."""
    return id_key(left) == id_key(right)


def id_key(value: JSON) -> tuple[str, JSON]:
    """What tells an id from others. JSON has one type of number: 1, 1.0 and 1e0 are three ways to write one id."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", value
    return type(value).__name__, value


def once_per_trace(derive: Callable[[Trace], _T]) -> Callable[[Trace], _T]:
    """Remember what was derived from the latest trace: many checks ask about the same one, one after another.

    What comes back is shared, so nobody may change it.
    """
    latest: list[tuple[Trace, _T]] = []

    @wraps(derive)
    def remembered(trace: Trace) -> _T:
        if not latest or latest[0][0] is not trace:
            latest[:] = [(trace, derive(trace))]
        return latest[0][1]

    return remembered


@once_per_trace
def sessions(trace: Trace) -> list[Session]:
    """The sessions of a trace, in the order of their first exchange; `belonging` says what belongs to which."""
    found: list[Session] = []
    for group in groups(trace):
        session = Session(trace, group.client, group.id, modern=group.modern, exchanges=group.exchanges)
        found.append(session)
        _join_streams(session)
        _join_calls(session)
        session.revision = HTTP_SSE if group.http_sse else _revision(session)
    _share_discovery(found)
    return found


def _revision(session: Session) -> str:
    """The revision by whose rules a session is judged."""
    return _modern_revision(session) if session.modern else _negotiated_revision(session)


def _modern_revision(session: Session) -> str:
    """The revision that the stories were told in, else the newest that the client declared and somebody knows."""
    if session.trace.revision is not None:
        return session.trace.revision
    declared = {version for x in session.exchanges if (version := declared_version(x)) in KNOWN_REVISIONS}
    return max((version for version in declared if version is not None), default=KNOWN_REVISIONS[-1])


def _share_discovery(found: list[Session]) -> None:
    """Every modern session of a revision learns from the same `server/discover` what the server can do."""
    for session in found:
        answered = (c for c in session.calls if c.request.method == "server/discover" and _succeeded(c))
        session.discovery = next(answered, None) if session.modern else None
    first = {s.revision: s.discovery for s in reversed(found) if s.discovery is not None}
    for session in found:
        if session.modern and session.discovery is None:
            session.discovery = first.get(session.revision)


def _succeeded(call: Call) -> bool:
    return call.response is not None and call.response.kind == "result"


def _join_streams(session: Session) -> None:
    by_event_id: dict[str, Stream] = {}
    for exchange in session.exchanges:
        if not (exchange.is_stream and exchange.ok):
            continue
        resumed = exchange.last_event_id
        stream = by_event_id.get(resumed) if resumed is not None else None
        if stream is None:
            stream = Stream(session, [])
            session.streams.append(stream)
        stream.legs.append(exchange)
        for event in exchange.events:
            if event.id:
                by_event_id.setdefault(event.id, stream)  # replayed elsewhere it is still the first one's


def _join_calls(session: Session) -> None:
    stream_of = {leg.number: stream for stream in session.streams for leg in stream.legs}
    responses = [m for x in session.exchanges for m in x.received if isinstance(m, Message) and m.is_response]
    by_id: dict[tuple[str, JSON], list[Message]] = {}
    for response in responses:
        if isinstance(response.id, str | int | float):
            by_id.setdefault(id_key(response.id), []).append(response)
    for exchange in session.exchanges:
        for request in exchange.sent:
            if not isinstance(request, Message) or request.kind != "request":
                continue
            call = Call(session, request, exchange, stream_of.get(exchange.number))
            if isinstance(request.id, str | int | float):
                call.response = _nearest(call, by_id.get(id_key(request.id), []))
            session.calls.append(call)
            if request.method == "initialize" and session.handshake is None:
                session.handshake = call


def _nearest(call: Call, candidates: list[Message]) -> Message | None:
    """The response on the call's own answer or stream comes first; one that strayed elsewhere is better than none.

    In the modern era ids may be used again as soon as they are free, so what came elsewhere belongs elsewhere.
    """
    own = {call.exchange.number} | ({leg.number for leg in call.stream.legs} if call.stream else set())
    near = [m for m in candidates if m.place.exchange in own]
    if call.session.modern:
        return next(iter(near), None)
    return next(iter(near or [m for m in candidates if m.at >= call.request.at]), None)


def _negotiated_revision(session: Session) -> str:
    """The revision that was negotiated.

    A client that asks for a version nobody knows learns nothing about the revision the story is told in.
    """
    negotiated = session.initialized.get("protocolVersion")
    asked = session.handshake.request.params.get("protocolVersion") if session.handshake else None
    if negotiated in KNOWN_REVISIONS and (asked in KNOWN_REVISIONS or session.trace.revision is None):
        return str(negotiated)
    if session.trace.revision is not None:
        return session.trace.revision
    headers = [x.request_header("mcp-protocol-version") for x in session.exchanges]
    return next((str(version) for version in (*headers, asked) if version in SESSION_REVISIONS), OLDEST)


def _object(value: JSON) -> dict[str, JSON]:
    return value if isinstance(value, dict) else {}
