"""Sessions: how they begin, are named, are found again and end."""

import secrets
import time
from collections.abc import Iterable

from reference_server.exchange import Exchange, Header, Refusal
from reference_server.jsonrpc import JsonObject
from reference_server.options import Options
from reference_server.state import Call, Session, passing_session
from reference_server.stores import open_store
from reference_server.version import Versions

ROOM_SECONDS = 60.0


class Sessions(Versions):
    """An id given at initialize, wanted on everything that follows, worth nothing after the end."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.store = open_store(options.store)
        self.sessions: dict[str, Session] = {}
        for session_id, record in self.store.sessions():
            self.sessions[session_id] = Session.from_record(session_id, record)

    def new_session_id(self) -> str:
        """A session id is unique, cannot be guessed, and is visible ASCII only."""
        return secrets.token_urlsafe(24)

    def session_headers(self, session: Session) -> Iterable[Header]:
        """The answer to initialize names the session."""
        if session.id:
            yield "mcp-session-id", session.id

    def start_session(self, revision: str, client_capabilities: JsonObject) -> Session:
        """Begin a session, or only a passing one if this server keeps none."""
        if self.options.stateless:
            return passing_session(revision)
        if len(self.sessions) >= self.options.max_sessions:
            self.make_room()
        if len(self.sessions) >= self.options.max_sessions:
            raise Refusal(503, "There are too many sessions; try again later.", headers=[("retry-after", "5")])
        session = Session(self.new_session_id(), revision, client_capabilities)
        self.sessions[session.id] = session
        self.save(session)
        return session

    def save(self, session: Session) -> None:
        """Write down what must survive a restart."""
        if session.id:
            self.store.save_session(session.id, session.record())

    def session_of(self, http: Exchange) -> Session:
        """The session that the request names."""
        if self.options.stateless:
            return passing_session(self.revision_without_session(http))
        session_id = http.header("mcp-session-id")
        if session_id is None:
            return self.session_without_id(http)
        session = self.sessions.get(session_id)
        if session is None or self.is_expired(session) or not self.may_use(session, http):
            raise Refusal(self.status_for_ended_session(http.method), "This session has ended; initialize again.")
        session.last_used = time.monotonic()
        return session

    def bind(self, session: Session, http: Exchange) -> None:
        """With --auth a session belongs to the principal who begins it."""
        if self.options.auth:
            session.owner = self.principal_of(http)
            self.save(session)

    def may_use(self, session: Session, http: Exchange) -> bool:
        """To every other principal it is as unknown as one that never was."""
        return not self.options.auth or session.owner == self.principal_of(http)

    def session_without_id(self, http: Exchange) -> Session:
        """A request that names no session is refused."""
        raise Refusal(self.status_for_missing_session(http.method), "The Mcp-Session-Id header is missing.")

    def status_for_missing_session(self, method: str) -> int:
        """A missing session id draws 400."""
        return 400

    def status_for_ended_session(self, method: str) -> int:
        """The id of an ended session draws 404, and so does one that was never given."""
        return 404

    def status_for_delete(self) -> int:
        """A session that was ended on request is gone, without more words."""
        return 204

    def end_session(self, session: Session) -> None:
        """Close the session's streams, stop its calls, and forget it."""
        self.sessions.pop(session.id, None)
        self.store.drop_session(session.id)
        for call in list(session.calls.values()):
            self.cancel(call)
        for stream in session.streams.values():
            if stream.leg is not None:
                stream.leg.close()

    def cancel(self, call: Call) -> None:
        """Stop the work on a call; no response is sent."""
        if call.task is not None:
            call.task.cancel()

    def sessions_alive(self) -> list[Session]:
        """All sessions that have begun and not ended."""
        return list(self.sessions.values())

    def is_live(self, session: Session) -> bool:
        """Whether there is still somebody to send anything to."""
        return not session.id or session.id in self.sessions

    def is_expired(self, session: Session) -> bool:
        """A session that nobody used for long has ended."""
        return self.end_if_idle(session, self.options.session_idle)

    def make_room(self) -> None:
        """When there is no room for new sessions, those that nobody used for a minute end."""
        for session in list(self.sessions.values()):
            self.end_if_idle(session, min(ROOM_SECONDS, self.options.session_idle))

    def end_if_idle(self, session: Session, seconds: float) -> bool:
        """End a session that nobody is connected to, that works on nothing, and that was not used for so long."""
        idle = not session.busy and time.monotonic() - session.last_used > seconds
        if idle:
            self.end_session(session)
        return idle
