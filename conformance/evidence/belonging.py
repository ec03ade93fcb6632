"""Which exchange belongs to which session. A session begins with `initialize`, and is named by its id from there on.

An exchange belongs to the session whose id it names; else to the session that its client is in; else, before any
`initialize`, to one that has no beginning. In live traffic an id that was never seen to be given is that of a session
that began before the recording: it has no beginning either, and only what names the same id is known to be in it.
What a client asks in the modern era is kept apart; over HTTP+SSE a session begins with its stream, whose first event
says where its messages go.
"""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from conformance.evidence.era import HTTP_SSE, is_modern, speaks_modern
from conformance.evidence.trace import Exchange, Message, Trace


@dataclass(eq=False, slots=True)
class Group:
    """The exchanges of one session. `id` is the one that the server gave, or must have given before the recording."""

    client: str
    modern: bool
    id: str | None = None
    http_sse: bool = False
    exchanges: list[Exchange] = field(default_factory=list)


def groups(trace: Trace) -> list[Group]:
    """The exchanges of a trace by sessions, in the order of their first exchange."""
    sorting = _Sorting(trace)
    for exchange in trace.spoken():
        sorting.put(exchange)
    return sorting.found


class _Sorting:
    """Sessions under way, by all that they are found by."""

    def __init__(self, trace: Trace) -> None:
        self._told_in = trace.revision
        self._by_id: dict[str, Group] = {}
        self._older: dict[str, Group] = {}
        self._current: dict[tuple[str, bool], Group] = {}
        self._places: dict[str, Group] = {}
        self.found: list[Group] = []

    def put(self, exchange: Exchange) -> None:
        """Find the session of an exchange, or begin one."""
        if self._told_in is None and (older := self._over_http_sse(exchange)) is not None:
            older.exchanges.append(exchange)
            return
        named = self._by_id.get(exchange.request_header("mcp-session-id") or "")
        begins = _asks_to_initialize(exchange) and named is None and self._told_in != HTTP_SSE
        modern = self._is_modern(exchange, named)
        group = named if named and not modern else self._unnamed(exchange, begins, modern)
        group.exchanges.append(exchange)
        given = exchange.response_header("mcp-session-id")
        if given and group.id is None and exchange.ok and begins and not modern:
            group.id = given
            self._by_id[given] = group

    def _over_http_sse(self, exchange: Exchange) -> Group | None:
        """The session of a stream that says where to send, or of what is sent there (2024-11-05, "HTTP with SSE")."""
        told = _place_told(exchange)
        if told is None:
            return self._places.get(_path(exchange.url)) if exchange.method == "POST" else None
        self._places[told] = group = self._new(exchange, modern=False)
        group.http_sse = True
        return group

    def _unnamed(self, exchange: Exchange, begins: bool, modern: bool) -> Group:
        """The session of an exchange that names none that was seen to begin."""
        id = exchange.request_header("mcp-session-id")
        if id and self._told_in is None and not begins and not modern:
            return self._older.get(id) or self._older.setdefault(id, self._new(exchange, modern, id))
        who = exchange.client, modern
        if who not in self._current or (begins and not modern):
            self._current[who] = self._new(exchange, modern)
        return self._current[who]

    def _new(self, exchange: Exchange, modern: bool, id: str | None = None) -> Group:
        self.found.append(Group(exchange.client, modern, id))
        return self.found[-1]

    def _is_modern(self, exchange: Exchange, named: Group | None) -> bool:
        """Whether an exchange is modern: it says so, or its story does and `initialize` was not agreed to."""
        if self._told_in is None or named is not None:
            return self._told_in is None and speaks_modern(exchange)
        return is_modern(self._told_in) and not (_asks_to_initialize(exchange) and exchange.ok)


def _asks_to_initialize(exchange: Exchange) -> bool:
    return exchange.method == "POST" and any(
        isinstance(m, Message) and m.kind == "request" and m.method == "initialize" for m in exchange.sent
    )


def _place_told(exchange: Exchange) -> str | None:
    """Where the first event of a GET stream says that messages go, None if it is no such stream."""
    if exchange.method != "GET" or not exchange.is_stream:
        return None
    first = next((event for event in exchange.events if event.data), None)
    if first is None or first.name != "endpoint":
        return None
    try:
        return _path(urljoin(exchange.url, (first.data or "").strip()))
    except ValueError:
        return ""


def _path(url: str) -> str:
    """Path and query: a proxy in between has another host. What is no address stands for itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.path}?{parts.query}"
