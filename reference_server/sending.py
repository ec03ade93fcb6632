"""POST: every message of the client is one, and what it draws depends on what kind of message it is."""

from typing import Literal, TypeAlias

from reference_server.answering import JSON_TYPE, STREAM_TYPE
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Malformed, Message, Notification, Request, Response, RpcError, parse
from reference_server.metadata import VERSION
from reference_server.options import R2025_03
from reference_server.state import Session
from reference_server.tasks_extension import TasksExtension

Era: TypeAlias = Literal["session", "modern"]


def accepts(header: str | None, media_type: str) -> bool:
    """Whether an Accept header covers a media type."""
    family = media_type.partition("/")[0]
    offered = {part.partition(";")[0].strip().lower() for part in (header or "").split(",")}
    return not offered.isdisjoint({media_type, f"{family}/*", "*/*"})


class Sending(TasksExtension):
    """Read, choose the era, find the session, take the message in, answer."""

    async def post(self, http: Exchange) -> None:
        """Read one message, or a batch, and answer it by the rules of its era."""
        self.check_media_types(http)
        body = await http.body(self.options.max_body)
        if body is None:
            raise Refusal(413, f"The body is longer than {self.options.max_body} bytes.")
        message = parse(body, self.body_encoding())
        try:
            self.check_message_scope(http, message)
            if self.era_of(http, message) == "modern":
                await self.answer_in_modern_era(http, message)
            else:
                await self.answer_in_session_era(http, message)
        except Refusal as refusal:
            request_id = message.id if isinstance(message, Request | Malformed) else None
            await self.refuse(http, refusal, request_id)

    def era_of(self, http: Exchange, message: Message | list[Message]) -> Era:
        """How a client opens tells its era: modern metadata, or initialize; else the headers tell."""
        if not self.modern_revisions() or not self.session_revisions():
            return "modern" if self.modern_revisions() else "session"
        asked = message.meta.get(VERSION) if isinstance(message, Request | Notification) else None
        if asked is not None and asked not in self.session_revisions():
            return "modern"
        if isinstance(message, Request) and message.method == "initialize":
            return "session"
        return self.era_by_headers(http)

    def era_by_headers(self, http: Exchange) -> Era:
        """Without metadata, what names a modern version is modern all the same, and so is an unknown version.

        A session stays what it is, whatever else is wrong with the request.  No version at all means 2025-03-26.
        """
        version = http.header("mcp-protocol-version")
        if version in self.modern_revisions():
            return "modern"
        if http.header("mcp-session-id") is not None:
            return "session"
        return "session" if (R2025_03 if version is None else version) in self.session_revisions() else "modern"

    def body_encoding(self) -> str:
        """A message is UTF-8."""
        return "utf-8"

    def check_media_types(self, http: Exchange) -> None:
        """A message is sent as JSON, and its answer may come in both forms."""
        kind, _, parameters = (http.header("content-type") or "").lower().partition(";")
        if kind.strip() != JSON_TYPE or ("charset" in parameters and "utf-8" not in parameters):
            raise Refusal(415, f"The Content-Type must be {JSON_TYPE}.")
        accept = http.header("accept")
        if not accepts(accept, JSON_TYPE) or not accepts(accept, STREAM_TYPE):
            raise Refusal(406, f"Accept must list {JSON_TYPE} and {STREAM_TYPE}.")

    async def answer_in_session_era(self, http: Exchange, message: Message | list[Message]) -> None:
        """The rules of the revisions that begin with initialize."""
        self.check_version_header(http)
        if not isinstance(message, list):
            self.check_message(message)
        if isinstance(message, Request) and message.method == "initialize":
            await self.post_initialize(http, message)
        else:
            await self.post_in_session(http, self.session_of(http), message)

    async def post_in_session(self, http: Exchange, session: Session, message: Message | list[Message]) -> None:
        """What a message of a session draws depends on what kind of message it is."""
        match message:
            case Request():
                await self.answer_requests(http, session, [message])
            case Notification() | Response():
                self.take_in(session, message)
                await self.answer_accepted(http)
            case list():
                await self.post_batch(http, session, message)

    async def post_initialize(self, http: Exchange, request: Request) -> None:
        """Answer with the session's id; a session is not initialized twice."""
        if http.header("mcp-session-id") is not None and not self.options.stateless:
            self.session_of(http)
            raise Refusal(400, "This session is initialized already.")
        try:
            session = self.initialize(request.params)
            self.bind(session, http)
        except RpcError as error:
            await self.answer_json(http, self.error_response(request.id, error))
        else:
            response = self.result_response(request.id, self.initialize_result(session))
            await self.answer_json(http, response, self.session_headers(session))
            for message in self.messages_before_initialized(session):
                self.place(session, message)

    def check_message(self, message: Message) -> None:
        """What is no message, or a request's method without an id, is refused."""
        if isinstance(message, Malformed):
            raise Refusal(self.status_for_malformed(message), message.reason, code=message.code)
        if isinstance(message, Notification) and not self.accepts_notification(message):
            reason = f"{message.method!r} is no notification; a request has an id."
            raise Refusal(self.status_for_bad_notification(), reason)

    def take_in(self, session: Session, message: Notification | Response) -> None:
        """What wants no answer has its effect."""
        if isinstance(message, Response):
            self.on_response(session, message)
        else:
            self.on_notification(session, message)

    async def post_batch(self, http: Exchange, session: Session, batch: list[Message]) -> None:
        """Everything in a batch is taken in, and its requests are answered together."""
        if not self.accepts_batches(session):
            raise Refusal(400, f"Revision {session.revision} knows no batches: one message per POST.")
        for message in batch:
            self.check_message(message)
            if isinstance(message, Request) and message.method == "initialize":
                raise Refusal(400, "initialize is not part of a batch.")
        for message in batch:
            if isinstance(message, Notification | Response):
                self.take_in(session, message)
        requests = [message for message in batch if isinstance(message, Request)]
        if requests:
            await self.answer_requests(http, session, requests, as_batch=True)
        else:
            await self.answer_accepted(http)

    def accepts_batches(self, session: Session) -> bool:
        """Batches belong to 2025-03-26 alone."""
        return session.revision == R2025_03
