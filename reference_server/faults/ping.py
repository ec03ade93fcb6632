"""Faults in ping."""

from typing import ClassVar

from reference_server.jsonrpc import METHOD_NOT_FOUND, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call


class PingIsUnknown(ReferenceServer):
    """Ping is a method like any other that is not there."""

    breaks: ClassVar = "ping.reply"

    def ping_result(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "Method not found: ping")


class PingHasToWait(ReferenceServer):
    """Ping is refused until the client has said that it is ready, though it may be asked at any time."""

    breaks: ClassVar = "ping.reply"

    def ping_result(self, call: Call) -> JsonObject:
        if not call.session.initialized:
            raise RpcError(METHOD_NOT_FOUND, "Method not found before notifications/initialized: ping")
        return super().ping_result(call)
