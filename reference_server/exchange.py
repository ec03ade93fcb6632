"""One HTTP request and the answer to it, over ASGI: the only module that knows what ASGI looks like."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from reference_server.jsonrpc import INVALID_REQUEST, Json

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header: TypeAlias = tuple[str, str]

HEAD = "head"  # under which a server that keeps a request's head hands it on in the scope's state


class Refusal(Exception):
    """The HTTP request is refused with this status and a sentence."""

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        code: int = INVALID_REQUEST,
        data: Json = None,
        headers: Iterable[Header] = (),
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.code = code
        self.data = data
        self.headers = list(headers)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: whose it is, and what it is good for."""

    principal: str
    scopes: frozenset[str]


class Exchange:
    """Reads the request, writes the answer.

    `common` headers go with whatever is answered; `lines` are the request's headers as they were written, and
    `peer` is the other end of the connection.  `grant` is there once a token was read and found valid.
    """

    __slots__ = (
        *("_headers", "_receive", "_send", "common", "grant", "latency", "lines", "method", "path", "peer"),
        "query",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send, latency: float = 0.0) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope.get("query_string", b"").decode("latin-1")
        self.latency = latency
        self.peer: str = str(scope.get("client"))
        self.lines: list[bytes] = scope.get("state", {}).get(HEAD, b"").split(b"\r\n")[1:]
        self.common: list[Header] = []
        self.grant: Grant | None = None
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:  # lines of the same name are one list
            self._headers[name] = b", ".join([self._headers[name], value]) if name in self._headers else value
        self._receive = receive
        self._send = send

    def header(self, name: str) -> str | None:
        """The value of a request header, white space around it removed; the name in lower case."""
        value = self._headers.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1").strip(" \t")

    async def body(self, limit: int) -> bytes | None:
        """The request's body, or None if it is longer than `limit`."""
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return b""
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > limit:
                return None
            if not message.get("more_body", False):
                return b"".join(chunks)

    async def disconnected(self) -> None:
        """Wait until the client has gone; only after the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Iterable[Header]) -> None:
        """Send the answer's head."""
        if self.latency:
            await asyncio.sleep(self.latency)
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*headers, *self.common)]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, chunk: bytes, *, more: bool = True) -> None:
        """Send a piece of the answer's body."""
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def answer(self, status: int, headers: Iterable[Header] = (), body: bytes = b"") -> None:
        """Send a whole answer."""
        length = [] if status == 204 else [("content-length", str(len(body)))]
        await self.start(status, [*headers, *length])
        await self.write(body, more=False)
