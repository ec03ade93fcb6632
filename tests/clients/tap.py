"""A server's traffic, written down before it reaches the server, by ASGI middleware.

Each TCP connection gets a label of its own, as somebody between client and server would have it who knows no better.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import Headers

Part: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Part]]
Send: TypeAlias = Callable[[Part], Awaitable[None]]
App: TypeAlias = Callable[..., Awaitable[None]]


class Tap:
    """Stands in front of an ASGI application and passes everything on as it is."""

    def __init__(self, app: App, recorder: Recorder) -> None:
        self._app = app
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        """What the application has beside the protocol, such as how it is stopped."""
        return getattr(self._app, name)

    async def __call__(self, scope: Part, receive: Receive, send: Send) -> None:
        """One HTTP request and its answer."""
        first = await _whole(receive)
        client = "{}:{}".format(*scope["client"])
        number = self._recorder.request(client, scope["method"], _url(scope), _pairs(scope["headers"]), first["body"])
        waiting = [first]

        async def heard() -> Part:
            part = waiting.pop() if waiting else await receive()
            if part["type"] == "http.disconnect":
                self._recorder.lost(number, "", "hung up")
            return part

        async def told(part: Part) -> None:
            if part["type"] == "http.response.start":
                self._recorder.head(number, part["status"], _pairs(part.get("headers", ())))
            elif part["type"] == "http.response.body":
                self._recorder.chunk(number, part.get("body", b""))
                if not part.get("more_body"):
                    self._recorder.end(number)
            await send(part)

        try:
            await self._app(scope, heard, told)
        finally:
            self._recorder.lost(number, "the server gave up")


async def _whole(receive: Receive) -> Part:
    """The request's body in one part."""
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), bool(part.get("more_body"))
    return {"type": "http.request", "body": body, "more_body": False}


def _url(scope: Part) -> str:
    host, port = scope["server"]
    query = scope["query_string"].decode("latin-1")
    return f"http://{host}:{port}{scope['path']}{f'?{query}' if query else ''}"


def _pairs(headers: Any) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
