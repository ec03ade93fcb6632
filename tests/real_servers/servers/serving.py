"""What both SDK servers share: the options, an event store of our own, and a socket that says where it is.

Runs inside the environments of `environments.py`, where `mcp` is 1.x or 2.x; the names used here exist in both.
"""

import argparse
import asyncio
import socket
from dataclasses import dataclass
from typing import Any

import uvicorn
from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import JSONRPCMessage
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

HOST = "127.0.0.1"
RETRY_MS = 100
LOCAL_ONLY = TransportSecuritySettings(
    enable_dns_rebinding_protection=True,
    allowed_hosts=["127.0.0.1:*", "localhost:*"],
    allowed_origins=["http://127.0.0.1:*", "http://localhost:*"],
)


@dataclass(frozen=True, slots=True)
class Options:
    """The decisions that a test may take on the command line."""

    port: int
    stateless: bool
    json_response: bool
    store: bool
    shared_store: bool


def options_from_argv() -> Options:
    parser = argparse.ArgumentParser(description="An MCP server of the official Python SDK, for our tests.")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    parser.add_argument("--stateless", action="store_true", help="no sessions, hence no event store")
    parser.add_argument("--json-response", action="store_true", help="answer a POST with JSON instead of SSE")
    parser.add_argument("--no-store", action="store_true", help="no event ids, nothing can be resumed")
    parser.add_argument("--shared-store", action="store_true", help="one event store for all sessions")
    given = parser.parse_args()
    return Options(given.port, given.stateless, given.json_response, not given.no_store, given.shared_store)


class MemoryStore(EventStore):
    """Keeps every event in the order of its coming; an id is the number of its stream and its own number."""

    def __init__(self) -> None:
        self._streams: dict[str, int] = {}
        self._events: dict[str, tuple[str, JSONRPCMessage | None]] = {}
        self._order: list[str] = []

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        stream = self._streams.setdefault(stream_id, len(self._streams) + 1)
        event_id = f"s{stream}-e{len(self._events) + 1}"
        self._events[event_id] = (stream_id, message)
        self._order.append(event_id)
        return event_id

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        if last_event_id not in self._events:
            return None
        stream_id, _ = self._events[last_event_id]
        position = self._order.index(last_event_id)
        while (position := position + 1) < len(self._order):  # what comes while we send is sent as well
            event_id = self._order[position]
            its_stream, message = self._events[event_id]
            if its_stream == stream_id and message is not None:  # None: a priming event, not to be repeated
                await send_callback(EventMessage(message, event_id))
        return stream_id


class SessionManager(StreamableHTTPSessionManager):
    """Gives each session a store of its own.

    The SDK tells a store nothing of sessions and names a stream after the request's id, so that in one
    store for all (`--shared-store`, as in the SDK's own examples) request 2 of one client and request 2
    of another are the same stream, and a resuming client is sent both.
    """

    own_stores = False

    def _admit_session(self, requestor: Any) -> Any:
        if self.own_stores:
            self.event_store = MemoryStore()
        return super()._admit_session(requestor)


class Endpoint:
    """The manager as an ASGI app: a class, because Starlette would limit a function to GET."""

    def __init__(self, manager: SessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


class AnnouncingServer(uvicorn.Server):
    """Says where it listens as soon as it accepts connections, not before."""

    path = "/mcp"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(f"listening on http://{HOST}:{sockets[0].getsockname()[1]}{self.path}", flush=True)


def serve(server: Any, options: Options) -> None:
    """Serve a lowlevel SDK server at /mcp until we are told to stop."""
    manager = SessionManager(
        server,
        event_store=MemoryStore() if options.store and not options.stateless else None,
        json_response=options.json_response,
        stateless=options.stateless,
        security_settings=LOCAL_ONLY,
        retry_interval=RETRY_MS if options.store else None,
    )
    manager.own_stores = options.store and not options.shared_store
    app = Starlette(routes=[Route("/mcp", Endpoint(manager))], lifespan=lambda _: manager.run())
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    asyncio.run(AnnouncingServer(config).serve(sockets=[listener_on(options.port)]))


def listener_on(port: int) -> socket.socket:
    """A listening socket that names its protocol, because asyncio switches Nagle off only for those that do.

    With `socket.create_server`, which leaves the protocol at 0, every second answer comes 40 ms late.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(128)
    return listener
