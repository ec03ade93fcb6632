"""Bytes through the proxy are the bytes without it, both ways, however they are cut, packed or broken off."""

import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import httpx
import pytest
from anyio.abc import ByteStream
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.__main__ import main
from conformance.evidence.recording import About, Asked, Chunk, End, Lost, about_line, record_line
from conformance.evidence.trace import Exchange, Message, Trace
from inspector.proxy.setup import Setup
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.inspector.behind import LAST_CHUNK, STREAM, chunk, proxy_before, proxy_for, run
from tests.little_servers import head
from tests.running import run_against

PIECES = st.lists(st.binary(min_size=1, max_size=40) | st.just(b"id: 1\ndata: x\r\n\r\n"), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None)
@given(down=PIECES, up=PIECES, packed=st.booleans(), broken_off=st.booleans(), chunked=st.booleans())
def test_bytes_arrive_as_they_were_sent(
    down: list[bytes], up: list[bytes], packed: bool, broken_off: bool, chunked: bool
) -> None:
    async def test() -> None:
        got: list[bytes] = []
        sent = packed_pieces(down) if packed else down

        async def answer(stream: ByteStream, request: bytes) -> None:
            while chunked and not request.endswith(LAST_CHUNK):
                request += await stream.receive()
            got.append(request.partition(b"\r\n\r\n")[2])
            await stream.send(head(200, *STREAM, *(["Content-Encoding: gzip"] if packed else [])))
            for piece in sent:
                await stream.send(chunk(piece))
            if not broken_off:
                await stream.send(LAST_CHUNK)

        async def upload() -> AsyncIterator[bytes]:
            for piece in up:
                yield piece

        async with proxy_before(answer) as proxied:
            arrived = b""
            async with httpx.AsyncClient(trust_env=False) as client:
                try:
                    content = upload() if chunked else b"".join(up)
                    async with client.stream("POST", proxied.url, content=content) as response:
                        async for data in response.aiter_raw():
                            arrived += data
                    assert not broken_off
                except httpx.RemoteProtocolError:
                    assert broken_off
            assert arrived == b"".join(sent)
            assert (unchunked(got[0]) if chunked else got[0]) == b"".join(up)
            await proxied.seen.until(Lost if broken_off else End)
            assert proxied.seen.all(Asked)[0].body == b"".join(up)
            assert b"".join(c.data for c in proxied.seen.all(Chunk)) == b"".join(down)

    run(test)


def packed_pieces(pieces: list[bytes]) -> list[bytes]:
    """The pieces as one gzip file, each flushed so that it can be read at once."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = [packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH) for piece in pieces]
    return [*packed, packer.flush()]


def unchunked(data: bytes) -> bytes:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        body, data = body + data[: int(size, 16)], data[int(size, 16) + 2 :]
    return body


def told(exchange: Exchange) -> tuple[object, ...]:
    """What two recordings of one exchange have to agree upon."""
    events = tuple(event.raw for event in exchange.events)
    messages = tuple((m.sender, m.kind) for m in exchange.messages if isinstance(m, Message))
    return exchange.method, exchange.request_body, exchange.status, exchange.body, events, exchange.tail, messages


def whole(trace: Trace) -> list[tuple[object, ...]]:
    return sorted((told(x) for x in trace.exchanges if x.ending == "complete"), key=repr)


def test_a_recording_says_what_the_client_wrote_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = {"progress.increases", "init.version", "session.id-chars", "get.stream-or-405"}

    async def test() -> None:
        with serve(ReferenceServer(Options())) as upstream:
            async with proxy_for(Setup(upstream)) as proxied:
                ran = await anyio.to_thread.run_sync(lambda: run_against(proxied.url, "2025-11-25", keys=keys))
                (revision,) = ran.revisions
                await proxied.seen.until(End, len(whole(revision.trace)))
            file = tmp_path / "live.rec"
            file.write_bytes(about_line(About(upstream)) + b"".join(map(record_line, proxied.seen.records)))
        mine = whole(revision.trace)
        theirs = whole(proxied.seen.trace())
        assert len(mine) > 5
        assert [entry for entry in mine if entry not in theirs] == []

    run(test)
    assert main(["judge", str(tmp_path / "live.rec")]) == 0
    assert "session.id-chars" in capsys.readouterr().out
