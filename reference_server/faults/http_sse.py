"""Faults over HTTP+SSE. The first client is served well where nobody could begin otherwise."""

from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.http_sse import SSE_PATH
from reference_server.jsonrpc import METHOD_NOT_FOUND, JsonObject, RpcError
from reference_server.options import R2024_11
from reference_server.server import ReferenceServer
from reference_server.state import Call, Stream


class LaterEndpointsLackTheirScheme(ReferenceServer):
    """Only the first client is told an address; what all others are told begins with the name of a host."""

    breaks: ClassVar = "sse.endpoint"
    told = 0

    def endpoint_for(self, name: str) -> str:
        self.told += 1
        return super().endpoint_for(name) if self.told == 1 else f"localhost:8000{super().endpoint_for(name)}"


class LaterSessionsAreUnknown(ReferenceServer):
    """Only what the first client sends arrives; all others send to a worker that does not know their streams."""

    breaks: ClassVar = "sse.two-endpoints"
    first = ""

    def stream_named(self, http: Exchange) -> Stream:
        self.first = self.first or http.query
        if http.query != self.first:
            raise Refusal(404, "There is no such session.")
        return super().stream_named(http)


class AnyPageMayListen(ReferenceServer):
    """The Origin is looked at where messages are sent, and not where the stream is opened."""

    breaks: ClassVar = "origin.validate"
    revision: ClassVar = R2024_11

    def check_origin(self, http: Exchange) -> None:
        if http.path != SSE_PATH:
            super().check_origin(http)


class OldMessagesLackTheVersion(ReferenceServer):
    """No message on the stream of HTTP+SSE says that it is JSON-RPC 2.0."""

    breaks: ClassVar = "jsonrpc"
    revision: ClassVar = R2024_11

    def envelope(self) -> JsonObject:
        return {}


class OldPongsAreAnnounced(ReferenceServer):
    """Over HTTP+SSE the answer to ping is announced by a response with its id and nothing in it."""

    breaks: ClassVar = "jsonrpc.result-or-error"
    revision: ClassVar = R2024_11

    async def ping(self, call: Call) -> JsonObject:
        self.place(call.session, {**self.envelope(), "id": call.request.id}, call)
        return await super().ping(call)


class OldPingsAreUnknown(ReferenceServer):
    """Over HTTP+SSE ping is a method like any other that is not there."""

    breaks: ClassVar = "ping.reply"
    revision: ClassVar = R2024_11

    def ping_result(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "Method not found: ping")
