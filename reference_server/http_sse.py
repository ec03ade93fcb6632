"""HTTP+SSE, the transport of 2024-11-05, beside the endpoint if it was asked for (basic/transports, "HTTP with SSE").

A client opens a stream and is told there where to send; what it sends draws 202, and every answer comes on the
stream.  A session begins and ends with its stream, so nothing of it is kept and nothing can be resumed.
"""

from collections.abc import Iterable
from urllib.parse import parse_qs

from reference_server.answering import JSON_TYPE, STREAM_TYPE
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import (
    INVALID_REQUEST,
    JsonObject,
    Message,
    Notification,
    Request,
    Response,
    RpcError,
    as_object,
    parse,
)
from reference_server.options import R2024_11, Options
from reference_server.sending import accepts
from reference_server.state import Call, Session, Stream
from reference_server.transport import Transport

SSE_PATH, POST_PATH = "/sse", "/messages"
KIND = "sse"  # of the one stream that a session has here
ALLOWED = {SSE_PATH: "GET", POST_PATH: "POST"}


class HttpSse(Transport):
    """Open a stream, say where to send, take in what comes there."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if options.http_sse and options.path in ALLOWED:
            raise ValueError(f"--path {options.path} is taken: --http-sse has an endpoint of its own there")
        self.listening: dict[str, Stream] = {}

    async def answer(self, http: Exchange) -> None:
        """The old endpoints are there beside the new one."""
        if self.options.http_sse and http.path in ALLOWED:
            await self.answer_http_sse(http)
        else:
            await super().answer(http)

    async def answer_http_sse(self, http: Exchange) -> None:
        """First who may talk at all, at either address, then what is wanted."""
        self.check_origin(http)
        if http.method == "OPTIONS":
            await http.answer(204, self.preflight_headers(http))
            return
        self.check_bearer(http)
        if http.method != ALLOWED[http.path]:
            allow = f"{ALLOWED[http.path]}, OPTIONS"
            raise Refusal(405, f"{http.method} is not offered here.", headers=[("allow", allow)])
        if http.path == SSE_PATH:
            await self.open_http_sse(http)
        else:
            await self.post_http_sse(http)

    # The stream

    async def open_http_sse(self, http: Exchange) -> None:
        """A session is a stream that says first where to send."""
        if not accepts(http.header("accept"), STREAM_TYPE):
            raise Refusal(406, f"Accept must list {STREAM_TYPE}.")
        self.check_room_for_stream()
        stream = self.open_stream(Session(id="", revision=R2024_11), KIND, [])
        leg, name = self.connect(stream), self.new_session_id()
        self.listening[name] = stream
        for chunk in self.beginning(name):
            leg.write(chunk)
        try:
            await self.carry(http, stream, leg)
        finally:
            del self.listening[name]
            self.end_session(stream.session)

    def beginning(self, name: str) -> Iterable[bytes]:
        """The first event is `endpoint`, and says where messages go."""
        yield self.encode_text(f"event: {self.endpoint_event()}\ndata: {self.endpoint_for(name)}\n\n")

    def endpoint_event(self) -> str:
        """The event that tells the address has a name of its own."""
        return "endpoint"

    def endpoint_for(self, name: str) -> str:
        """The address names the session."""
        return f"{POST_PATH}?session={name}"

    # What is sent

    async def post_http_sse(self, http: Exchange) -> None:
        """Read one message, take it in, and say no more here than that."""
        if (http.header("content-type") or "").partition(";")[0].strip().lower() != JSON_TYPE:
            raise Refusal(415, f"The Content-Type must be {JSON_TYPE}.")
        stream = self.stream_named(http)
        body = await http.body(self.options.max_body)
        if body is None:
            raise Refusal(413, f"The body is longer than {self.options.max_body} bytes.")
        message = parse(body, self.body_encoding())
        if isinstance(message, list):
            raise Refusal(400, f"Revision {R2024_11} knows no batches: one message per POST.")
        self.check_message(message)
        self.take_in_http_sse(stream, message)
        await http.answer(self.status_for_post())

    def status_for_post(self) -> int:
        """What was taken in draws 202; the answer comes on the stream."""
        return 202

    def stream_named(self, http: Exchange) -> Stream:
        """Whoever does not know the name of a stream cannot send to it."""
        name = parse_qs(http.query).get("session", [""])[0]
        stream = self.listening.get(name)
        if stream is None:
            raise Refusal(404, "There is no such session; open a stream to begin one.")
        return stream

    def take_in_http_sse(self, stream: Stream, message: Message) -> None:
        """A request is worked on, and its answer goes on the stream; everything else has its effect."""
        match message:
            case Request():
                self.start(Call(stream.session, message, stream))
            case Notification() | Response():
                self.take_in(stream.session, message)

    async def result_of(self, call: Call) -> JsonObject:
        """Here initialize is a request like others, in a session that is there already."""
        if call.request.method == "initialize" and call.stream is not None and call.stream.kind == KIND:
            return self.begin_http_sse(call)
        return await super().result_of(call)

    def begin_http_sse(self, call: Call) -> JsonObject:
        """Get to know the client; the only version spoken here is the one of this transport."""
        if call.session.initialized:
            raise RpcError(INVALID_REQUEST, "This session is initialized already.")
        call.session.client_capabilities = self.introduced(call.request.params)
        return self.initialize_result(call.session)

    def initialize_result(self, session: Session) -> JsonObject:
        """Completions were not declared yet."""
        result = super().initialize_result(session)
        if session.revision == R2024_11:
            declared = as_object(result["capabilities"])
            result["capabilities"] = {name: value for name, value in declared.items() if name != "completions"}
        return result

    # What goes on as long as the stream

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        """The stream does not end with an answer."""
        if stream.kind != KIND:
            super().settle(stream, call, response)
            return
        for message in [*([response] if response else []), *self.messages_after_response(call)]:
            self.place(stream.session, message, call)
        if self.stopping and stream.leg is not None and not self.calls_on(stream):
            stream.leg.close()

    def sessions_alive(self) -> list[Session]:
        """These sessions live as long as their streams."""
        return [*super().sessions_alive(), *(stream.session for stream in self.listening.values())]

    def answers_find_back(self, session: Session) -> bool:
        """The address of the answer names the session."""
        over_sse = any(stream.kind == KIND for stream in session.streams.values())
        return over_sse or super().answers_find_back(session)
