"""Sessions as they come and go: who an exchange belongs to, and what is known of both sides."""

import math
from collections.abc import Iterator
from itertools import takewhile
from urllib.parse import urljoin, urlsplit

from conformance.evidence.era import CLIENT_INFO, SERVER_INFO, declared_version, meta_of
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.report.text import short
from inspector.model.calls import Calls
from inspector.model.nouns import LiveCall, LiveExchange, LiveSession
from inspector.model.streams import forget as forget_leg
from inspector.model.streams import move

_KEPT = 500  # sessions; beyond that, those go that are over and have no row left
_NAME = 60  # columns of a name


class Sessions:
    """All sessions, in the order in which they began.

    An exchange belongs to the session whose id it names; else, before and without ids, to the one that its client is
    in. What a client asks in the modern era is kept apart, because there nothing begins: one that comes from the same
    place under another name is another client. Over HTTP+SSE a stream says where the messages of its session go.
    """

    def __init__(self) -> None:
        self._all: dict[int, LiveSession] = {}
        self._by_id: dict[str, LiveSession] = {}
        self._by_place: dict[str, LiveSession] = {}
        self._current: dict[tuple[str, bool, str], LiveSession] = {}
        self._count = 0

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def of(self, facts: Exchange, modern: bool) -> LiveSession:
        """The session of a request, a new one where it begins one or where none is known."""
        named = facts.request_header("mcp-session-id")
        if not modern and named and named in self._by_id:
            return self._by_id[named]
        if not modern and not named and (there := self._over_http_sse(facts)) is not None:
            return there
        begins = not modern and _initializes(facts)
        if named and not modern and not begins:  # it began before we came
            self._by_id[named] = session = self._begin(facts, modern)
            session.id = named
            return session
        name = _client_of(facts) if modern else ""
        current = None if begins else self._current.get((facts.client, modern, name))
        session = current or self._begin(facts, modern)
        for key in {name, ""}:  # what says no name comes from whoever was heard last
            self._current[facts.client, modern, key] = session
            session.names.add(key)
        return session

    def _over_http_sse(self, facts: Exchange) -> LiveSession | None:
        """The session whose stream told to send there; an address without a query may be that of both transports."""
        path = _path(facts.url)
        there = self._by_place.get(path) if facts.method == "POST" else None
        return there if there is not None and (there.client == facts.client or not path.endswith("?")) else None

    def begins_over_http_sse(self, exchange: LiveExchange, place: str, rows: list[int]) -> None:
        """A stream says where messages go: it is a session of its own (2024-11-05, "HTTP with SSE")."""
        before, stream, path = exchange.session, exchange.stream, _path(exchange.facts.url, place.strip())
        if not path:
            return
        if stream is not None and (before.messages or len(before.streams) > 1):
            exchange.session = session = self._begin(exchange.facts, modern=False)
            before.kept, session.kept = before.kept - 1, 1
            move(stream, session)
            for row in rows:
                before.rows.remove(row)
                session.rows.append(row)
        exchange.session.place = path
        self._by_place[path] = exchange.session

    def answered(self, session: LiveSession, facts: Exchange) -> None:
        """The head of an answer may name the session, or tell that it is over."""
        given = facts.response_header("mcp-session-id")
        if given and session.id is None and facts.ok and _initializes(facts):
            session.id = given
            self._by_id[given] = session
        own = session.id is not None and facts.request_header("mcp-session-id") == session.id
        if own and (facts.status == 404 or (facts.method == "DELETE" and facts.ok)):
            session.ended = True

    def forget(self, exchange: LiveExchange) -> None:
        """An exchange is over and nothing of it is shown any more."""
        session = exchange.session
        exchange.call = None
        forget_leg(exchange)
        _forget_calls(session)
        session.kept -= 1
        if len(self._all) > _KEPT and not session.kept:
            self._all.pop(session.number, None)
            if self._by_id.get(session.id or "") is session:
                del self._by_id[session.id or ""]
            if self._by_place.get(session.place) is session:
                del self._by_place[session.place]
            for key in ((session.client, session.modern, name) for name in session.names):
                if self._current.get(key) is session:
                    del self._current[key]
            session.pending = Calls()

    def _begin(self, facts: Exchange, modern: bool) -> LiveSession:
        self._count += 1
        session = LiveSession(self._count, facts.client, modern, facts.started)
        session.revision = declared_version(facts) or "" if modern else ""
        self._all[session.number] = session
        return session


def learn(session: LiveSession, message: Message, call: LiveCall | None) -> None:
    """What a message says about either side: names, and the revision that both speak."""
    if message.method == "initialize":
        session.client_name = _name(message.params.get("clientInfo"))
    elif call is not None and call.method == "initialize" and message.kind == "result":
        session.server_name = _name(message.result.get("serverInfo"))
        session.revision = short(str(message.result.get("protocolVersion")), _NAME)
    elif session.modern and message.sender == "client":
        session.client_name = _name(meta_of(message).get(CLIENT_INFO)) or session.client_name
    elif session.modern and message.kind == "result":
        session.server_name = _name(meta_of(message).get(SERVER_INFO)) or session.server_name


def _forget_calls(session: LiveSession) -> None:
    """Let go of answered calls of which nothing is shown any more."""
    first = session.rows[0] if session.rows else math.inf
    for call in list(takewhile(lambda call: (call.response_row or 0) < first, session.done)):
        session.done.discard(call)
    if not session.rows:
        session.tokens.clear()


def _initializes(facts: Exchange) -> bool:
    return any(isinstance(m, Message) and m.method == "initialize" for m in facts.sent)


def _client_of(facts: Exchange) -> str:
    """The name under which a client of the modern era asks, empty if it says none."""
    first = next((m for m in facts.sent if isinstance(m, Message)), None)
    return _name(meta_of(first).get(CLIENT_INFO)) if first is not None else ""


def _path(base: str, url: str = "") -> str:
    """Path and query: a proxy in between has another host. Empty if there is no such address."""
    try:
        parts = urlsplit(urljoin(base, url))
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


def _name(info: JSON) -> str:
    if not isinstance(info, dict):
        return ""
    return short(f"{info.get('name', '')} {info.get('version', '')}".strip(), _NAME)
