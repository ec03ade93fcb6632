"""Faults in the messages themselves."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from reference_server.jsonrpc import (
    INTERNAL_ERROR,
    METHOD_NOT_FOUND,
    Json,
    JsonObject,
    RequestId,
    RpcError,
    as_object,
)
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session
from reference_server.toolbox import says

LONG = 10  # characters


class TextIsLatin1(ReferenceServer):
    """Everything is written in Latin-1, with a question mark for what that cannot say."""

    breaks = "utf8"

    def encode_text(self, text: str) -> bytes:
        return text.encode("latin-1", "replace")


class Utf8IsReadAsLatin1(ReferenceServer):
    """The client's text is taken for Latin-1, so it comes back garbled, although in good UTF-8."""

    breaks = "utf8"
    also: ClassVar[dict[str, str]] = {
        "xhdr.match": "an argument that is read wrongly is not what its header says",
        "jsonrpc.id-echo": "an id is text too",
    }

    def body_encoding(self) -> str:
        return "latin-1"


class MessagesLackTheVersion(ReferenceServer):
    """No message says that it is JSON-RPC 2.0."""

    breaks = "jsonrpc"
    revision = "2025-11-25"

    def envelope(self) -> JsonObject:
        return {}


class ResourcesAreListedAsPythonText(ReferenceServer):
    """The list of resources is sent as Python would print it, with single quotes."""

    breaks = "jsonrpc"

    def message_text(self, message: Json) -> str:
        lists = "resources" in as_object(as_object(message).get("result"))
        return str(message) if lists else super().message_text(message)


class EmptyResultsAreLeftOut(ReferenceServer):
    """A result without members is left out of its response."""

    breaks = "jsonrpc.result-or-error"
    revision = "2025-11-25"

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        response = super().result_response(request_id, result)
        return response if result else {**self.envelope(), "id": request_id}


class ListsOfPromptsAreLeftOut(ReferenceServer):
    """The list of prompts is left out of its response, which has neither result nor error."""

    breaks = "jsonrpc.result-or-error"
    revision = "2026-07-28"

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        response = super().result_response(request_id, result)
        return {**self.envelope(), "id": request_id} if "prompts" in result else response


class ResultsHaveAnErrorToo(ReferenceServer):
    """A good answer says `"error": null` beside its result, as JSON-RPC 1.0 did."""

    breaks = "jsonrpc.not-both"
    revision = "2025-06-18"

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        return {**super().result_response(request_id, result), "error": None}


class ResultsStillHaveAnErrorToo(ReferenceServer):
    """Results bring an error along in the newest revision, where only JSON-RPC itself forbids it."""

    breaks = "jsonrpc"
    revision = "2025-11-25"

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        return {**super().result_response(request_id, result), "error": None}


class ErrorsHaveNoMessage(ReferenceServer):
    """An error has no message."""

    breaks = "jsonrpc.error-shape"

    def error_object(self, error: RpcError) -> JsonObject:
        return {name: value for name, value in super().error_object(error).items() if name != "message"}


class ErrorsAreText(ReferenceServer):
    """The error for an unknown method is a sentence instead of an object."""

    breaks = "jsonrpc.error-shape"
    also = {"method.404": "a sentence has no code, and -32601 is wanted"}

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        response = super().error_response(request_id, error)
        return {**response, "error": str(error)} if error.code == METHOD_NOT_FOUND else response


class ErrorCodesAreText(ReferenceServer):
    """The code for an unknown method is a string."""

    breaks = "jsonrpc.code-int"
    also = {"method.404": "a text is not the code -32601"}

    def error_code(self, code: int) -> Json:
        return str(code) if code == METHOD_NOT_FOUND else code


class NotificationsAreAnsweredWithAResult(ReferenceServer):
    """What was accepted is answered with an empty result, as if it had been a request."""

    breaks = "jsonrpc.no-reply"
    also: ClassVar[dict[str, str]] = {"post.202": "a response on the same answer is a body"}

    def accept_body(self) -> bytes:
        return self.encode_message({**self.envelope(), "id": None, "result": {}})


class LogMessagesHaveAnId(ReferenceServer):
    """A log message has an id, which makes it look like a request."""

    breaks = "jsonrpc.notif-no-id"
    also = {"stream.no-requests": "by its shape it is a request, and none belongs on a stream of the modern era"}

    def notification(self, method: str, params: JsonObject | None = None) -> JsonObject:
        numbered: JsonObject = {"id": 0} if method == "notifications/message" else {}
        return {**super().notification(method, params), **numbered}


class BatchesAreRefused(ReferenceServer):
    """A batch is refused in the one revision that has batches."""

    breaks = "batch.receive"

    def accepts_batches(self, session: Session) -> bool:
        return False


class UnknownFieldsAreNull(ReferenceServer):
    """A resource without a description is listed with the description null."""

    breaks = "schema.message"

    def described(self, session: Session, key: str, uri: str, title: str, mime: str, description: str) -> JsonObject:
        return {**super().described(session, key, uri, title, mime, description), "description": None}


class PingIsAnsweredWithText(ReferenceServer):
    """The result of ping is the word pong instead of an object."""

    breaks = "schema.message"
    revision = "2025-11-25"

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        response = super().result_response(request_id, result)
        return response if result else {**response, "result": "pong"}


class ResponsesAreSentTwice(ReferenceServer):
    """A call on a stream is answered, and then answered again with an error."""

    breaks = "jsonrpc"

    def messages_after_response(self, call: Call) -> Iterable[JsonObject]:
        return [self.error_response(call.request.id, RpcError(INTERNAL_ERROR, "This comes too late."))]


class AnswersAreMixedUp(ReferenceServer):
    """The result of a long text is kept where the next call of anybody overwrites it, before it is sent."""

    breaks = "jsonrpc.id-echo"
    latest: Json = None

    async def call_tool(self, call: Call) -> JsonObject:
        if len(str(as_object(call.request.params.get("arguments")).get("text", ""))) < LONG:
            return await super().call_tool(call)
        self.latest = call.request.params.get("arguments")
        await asyncio.sleep(0.15)
        call.request.params["arguments"] = self.latest
        return await super().call_tool(call)


class PromptsHaveStrangeRoles(ReferenceServer):
    """The messages of a prompt are the system's, which no role stands for."""

    breaks = "schema.message"

    async def get_prompt(self, call: Call) -> JsonObject:
        return {**await super().get_prompt(call), "messages": [{"role": "system", "content": says("x")["content"]}]}


class LineSeparatorsBreakMessages(ReferenceServer):
    """What Unicode calls the end of a line ends a line of an event, in the middle of a message."""

    breaks: ClassVar = "jsonrpc"
    also: ClassVar = {"stream.has-response": "a message that is broken is no response"}
    revision: ClassVar = "2025-11-25"

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        lines = data.replace("\\u2028", "\u2028").splitlines()
        return super().encode_event(event_id, "\ndata: ".join(lines))
