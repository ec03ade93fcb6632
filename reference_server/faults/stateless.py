"""Faults of servers that remember."""

import secrets
from contextvars import ContextVar
from typing import ClassVar

from reference_server.exchange import Exchange
from reference_server.jsonrpc import JsonObject, Request
from reference_server.metadata import CAPABILITIES, VERSION
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.state import Call

PEER: ContextVar[str] = ContextVar("peer", default="")


class ConnectionsRememberTheirClients(ReferenceServer):
    """What a request does not say of its client is taken from an earlier one on the same connection."""

    breaks: ClassVar = "stateless.no-context"
    also: ClassVar = {
        "meta.missing": "what is served on account of an earlier request lacks its metadata all the same"
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.said: dict[str, JsonObject] = {}

    def admit(self, http: Exchange, request: Request) -> Call:
        meta = {**self.said.get(http.peer, {}), **request.meta}
        self.said[http.peer] = {name: meta[name] for name in (VERSION, CAPABILITIES) if name in meta}
        return super().admit(http, Request(request.id, request.method, {**request.params, "_meta": meta}))


class StateIsLostWithTheConnection(ReferenceServer):
    """A requestState that was given out over a connection that is closed now is refused."""

    breaks: ClassVar = "stateless.any-connection"

    def principal_of(self, http: Exchange) -> str:
        return secrets.token_hex() if http.header("connection") == "close" else super().principal_of(http)


class ConnectionsRememberTheState(ReferenceServer):
    """Who leaves the requestState out gets the latest one that was given out over the same connection."""

    breaks: ClassVar = "stateless.handles"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.given: dict[str, str] = {}

    def admit(self, http: Exchange, request: Request) -> Call:
        PEER.set(http.peer)
        if "inputResponses" in request.params and http.peer in self.given:
            request.params.setdefault("requestState", self.given[http.peer])
        return super().admit(http, request)

    def seal(self, call: Call) -> str:
        self.given[PEER.get()] = super().seal(call)
        return self.given[PEER.get()]
