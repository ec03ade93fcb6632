"""The endpoint: who may talk, then POST to send, GET to listen and to come back, DELETE to end the session."""

import random

from reference_server.answering import STREAM_TYPE
from reference_server.exchange import Exchange, Receive, Refusal, Scope, Send
from reference_server.sending import Sending, accepts
from reference_server.state import Session


class Transport(Sending):
    """One endpoint for all methods."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            raise ValueError(f"this server speaks http, not {scope['type']}")
        http = Exchange(scope, receive, send, self.delay())
        try:
            await self.answer(http)
        except Refusal as refusal:
            await self.refuse(http, refusal)

    def delay(self) -> float:
        """How long the head of an answer is held back, in seconds."""
        return self.options.latency + self.options.jitter * random.random()

    async def answer(self, http: Exchange) -> None:
        """First who may talk at all, then what is wanted."""
        if self.is_open(http.path):
            await self.answer_openly(http)
            return
        if http.path not in self.paths_for(http.method):
            raise Refusal(404, f"There is nothing at {http.path}; the endpoint is {self.options.paths[0]}.")
        self.check_origin(http)
        if http.method != "OPTIONS":
            self.check_bearer(http)
        match http.method:
            case "OPTIONS":
                await http.answer(204, self.preflight_headers(http))
            case "POST":
                await self.post(http)
            case "GET":
                await self.get(http)
            case "DELETE":
                await self.delete(http)
            case _:
                self.refuse_method(http)

    def paths_for(self, method: str) -> tuple[str, ...]:
        """All methods are served at the same address."""
        return self.options.paths

    def refuse_method(self, http: Exchange) -> None:
        """What is not offered draws 405."""
        allow = "POST, GET, DELETE, OPTIONS" if self.keeps_sessions() else "POST, OPTIONS"
        reason = f"{http.method} is not offered here."
        raise Refusal(self.status_for_bad_method(), reason, headers=[("allow", allow)])

    def status_for_bad_method(self) -> int:
        """What is not offered draws 405."""
        return 405

    def keeps_sessions(self) -> bool:
        """Sessions are of the revisions that begin with initialize."""
        return bool(self.session_revisions()) and not self.options.stateless

    async def get(self, http: Exchange) -> None:
        """A stream to listen on, or the continuation of one."""
        session = self.session_for(http)
        if not accepts(http.header("accept"), STREAM_TYPE):
            raise Refusal(406, f"Accept must list {STREAM_TYPE}.")
        last_event_id = http.header("last-event-id")
        if last_event_id:
            stream, leg = self.resume(session, last_event_id)
        else:
            self.check_room_for_stream()
            stream = self.open_stream(session, "get", [])
            leg = self.connect(stream)
            self.prime(stream)
            self.hand_out_aside(stream)
        await self.carry(http, stream, leg)

    async def delete(self, http: Exchange) -> None:
        """The client needs the session no more."""
        self.end_session(self.session_for(http))
        await http.answer(self.status_for_delete())

    def session_for(self, http: Exchange) -> Session:
        """Listening and ending need a session, so a server that keeps none offers neither."""
        if not self.keeps_sessions() or http.header("mcp-protocol-version") in self.modern_revisions():
            self.refuse_method(http)
        self.check_version_header(http)
        return self.session_of(http)
