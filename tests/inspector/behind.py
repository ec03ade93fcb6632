"""A proxy in front of a little server, in the test's own loop, and all that it records."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias, TypeVar

import anyio
import pytest
from anyio.abc import SocketStream

from conformance.evidence.recording import About, Chunk, Record, Recording
from conformance.evidence.trace import Exchange, Trace
from inspector.proxy.setup import Setup
from inspector.proxy.tap import Sink
from tests.little_servers import Serve, serving

pytest.importorskip("mitmproxy", reason="mitmproxy is not installed: pip install -e '.[inspector]'")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # libraries of mitmproxy's warn of each other
    import_module("mitmproxy.tools.dump")

PATIENCE = 10.0  # seconds, also on a busy machine
STREAM = "Content-Type: text/event-stream", "Transfer-Encoding: chunked"
LAST_CHUNK = b"0\r\n\r\n"

T = TypeVar("T")
Test: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class Seen:
    """The records until now, and a way to wait for one."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._more = asyncio.Event()

    def put(self, record: Record) -> None:
        self.records.append(record)
        self._more.set()

    async def until(self, kind: type[T], count: int = 1) -> T:
        """The so-and-so-manyth record of this kind, as soon as it is there."""
        with anyio.fail_after(PATIENCE):
            while len(found := self.all(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return found[count - 1]

    def all(self, kind: type[T]) -> list[T]:
        return [record for record in self.records if isinstance(record, kind)]

    def kinds(self) -> list[str]:
        return [type(record).__name__ for record in self.records]

    def trace(self) -> Trace:
        return Recording(About(), tuple(self.records)).trace()

    def exchange(self, number: int = 0) -> Exchange:
        return self.trace().exchanges[number]

    def received(self) -> bytes:
        return b"".join(chunk.data for chunk in self.all(Chunk))


@dataclass
class Proxied:
    """What a test has of a proxy: where it is, and what it saw."""

    url: str
    upstream: str
    seen: Seen
    inspector: Any

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].partition("/")[0])


@asynccontextmanager
async def proxy_for(setup: Setup, *sinks: Sink) -> AsyncIterator[Proxied]:
    """A proxy with this setup."""
    from inspector.proxy.process import watching

    seen = Seen()
    async with watching(setup, [seen.put, *sinks]) as (url, inspector):
        yield Proxied(url, setup.upstream, seen, inspector)


@asynccontextmanager
async def proxy_before(serve: Serve, *sinks: Sink, **wishes: Any) -> AsyncIterator[Proxied]:
    """A proxy in front of a little server."""
    async with serving(serve) as upstream, proxy_for(Setup(upstream, **wishes), *sinks) as proxied:
        yield proxied


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test, which ends in time or fails."""

    async def bounded() -> None:
        with anyio.fail_after(3 * PATIENCE):
            await test()

    anyio.run(bounded)


def chunk(data: bytes) -> bytes:
    """Bytes as one chunk of a chunked body (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(data), data)


@asynccontextmanager
async def asking(
    url_or_port: int, *headers: str, method: str = "GET", body: bytes = b""
) -> AsyncIterator[SocketStream]:
    """A request on a raw connection of its own, to read the answer from."""
    async with await anyio.connect_tcp("127.0.0.1", url_or_port) as stream:
        lines = (f"{method} /mcp HTTP/1.1", f"Host: 127.0.0.1:{url_or_port}", *headers)
        length = (f"Content-Length: {len(body)}",) if body else ()
        await stream.send("\r\n".join((*lines, *length, "", "")).encode() + body)
        yield stream


async def read_until(stream: SocketStream, wanted: bytes) -> bytes:
    """All that comes, as far as these bytes."""
    data = b""
    with anyio.fail_after(PATIENCE):
        while wanted not in data:
            data += await stream.receive()
    return data


async def read_all(stream: SocketStream) -> bytes:
    """All that comes until the connection is closed or reset."""
    data = b""
    with anyio.fail_after(PATIENCE):
        try:
            while True:
                data += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return data
