"""Faults in the streams that a client opens with GET."""

from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session, Stream


class GetIsServedElsewhere(ReferenceServer):
    """POST has one address, and a GET that wants a new stream finds nothing there."""

    breaks: ClassVar = "endpoint.single"
    revision: ClassVar = "2025-11-25"
    also: ClassVar = {"get.sse-or-405": "404 is neither a stream nor 405"}

    async def get(self, http: Exchange) -> None:
        self.session_for(http)
        if http.header("last-event-id") is None:
            raise Refusal(404, "There is nothing here for GET.")
        await super().get(http)


class ListeningIsABadRequest(ReferenceServer):
    """A GET that wants a new stream draws 400 instead of a stream or 405."""

    breaks: ClassVar = "get.sse-or-405"

    async def get(self, http: Exchange) -> None:
        self.session_for(http)
        if http.header("last-event-id") is None:
            raise Refusal(400, "There is nothing to listen to.")
        await super().get(http)


class GetStreamsAreCalledJson(ReferenceServer):
    """A GET stream is sent under the wrong media type."""

    breaks: ClassVar = "get.sse-or-405"

    def media_type_for_stream(self, stream: Stream) -> str:
        return "application/json" if stream.kind == "get" else super().media_type_for_stream(stream)


class ProgressGoesOnTheGetStream(ReferenceServer):
    """Progress leaves its request's stream as soon as a GET stream is open."""

    breaks: ClassVar = "get.unrelated"

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        progress = message.get("method") == "notifications/progress"
        return (self.open_get_stream(session) if progress else None) or super().stream_for(session, message, call)


class ResponsesGoOnTheGetStreamToo(ReferenceServer):
    """What is answered with JSON is answered on the GET stream once more."""

    breaks: ClassVar = "get.no-response"

    async def perform(self, call: Call) -> JsonObject:
        response = await super().perform(call)
        stream = None if call.stream else self.open_get_stream(call.session)
        if stream is not None:
            self.append(stream, response)
        return response


class ResponsesGoOnTheGetStreamInstead(ReferenceServer):
    """Where a GET stream is open it takes the responses away from the streams of their requests."""

    breaks: ClassVar = "get.no-response"
    also: ClassVar = {"stream.has-response": "the request's own stream ends without the response"}

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        response = "method" not in message
        return (self.open_get_stream(session) if response else None) or super().stream_for(session, message, call)


class GetConnectionsAreClosedWithoutRetry(ReferenceServer):
    """The server closes the connection of a GET stream and does not say when to come back."""

    breaks: ClassVar = "get.polling"

    def retry_before_close(self, stream: Stream) -> int | None:
        return None if stream.kind == "get" else super().retry_before_close(stream)


class PromptsAreServedElsewhere(ReferenceServer):
    """Requests for prompts find nothing at the endpoint: they are served at an address of their own."""

    breaks: ClassVar = "endpoint.single"
    also: ClassVar = {"method.404": "at this address the method is unknown, and no JSON-RPC error says so"}
    revision: ClassVar = "2026-07-28"

    async def post(self, http: Exchange) -> None:
        if (http.header("mcp-method") or "").startswith("prompts/"):
            await http.answer(404, [("content-type", "text/plain")], b"Not Found")
        else:
            await super().post(http)
