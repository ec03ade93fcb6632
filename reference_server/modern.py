"""The modern era, from 2026-07-28 on: every POST stands alone, and nothing is remembered from one to the next."""

import asyncio

from reference_server.discovery import Discovery
from reference_server.dispatch import Handler
from reference_server.exchange import Exchange, Refusal
from reference_server.inputs import InputNeeded, is_declared
from reference_server.jsonrpc import (
    HEADER_MISMATCH,
    METHOD_NOT_FOUND,
    MISSING_CLIENT_CAPABILITY,
    UNSUPPORTED_VERSION,
    JsonObject,
    Malformed,
    Message,
    Notification,
    Request,
    RpcError,
    as_object,
)
from reference_server.metadata import CAPABILITIES, LOG_LEVEL, VERSION
from reference_server.state import Call, Leg, Session, Stream, passing_session
from reference_server.subscriptions import LISTEN
from reference_server.toolbox import TOOLS

NOTIFICATIONS = {"notifications/cancelled"}


class Modern(Discovery):
    """Admit a request, work on it, answer it, and stop when nobody waits any more."""

    async def answer_in_modern_era(self, http: Exchange, message: Message | list[Message]) -> None:
        """One request or one notification is a POST; nothing else is."""
        match message:
            case Request():
                await self.answer_modern_request(http, message)
            case Notification():
                self.check_modern_notification(http, message)
                await self.answer_accepted(http)
            case Malformed():
                raise Refusal(self.status_for_malformed(message), message.reason, code=message.code)
            case _:
                raise Refusal(self.status_for_bad_message(), "A body is one request or one notification.")

    def status_for_bad_message(self) -> int:
        """A batch, or an answer where nobody asked, draws 400."""
        return 400

    def check_modern_notification(self, http: Exchange, notification: Notification) -> None:
        """A notification is one that clients send; the version, where it is told, is one that is supported."""
        asked = http.header("mcp-protocol-version") or notification.meta.get(VERSION)
        if isinstance(asked, str) and asked not in self.modern_revisions():
            self.on_unsupported_version(asked)
        if notification.method not in self.accepted_notifications():
            raise Refusal(self.status_for_bad_notification(), f"{notification.method!r} is not known here.")

    def accepted_notifications(self) -> set[str]:
        """The only notification left to clients is the one that cancels; a closed stream says it better."""
        return NOTIFICATIONS

    # Admission

    def admit(self, http: Exchange, request: Request) -> Call:
        """Check a request from the outside to the inside; the first check that fails is the answer.

        Before this came: path, Origin, bearer token, media types, size, JSON, JSON-RPC, the token's scope, and the
        choice of the era.  After it comes what only a method's handler knows: its parameters.
        """
        self.check_version(http, request.meta)
        self.check_metadata(request.meta)
        self.check_method_header(http, request)
        self.check_name_header(http, request)
        self.check_method(request)
        self.check_param_headers(http, request)
        call = Call(self.session_for_request(request), request, principal=self.principal_of(http))
        self.check_capabilities(call)
        return call

    def check_method(self, request: Request) -> None:
        """An unknown method draws -32601, and so does one that has been removed."""
        if self.modern_handler_for(request.method) is None:
            raise self.refusal(METHOD_NOT_FOUND, f"Method not found: {request.method}")

    def modern_handler_for(self, method: str) -> Handler | None:
        """What answers a request of this method where there are no sessions."""
        handlers: dict[str, Handler] = {
            "server/discover": self.discover,
            "tools/list": self.list_tools,
            "tools/call": self.call_tool,
            "resources/list": self.list_resources,
            "resources/templates/list": self.list_templates,
            "resources/read": self.read_resource,
            "prompts/list": self.list_prompts,
            "prompts/get": self.get_prompt,
            "completion/complete": self.complete,
            LISTEN: self.listen,
        }
        return handlers.get(method)

    def session_for_request(self, request: Request) -> Session:
        """All that is known of the client is what this request says; it is forgotten with it."""
        asked, spoken = request.meta.get(VERSION), self.modern_revisions()
        session = passing_session(asked if isinstance(asked, str) and asked in spoken else spoken[-1])
        session.client_capabilities = as_object(request.meta.get(CAPABILITIES))
        session.log_level = self.log_level_for(request.meta)
        session.toggled = self.toggled
        return session

    def log_level_for(self, meta: JsonObject) -> str | None:
        """A request that names no level wants no log messages."""
        level = meta.get(LOG_LEVEL)
        return level if isinstance(level, str) else None

    def check_capabilities(self, call: Call) -> None:
        """What a tool cannot do without, the client must have declared in this very request."""
        missing = self.missing_capabilities(call)
        if missing:
            error = self.missing_capability(missing)
            raise self.refusal(error.code, error.message, error.data)

    def missing_capabilities(self, call: Call) -> JsonObject:
        """The capabilities that are needed and were not declared, in the form in which they are declared."""
        name = call.request.params.get("name")
        tool = TOOLS.get(name) if call.request.method == "tools/call" and isinstance(name, str) else None
        declared = call.session.client_capabilities
        needed = {} if tool is None else tool.needs
        return {key: value for key, value in needed.items() if not is_declared(declared.get(key), as_object(value))}

    def explain(self, request: Request, refusal: Refusal) -> Refusal:
        """A client that begins with initialize is told which versions there are, in the words and in the data."""
        if request.method != "initialize":
            return refusal
        versions = self.versions_in_error()
        reason = f"{refusal.reason} This server supports {', '.join(str(version) for version in versions)}."
        data: JsonObject = {"supported": versions, **as_object(refusal.data)}
        return Refusal(refusal.status, reason, code=refusal.code, data=data)

    # Answers

    async def answer_modern_request(self, http: Exchange, request: Request) -> None:
        """A refusal, one JSON document, or a stream."""
        try:
            call = self.admit(http, request)
        except Refusal as refusal:
            raise self.explain(request, refusal) from None
        if self.answers_with_stream(call.session, request):
            await self.answer_by_stream(http, call.session, [call])
        else:
            await self.answer_modern_by_json(http, call)

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        """Without sessions only a tool that reports on the way needs a stream; a subscription is nothing else."""
        wanted = super().answers_with_stream(session, request)
        if not is_modern(session):
            return wanted
        if request.method == LISTEN:
            return True
        name = request.params.get("name")
        return wanted and isinstance(name, str) and name in TOOLS and TOOLS[name].reports

    async def answer_modern_by_json(self, http: Exchange, call: Call) -> None:
        """One document, and a status that goes with it."""
        task = self.start(call)
        watcher = asyncio.create_task(self._watch_call(http, call))
        try:
            await asyncio.wait([task])
        finally:
            watcher.cancel()
        response = self.response_of(call, task)
        if response is None:
            await http.answer(self.status_for_cancelled())
        else:
            await self.answer_json(http, response, status=self.status_for_response(response))

    def status_for_response(self, response: JsonObject) -> int:
        """A few errors have a status of their own; the others are answers like any other."""
        match as_object(response.get("error")).get("code"):
            case int(code) if code == METHOD_NOT_FOUND:
                return self.status_for_unknown_method()
            case int(code) if code in (HEADER_MISMATCH, MISSING_CLIENT_CAPABILITY, UNSUPPORTED_VERSION):
                return self.status_for_bad_request(code)
            case _:
                return 200

    async def result_of(self, call: Call) -> JsonObject:
        """Without a session a request's id is the client's own business, and its result is complete in itself."""
        if not call.modern:
            return await super().result_of(call)
        handler = self.modern_handler_for(call.request.method)
        if handler is None:
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {call.request.method}")
        return self.finish(call, await self.result_or_questions(call, handler))

    async def result_or_questions(self, call: Call, handler: Handler) -> JsonObject:
        """The result, or what has to be known before there can be one."""
        try:
            self.take_up(call)
            result = await handler(call)
        except InputNeeded as needed:
            return self.input_required(call, needed.questions)
        self.on_unneeded_answers(call, call.answers.keys() - call.asked)
        return result

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        """Without sessions a response stream carries what belongs to its request, and nothing else is sent."""
        if is_modern(session):
            return None if call is None else call.stream
        return super().stream_for(session, message, call)

    # Cancellation

    async def _watch_call(self, http: Exchange, call: Call) -> None:
        await http.disconnected()
        self.cancel_with_connection(call)

    def on_client_gone(self, stream: Stream) -> None:
        """Without sessions nobody can come back."""
        if is_modern(stream.session):
            self.on_stream_closed(stream)
        else:
            super().on_client_gone(stream)

    def disconnect(self, stream: Stream, leg: Leg) -> None:
        """Without sessions a stream has one connection, whoever closes it."""
        super().disconnect(stream, leg)
        if is_modern(stream.session):
            self.on_stream_closed(stream)

    def on_stream_closed(self, stream: Stream) -> None:
        """What still had to be answered on it is cancelled."""
        for call in self.calls_on(stream):
            self.cancel_with_connection(call)

    def cancel_with_connection(self, call: Call) -> None:
        """A request whose connection is closed is cancelled: the work stops, and nothing more is sent."""
        self.cancel(call)


def is_modern(session: Session) -> bool:
    """Whether this is but the passing memory of one request."""
    return session.modern
