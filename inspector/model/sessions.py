"""Sessions as they come and go: who an exchange belongs to, and what is known of both sides."""

from collections.abc import Iterator

from conformance.evidence.era import CLIENT_INFO, SERVER_INFO, declared_version, meta_of
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.report.text import short
from inspector.model.nouns import LiveCall, LiveExchange, LiveSession
from inspector.model.streams import forget as forget_stream

_KEPT = 500  # sessions; beyond that, those go that are over and have no row left
_NAME = 60  # columns of a name


class Sessions:
    """All sessions, in the order in which they began.

    An exchange belongs to the session whose id it names; else, before and without ids, to the one that its client is
    in. What a client asks in the modern era is kept apart, because there nothing begins.
    """

    def __init__(self) -> None:
        self._all: dict[int, LiveSession] = {}
        self._by_id: dict[str, LiveSession] = {}
        self._current: dict[tuple[str, bool], LiveSession] = {}
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
        begins = not modern and _initializes(facts)
        is_older = bool(named) and not modern and not begins  # it began before we came
        session = None if begins or is_older else self._current.get((facts.client, modern))
        if session is None:
            session = self._begin(facts, modern)
            if named and is_older:
                session.id = named
                self._by_id[named] = session
            else:
                self._current[facts.client, modern] = session
        return session

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
        session, stream = exchange.session, exchange.stream
        exchange.call = None
        if stream is not None and stream.state == "ended" and stream.legs[-1] is exchange:
            forget_stream(stream)
        if len(self._all) > _KEPT and not session.rows and not session.streams:
            self._all.pop(session.number, None)
            if self._by_id.get(session.id or "") is session:
                del self._by_id[session.id or ""]
            if self._current.get((session.client, session.modern)) is session:
                del self._current[session.client, session.modern]

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


def _initializes(facts: Exchange) -> bool:
    return any(isinstance(m, Message) and m.method == "initialize" for m in facts.sent)


def _name(info: JSON) -> str:
    if not isinstance(info, dict):
        return ""
    return short(f"{info.get('name', '')} {info.get('version', '')}".strip(), _NAME)
