"""Little servers that say exactly what a test tells them to, on a real loopback socket, in the test's own loop."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ssl import SSLContext
from typing import TypeAlias

import anyio
from anyio.abc import ByteStream, Listener, SocketAttribute
from anyio.streams.tls import TLSListener

Serve: TypeAlias = Callable[[ByteStream, bytes], Awaitable[None]]
"""What a server does with a connection on which a whole request has come; then the connection is closed."""

TLS_HELLO = b"\x16"  # RFC 8446, 5.1: how a client begins that wants to speak TLS


@asynccontextmanager
async def serving(serve: Serve, tls: SSLContext | None = None) -> AsyncIterator[str]:
    """Serve each request on a connection of its own; yields the address."""
    plain = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = plain.extra(SocketAttribute.local_port)
    listener: Listener[ByteStream] = TLSListener(plain, tls, standard_compatible=False) if tls else plain

    async def handle(stream: ByteStream) -> None:
        async with stream:
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                await serve(stream, await request_on(stream))

    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, handle)
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/mcp"
        tasks.cancel_scope.cancel()


async def request_on(stream: ByteStream) -> bytes:
    """A request's head and body, as they came."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += await stream.receive()
        if data.startswith(TLS_HELLO):
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += await stream.receive()
    return head + b"\r\n\r\n" + body


def says(status: int, *headers: str, body: bytes = b"") -> Serve:
    """Every request draws the same answer, which ends with the connection."""

    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(status, *headers) + body)

    return serve


def head(status: int, *headers: str) -> bytes:
    """The head of an answer whose body ends with the connection, unless a header says otherwise."""
    lines = (f"HTTP/1.1 {status} So", "Connection: close", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n"
