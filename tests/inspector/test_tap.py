"""What needs no proxy: decoding, what waits for a viewer, files, wishes, and what looks like MCP."""

import asyncio
import gzip
import zlib
from pathlib import Path

import anyio
import pytest

from conformance.evidence.lines import object_of
from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Lost, Record, read, record_of
from inspector.proxy.decoding import Unreadable, decoder
from inspector.proxy.mcp_like import McpLike
from inspector.proxy.outbox import Outbox, RecordingFile
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of
from inspector.proxy.tap import Tap

TEXT = b"data: something that is said again and again\n\n" * 20


def asked(number: int = 0, **what: bytes) -> Asked:
    return Asked(number, 0.0, "me", "POST", "http://x/mcp", (), what.get("body", b""))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def brotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(data))


def zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").compress(data))


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("br", brotli),
        ("zstd", zstd),
        ("identity, deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
    ],
)
def test_encodings_come_off_however_the_bytes_are_cut(name: str, pack: type[bytes], size: int) -> None:
    packed, decode = pack(TEXT), decoder(name)
    assert decode is not None
    assert b"".join(decode(packed[start : start + size]) for start in range(0, len(packed), size)) == TEXT


def test_what_cannot_be_decoded_says_so() -> None:
    assert decoder("identity") is None
    with pytest.raises(Unreadable, match="'compress' cannot be read here"):
        decoder("compress")
    decode = decoder("gzip")
    assert decode is not None
    with pytest.raises(Unreadable, match="the body is not gzip"):
        decode(b"plain text, no gzip at all")
    bomb = decoder("gzip")
    assert bomb is not None
    with pytest.raises(Unreadable, match="grows beyond"):
        bomb(gzip.compress(bytes(20 * 1024 * 1024)))


def test_a_viewer_that_does_not_read_loses_whole_exchanges_and_is_told() -> None:
    async def test() -> list[Record]:
        outbox, sent = Outbox(most=1_000), asyncio.StreamReader()
        for record in (
            asked(0),
            Chunk(0, 0.1, b"x" * 500),
            asked(1),
            Chunk(1, 0.2, b"y" * 900),
            Chunk(1, 0.3, b"z"),
            Chunk(0, 0.4, b"w" * 900),
            asked(2, body=b"v" * 900),
            Head(2, 0.5, 200, ()),
            End(2, 0.6),
            End(1, 0.7),
        ):
            outbox.put(record)
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write = sent.feed_data  # type: ignore[method-assign]
        await outbox.flush(writer)
        writer.close()
        server.close()
        sent.feed_eof()
        return [record_of(object_of(line)) for line in (await sent.read()).splitlines()]

    records = anyio.run(test)
    assert [(type(record), record.number) for record in records] == [
        (Asked, 0),
        (Chunk, 0),
        (Asked, 1),
        (Deed, 1),
        (Lost, 1),
        (Deed, 0),
        (Lost, 0),
        (Deed, -1),
    ]
    assert isinstance(last := records[-1], Deed)
    assert last.what == "7 records were left out, because the viewer did not read"


def test_a_full_disk_ends_the_file_and_nothing_else(tmp_path: Path) -> None:
    said: list[str] = []
    file = RecordingFile(tmp_path / "a.rec", About(), said.append)
    file.put(asked())
    file.close()
    assert [x.client for x in read(tmp_path / "a.rec").trace().exchanges] == ["me"]
    if Path("/dev/full").exists():
        full = RecordingFile(Path("/dev/full"), About(), said.append)
        for _ in range(3):
            full.put(asked(body=b"x" * 100_000))
        full.close()
        assert said == ["/dev/full is written no further: No space left on device"]


def test_times_are_of_one_clock_and_numbers_are_of_exchanges() -> None:
    now, records = [10.0], list[Record]()
    tap = Tap([records.append], lambda: now[0])
    watched = [tap.watch("me", "GET", "http://x/", (), lambda _: True) for _ in range(2)]
    now[0] = 12.5
    for one in watched:
        one.asked()
        one.head(200, ())
    watched[1].ended()
    watched[1].lost("lost", "too late")
    tap.close("good night")
    assert [(type(record), record.number) for record in records[4:]] == [(End, 1), (Deed, 0), (Lost, 0)]
    assert {record.at for record in records} == {2.5}


def test_a_request_that_is_too_long_is_left_out_whole() -> None:
    records = list[Record]()
    watched = Tap([records.append]).watch("me", "POST", "http://x/", (), lambda _: True)
    for _ in range(9):
        watched.uploaded(bytes(1024 * 1024))
    watched.asked()
    watched.head(200, ())
    watched.ended()
    assert [type(record) for record in records] == [Deed]


@pytest.mark.parametrize(
    ("headers", "body", "is_like"),
    [
        ((("MCP-Protocol-Version", "2025-11-25"),), b"", True),
        ((("Accept", "application/json, text/event-stream"),), b"", True),
        ((("Content-Type", "application/json; charset=utf-8"),), b'{"jsonrpc": "2.0"}', True),
        ((("Content-Type", "application/json"),), b'{"query": "jsonrpc"}', False),
        ((("Accept", "*/*"),), b"", False),
    ],
)
def test_mcp_is_recognized_by_what_only_mcp_says(
    headers: tuple[tuple[str, str], ...], body: bytes, is_like: bool
) -> None:
    assert McpLike().recognizes(Asked(0, 0.0, "me", "POST", "http://x/mcp", headers, body)) == is_like


def test_wishes_survive_the_way_to_the_child() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_options(parser)
    words = ["--upstream", "https://x.example:8443/a?b=c", "--insecure", "--no-keep-host", "--fault", "cut:after=3"]
    setup = setup_of(parser.parse_args(words))
    assert setup_of(parser.parse_args(setup.arguments())) == setup
    assert setup.origin == "https://x.example:8443"
    assert setup.url_at("::1", 7100) == "http://[::1]:7100/a?b=c"
    assert setup_of(parser.parse_args(["--mode", "regular"])).arguments()[:2] == ["--mode", "regular"]
    for wrong in (["--mode", "regular", "--upstream", "http://x/"], [], ["--upstream", "http://x/", "--fault", "x"]):
        with pytest.raises(CannotStart):
            setup_of(parser.parse_args(wrong))


@pytest.mark.parametrize(
    ("upstream", "keeps"),
    [
        ("http://localhost:1/mcp", True),
        ("http://127.3.2.1/mcp", True),
        ("http://[::1]/", True),
        ("https://x.org", False),
    ],
)
def test_the_host_of_a_server_on_this_machine_is_kept(upstream: str, keeps: bool) -> None:
    assert Setup(upstream).keeps_host == keeps
    assert Setup(upstream, keep_host=not keeps).keeps_host != keeps
