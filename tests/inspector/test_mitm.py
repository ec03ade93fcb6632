"""What mitmproxy's insides have to be for the adapter to hold: the installed version, on real sockets."""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from typing import Any

import anyio
import httpx
import pytest
from anyio.abc import ByteStream, SocketAttribute

from conformance.evidence.recording import Asked, Chunk, Deed, End, Head, Lost
from inspector.proxy.setup import CannotStart, Setup
from tests.inspector.behind import (
    LAST_CHUNK,
    STREAM,
    asking,
    chunk,
    proxy_before,
    proxy_for,
    read_all,
    read_until,
    run,
)
from tests.little_servers import Serve, head, says

EVENT = b"data: %d\n\n"


def reset(stream: ByteStream) -> None:
    """Have the connection end with a RST."""
    raw = stream.extra(SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def one_event_then(ending: Callable[[ByteStream], object]) -> Serve:
    """A stream that breaks off after its first event."""

    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, *STREAM) + chunk(EVENT % 1))
        ending(stream)

    return serve


async def endless(stream: ByteStream, _request: bytes) -> None:
    """One event, and then silence, until somebody goes away."""
    await stream.send(head(200, *STREAM) + chunk(EVENT % 1))
    await stream.receive()


class OnlyHttp2(ssl.SSLContext):
    """httpx prefers HTTP/1.1, whatever it is told, and mitmproxy does as its client prefers."""

    def set_alpn_protocols(self, _: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


def test_an_event_arrives_before_the_next_is_sent() -> None:
    async def test() -> None:
        arrived = anyio.Event()

        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(head(200, *STREAM) + chunk(EVENT % 1))
            await arrived.wait()
            await stream.send(chunk(EVENT % 2) + LAST_CHUNK)

        async with proxy_before(serve) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENT % 1)
            arrived.set()
            await read_until(client, LAST_CHUNK)
            await proxied.seen.until(End)
            assert proxied.seen.kinds() == ["Asked", "Head", "Chunk", "Chunk", "End"]

    run(test)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # mitmproxy uses pyOpenSSL as it was
def test_twenty_streams_on_one_http2_connection_do_not_wait_for_each_other() -> None:
    pytest.importorskip("h2")

    async def test() -> None:
        trusting = OnlyHttp2(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        async with proxy_before(endless) as proxied, anyio.create_task_group() as tasks:
            url = proxied.url.replace("http://", "https://")
            async with httpx.AsyncClient(http1=False, http2=True, verify=trusting, trust_env=False) as client:

                async def stream() -> None:
                    with suppress(httpx.LocalProtocolError):  # httpx, when the first of several is cancelled
                        async with client.stream("GET", url) as answer:
                            assert answer.http_version == "HTTP/2"
                            arriving = answer.aiter_bytes()
                            assert await anext(arriving) == EVENT % 1
                            await asyncio.Event().wait()

                for _ in range(20):
                    tasks.start_soon(stream)
                await proxied.seen.until(Chunk, 20)
                tasks.cancel_scope.cancel()

    run(test)


def test_a_silent_stream_is_not_cut() -> None:
    master: Any = import_module("mitmproxy.ctx")
    watchdog: Any = import_module("mitmproxy.proxy.server").TimeoutWatchdog

    async def test() -> None:
        ended = asyncio.Event()

        async def end() -> None:
            ended.set()

        dog = watchdog(0, end)
        dog.timeout = 3600
        watching = asyncio.create_task(dog.watch())
        async with proxy_before(endless) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENT % 1)
            handlers = master.master.addons.get("proxyserver").connections.values()
            assert [handler.timeout_watchdog.timeout > 30 * 24 * 3600 for handler in handlers] == [True]
        assert not ended.is_set(), "the watchdog does not read its timeout again"
        watching.cancel()

    run(test)


