"""From hooks to records, in front of little servers: who asked, what is recorded, and what never hurts."""

import os
import socket
from pathlib import Path

import anyio
import httpx
import pytest
from anyio.abc import ByteStream

from conformance.evidence.recording import Asked, Chunk, Deed, End, Lost, Record
from inspector.proxy.setup import Setup
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
from tests.little_servers import head, says, serving

CALL = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


def test_an_error_of_ours_lets_the_bytes_through() -> None:
    async def test() -> None:
        def broken(record: Record) -> None:
            if record in proxied.seen.all(Chunk):
                raise RuntimeError("no idea")

        events = b"data: 1\n\n"
        async with proxy_before(says(200, STREAM[0], body=events), broken) as proxied:
            for _ in range(2):
                async with asking(proxied.port) as client:
                    assert (await read_all(client)).endswith(events)
            deed, lost = await proxied.seen.until(Deed), await proxied.seen.until(Lost, 2)
            assert "let through unrecorded: an error of the inspector: RuntimeError: no idea" in deed.what
            assert lost.ending == "cut off"
            assert len(proxied.seen.all(Deed)) == 2

    run(test)


def test_a_sink_that_always_fails_hurts_nobody() -> None:
    async def test() -> None:
        def broken(_: Record) -> None:
            raise RuntimeError("no idea")

        async with proxy_before(says(200, body=b"fine"), broken) as proxied, asking(proxied.port) as client:
            assert (await read_all(client)).endswith(b"fine")

    run(test)


def test_what_is_not_encoded_as_it_says_is_let_through_and_given_up() -> None:
    async def test() -> None:
        async with proxy_before(says(200, "Content-Encoding: gzip", body=b"plain")) as proxied:
            async with asking(proxied.port) as client:
                assert (await read_all(client)).endswith(b"plain")
            assert (await proxied.seen.until(Lost)).ending == "cut off"
            assert proxied.seen.kinds() == ["Asked", "Head", "Deed", "Lost"]

    run(test)


def test_a_client_is_known_by_its_process() -> None:
    async def test() -> None:
        async with proxy_before(says(200)) as proxied, asking(proxied.port, "User-Agent: me/1.0 (x)") as client:
            await read_all(client)
            who = (await proxied.seen.until(Asked)).client
            assert who.endswith(f"(pid {os.getpid()})") or who == "127.0.0.1 me/1.0"
            if Path("/proc/self/fd").exists() and hasattr(socket, "AF_NETLINK"):
                assert "pid" in who

    run(test)


def test_an_upload_is_passed_on_while_it_comes_and_recorded_when_it_is_whole() -> None:
    async def test() -> None:
        begun = anyio.Event()

        async def serve(stream: ByteStream, _head: bytes) -> None:
            begun.set()
            data = b""
            while not data.endswith(LAST_CHUNK):
                data += await stream.receive()
            await stream.send(head(202, "Content-Length: 0"))

        async with (
            proxy_before(serve) as proxied,
            asking(proxied.port, "Transfer-Encoding: chunked", method="POST") as client,
        ):
            await client.send(chunk(CALL[:10]))
            await begun.wait()
            assert proxied.seen.kinds() == []
            await client.send(chunk(CALL[10:]) + LAST_CHUNK)
            assert (await proxied.seen.until(Asked)).body == CALL
            await proxied.seen.until(End)

    run(test)


def test_an_answer_that_comes_before_the_request_is_whole_stands_behind_it() -> None:
    async def test() -> None:
        async def serve(stream: ByteStream, _head: bytes) -> None:
            await stream.send(b"HTTP/1.1 413 So\r\nContent-Length: 3\r\n\r\nno!")
            data = b""
            while not data.endswith(LAST_CHUNK):
                data += await stream.receive()

        async with (
            proxy_before(serve) as proxied,
            asking(proxied.port, "Transfer-Encoding: chunked", method="POST") as client,
        ):
            await read_until(client, b"no!")
            assert proxied.seen.kinds() == []
            await client.send(chunk(CALL) + LAST_CHUNK)
            await proxied.seen.until(End)
            assert proxied.seen.kinds() == ["Asked", "Head", "Chunk", "End"]

    run(test)


@pytest.mark.parametrize("answered", [True, False])
def test_a_request_that_is_never_whole_is_only_mentioned(answered: bool) -> None:
    async def test() -> None:
        async def waits(stream: ByteStream, _head: bytes) -> None:
            await stream.receive()

        async with proxy_before(says(413, "Content-Length: 0") if answered else waits) as proxied:
            async with asking(proxied.port, "Transfer-Encoding: chunked", method="POST") as client:
                await client.send(chunk(CALL[:10]))
            assert "the request was broken off" in (await proxied.seen.until(Deed)).what
            assert proxied.seen.kinds() == ["Deed"]

    run(test)


def test_an_ordinary_proxy_records_only_what_looks_like_mcp() -> None:
    async def test() -> None:
        async with serving(says(200, "Content-Length: 2", body=b"{}")) as url, proxy_for(Setup()) as proxied:
            async with httpx.AsyncClient(proxy=proxied.url, trust_env=False) as client:
                assert (await client.get(url)).content == b"{}"
                await client.post(url, content=CALL, headers={"Content-Type": "application/json"})
                await client.get(f"{url}?again")
                await client.get(f"{url}/other", headers={"Accept": "text/event-stream"})
                await client.post(f"{url}/plain", content=b"x=1")
            await proxied.seen.until(End, 3)
            assert [(asked.method, asked.url) for asked in proxied.seen.all(Asked)] == [
                ("POST", url),
                ("GET", f"{url}?again"),
                ("GET", f"{url}/other"),
            ]

    run(test)


def test_what_is_open_when_the_inspector_ends_is_cut_off_by_it() -> None:
    async def test() -> None:
        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(head(200, *STREAM) + chunk(b"data: 1\n\n"))
            await stream.receive()

        async with proxy_before(serve) as proxied:
            async with await anyio.connect_tcp("127.0.0.1", proxied.port) as client:
                await client.send(b"GET /mcp HTTP/1.1\r\nHost: me\r\n\r\n")
                await proxied.seen.until(Chunk)
                seen = proxied.seen
                await client.aclose()
            await seen.until(Lost)
        async with proxy_before(serve) as proxied:
            client = await anyio.connect_tcp("127.0.0.1", proxied.port)
            await client.send(b"GET /mcp HTTP/1.1\r\nHost: me\r\n\r\n")
            await proxied.seen.until(Chunk)
        await client.aclose()
        assert [lost.ending for lost in proxied.seen.all(Lost)] == ["cut off"]
        assert [deed.what for deed in proxied.seen.all(Deed)] == ["the inspector was ended"]

    run(test)