def test_no_connection_is_opened_before_somebody_asks() -> None:
    async def test() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        async with (
            proxy_for(Setup(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp")) as proxied,
            await anyio.connect_tcp("127.0.0.1", proxied.port) as client,
        ):
            await client.send(b"GET /mcp HT")
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(BlockingIOError):
                listening.accept()
        listening.close()

    run(test)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_server_is_told_the_host_that_the_client_named(keeps: bool) -> None:
    async def test() -> None:
        requests: list[bytes] = []

        async def serve(stream: ByteStream, request: bytes) -> None:
            requests.append(request)
            await stream.send(head(200, "Content-Length: 0"))

        async with proxy_before(serve, keep_host=None if keeps else False) as proxied:
            async with asking(proxied.port) as client:
                await read_all(client)
            named = proxied.url if keeps else proxied.upstream
            assert f"Host: {named.split('/')[2]}\r\n".encode() in requests[0]
            assert bool(proxied.seen.all(Deed)) != keeps

    run(test)


def test_compressed_bytes_stay_as_they_are_and_are_read_all_the_same() -> None:
    async def test() -> None:
        packed = gzip.compress(b"data: 1\n\n", mtime=0) + gzip.compress(b"data: 2\n\n", mtime=0)
        async with proxy_before(says(200, STREAM[0], "Content-Encoding: gzip", body=packed)) as proxied:
            async with asking(proxied.port) as client:
                answer = await read_all(client)
            assert answer.endswith(b"\r\n\r\n" + packed)
            await proxied.seen.until(End)
            assert [event.data for event in proxied.seen.exchange().events] == ["1", "2"]

    run(test)


def test_a_port_that_is_taken_is_one_sentence() -> None:
    async def test() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            with pytest.raises(CannotStart) as refused:
                async with proxy_for(Setup("http://127.0.0.1:9/mcp", listen=listen)):
                    pass
        assert str(refused.value).startswith(f"cannot listen at {listen}: ")
        assert "ddress already in use" in str(refused.value)

    run(test)


@pytest.mark.parametrize("by", ["FIN", "RST"])
def test_a_client_that_goes_away_hung_up_and_the_server_feels_it(by: str) -> None:
    async def test() -> None:
        gone = anyio.Event()

        async def serve(stream: ByteStream, request: bytes) -> None:
            try:
                await endless(stream, request)
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                gone.set()

        async with proxy_before(serve) as proxied:
            async with asking(proxied.port) as client:
                await read_until(client, EVENT % 1)
                if by == "RST":
                    reset(client)
            assert (await proxied.seen.until(Lost)).ending == "hung up"
            await gone.wait()

    run(test)


@pytest.mark.parametrize("by", ["FIN", "RST"])
def test_a_server_that_goes_away_in_the_midst_lost_the_answer(by: str) -> None:
    async def test() -> None:
        serve = one_event_then(reset if by == "RST" else id)
        async with proxy_before(serve) as proxied, asking(proxied.port) as client:
            answer = await read_all(client)
            assert not answer.endswith(LAST_CHUNK)
            assert (await proxied.seen.until(Lost)).ending == "lost"
            if EVENT % 1 in answer:  # a reset may take it back
                assert proxied.seen.received() == EVENT % 1

    run(test)


@pytest.mark.parametrize("answer", [b"", b"so what\r\n\r\n"])
def test_a_server_that_does_not_answer_in_http_lost_the_answer(answer: bytes) -> None:
    async def test() -> None:
        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(answer)

        async with proxy_before(serve) as proxied, asking(proxied.port) as client:
            assert (await read_all(client)).startswith(b"HTTP/1.1 502")
            assert (await proxied.seen.until(Lost)).ending == "lost"

    run(test)


@pytest.mark.parametrize("body", [b"{}", b"x" * 100_000])
def test_a_server_that_is_not_there_is_charged_with_nothing(body: bytes) -> None:
    async def test() -> None:
        async with proxy_for(Setup("http://127.0.0.1:1/mcp")) as proxied:
            async with asking(proxied.port, method="POST", body=body) as client:
                assert (await read_all(client)).startswith(b"HTTP/1.1 502")
            deed = await proxied.seen.until(Deed)
            assert "could not pass this on" in deed.what
            assert [lost.ending for lost in proxied.seen.all(Lost)] == ["cut off"] * len(proxied.seen.all(Asked))

    run(test)


def test_a_connection_may_carry_several_exchanges() -> None:
    async def test() -> None:
        async def serve(stream: ByteStream, _request: bytes) -> None:
            for _ in range(2):
                await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                await stream.receive()

        async with proxy_before(serve) as proxied:
            async with httpx.AsyncClient(trust_env=False) as client:
                for _ in range(2):
                    assert (await client.get(proxied.url)).content == b"{}"
            await proxied.seen.until(End, 2)
            assert len({asked.client for asked in proxied.seen.all(Asked)}) == 1

    run(test)


def test_a_header_that_is_odd_is_let_through() -> None:
    async def test() -> None:
        async with proxy_before(says(200, "Odd name: x", "Content-Length: 0")) as proxied:
            async with asking(proxied.port, "Also odd: y") as client:
                assert b"Odd name: x" in await read_all(client)
            assert ("Odd name", "x") in (await proxied.seen.until(Head)).headers
            assert ("Also odd", "y") in (await proxied.seen.until(Asked)).headers

    run(test)
