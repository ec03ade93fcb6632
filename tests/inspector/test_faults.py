"""Faults on purpose: what is asked for happens at the event, is said to be ours, and charges nobody."""

import zlib

import anyio
import pytest
from anyio.abc import ByteStream

from conformance.evidence.recording import Asked, Chunk, Deed, End, Kept, Lost
from inspector.proxy.commands import Command, Cut, Resume, Stall, Throttle, command_line, command_of
from inspector.proxy.faults import Fault, Scripted, Waiting, fault_of
from tests.inspector.behind import LAST_CHUNK, STREAM, Proxied, asking, chunk, proxy_before, read_all, read_until, run
from tests.little_servers import head

EVENTS = [b"id: %d\ndata: %d\n\n" % (n, n) for n in range(1, 6)]


async def five_events(stream: ByteStream, _request: bytes) -> None:
    """All at once, so that a cut has to find its place among them; then silence."""
    await stream.send(head(200, *STREAM) + chunk(b": hello\n\n" + b"".join(EVENTS)))
    await stream.receive()


async def five_events_and_an_end(stream: ByteStream, _request: bytes) -> None:
    for event in EVENTS:
        await stream.send((head(200, *STREAM) if event is EVENTS[0] else b"") + chunk(event))
    await stream.send(LAST_CHUNK)


def said(proxied: Proxied) -> list[str]:
    return [deed.what for deed in proxied.seen.all(Deed)]


@pytest.mark.parametrize(
    "spec", ["cut:after=3", "cut:id=3,stream=get", "cut:after=3,reset=yes", "cut:id=3,side=server"]
)
def test_a_stream_is_cut_behind_the_event_that_was_named(spec: str) -> None:
    async def test() -> None:
        async with proxy_before(five_events, faults=(fault_of(spec),)) as proxied:
            async with asking(proxied.port) as client:
                answer = await read_all(client)
            assert EVENTS[2] in answer
            assert EVENTS[3] not in answer
            assert not answer.endswith(LAST_CHUNK)
            lost = await proxied.seen.until(Lost)
            assert lost.ending == "cut off"
            assert proxied.seen.kinds() == ["Asked", "Head", "Chunk", "Deed", "Lost", "Kept", "Kept"]
            assert [kept.event_id for kept in proxied.seen.all(Kept)] == ["4", "5"]
            assert [event.data for event in proxied.seen.exchange().events if event.data] == ["1", "2", "3"]

    run(test)


def test_what_is_kept_back_of_a_packed_stream_is_told_too() -> None:
    packing = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = [packing.compress(event) + packing.flush(zlib.Z_SYNC_FLUSH) for event in EVENTS]

    async def five_packed_events(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, *STREAM, "Content-Encoding: gzip") + b"".join(map(chunk, packed)))
        await stream.receive()

    async def test() -> None:
        async with proxy_before(five_packed_events, faults=(fault_of("cut:after=3"),)) as proxied:
            async with asking(proxied.port) as client:
                await read_all(client)
            await proxied.seen.until(Lost)
            assert [kept.event_id for kept in proxied.seen.all(Kept)] == ["4", "5"]

    run(test)


def test_a_fault_happens_as_often_as_was_asked_and_only_where() -> None:
    async def test() -> None:
        faults = (fault_of("cut:after=1,stream=post,times=2"),)
        async with proxy_before(five_events_and_an_end, faults=faults) as proxied:
            for number, method in enumerate(("GET", "POST", "POST", "POST"), start=1):
                async with asking(proxied.port, method=method) as client:
                    await read_all(client)
                await proxied.seen.until(Asked, number)
            await proxied.seen.until(End, 2)
            assert [exchange.ending for exchange in proxied.seen.trace().exchanges] == [
                "complete",
                "cut off",
                "cut off",
                "complete",
            ]

    run(test)


@pytest.mark.parametrize("side", ["client", "server"])
def test_a_viewer_cuts_a_stream_now(side: str) -> None:
    async def test() -> None:
        async with proxy_before(five_events) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENTS[-1])
            proxied.inspector.obey(Cut(0, "server" if side == "server" else "client"))
            assert await read_all(client) in (b"", b"\r\n")
            assert (await proxied.seen.until(Lost)).ending == "cut off"
            assert said(proxied) == [f"cut: connection to the {side} closed"]
            proxied.inspector.obey(Cut(0))
            assert said(proxied)[1] == "too late: this exchange is over"

    run(test)


def test_a_viewer_cuts_after_the_event_that_comes_next() -> None:
    async def test() -> None:
        asked = anyio.Event()

        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(head(200, *STREAM) + chunk(EVENTS[0]))
            await asked.wait()
            await stream.send(chunk(EVENTS[1] + EVENTS[2]))
            await stream.receive()

        async with proxy_before(serve) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENTS[0])
            await proxied.seen.until(Chunk)
            proxied.inspector.obey(Cut(0, when="after-next"))
            asked.set()
            assert EVENTS[1] in (rest := await read_all(client))
            assert EVENTS[2] not in rest

    run(test)


def test_a_stalled_stream_goes_on_where_it_stood() -> None:
    async def test() -> None:
        asked = anyio.Event()

        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(head(200, *STREAM) + chunk(EVENTS[0]))
            await asked.wait()
            await stream.send(chunk(EVENTS[1]) + LAST_CHUNK)

        async with proxy_before(serve) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENTS[0])
            await proxied.seen.until(Chunk)
            proxied.inspector.obey(Stall(0))
            asked.set()
            with anyio.move_on_after(0.2) as silence:
                await client.receive()
            assert silence.cancelled_caught or proxied.seen.received() == EVENTS[0]
            proxied.inspector.obey(Resume(0))
            await read_until(client, LAST_CHUNK)
            await proxied.seen.until(End)
            assert said(proxied) == ["stalled", "goes on"]
            assert proxied.seen.received() == EVENTS[0] + EVENTS[1]

    run(test)


def test_a_stall_of_a_script_ends_by_itself() -> None:
    async def test() -> None:
        async with proxy_before(five_events_and_an_end, faults=(fault_of("stall:after=2,for=50ms"),)) as proxied:
            async with asking(proxied.port) as client:
                await read_until(client, LAST_CHUNK)
            await proxied.seen.until(Deed, 2)
            assert said(proxied) == ["stalled after event 2 for 0.05 s", "goes on"]
            assert proxied.seen.received() == b"".join(EVENTS)

    run(test)


@pytest.mark.parametrize("command", [True, False])
def test_a_throttled_stream_comes_whole_and_in_pieces(command: bool) -> None:
    async def test() -> None:
        asked = anyio.Event()

        async def serve(stream: ByteStream, _request: bytes) -> None:
            await stream.send(head(200, *STREAM) + chunk(EVENTS[0]))
            await asked.wait()
            await stream.send(chunk(b"data: " + b"x" * 2_000 + b"\n\n") + LAST_CHUNK)

        faults = () if command else (fault_of("throttle:rate=8k"),)
        async with proxy_before(serve, faults=faults) as proxied, asking(proxied.port) as client:
            await read_until(client, EVENTS[0])
            if command:
                proxied.inspector.obey(Throttle(0, 8 * 1024))
            asked.set()
            await read_until(client, LAST_CHUNK)
            await proxied.seen.until(End)
            assert len(proxied.seen.all(Chunk)) > 3
            assert said(proxied) == ["throttled to 8192 bytes per second"]

    run(test)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("drop:after=3", "expected cut, stall or throttle"),
        ("cut", "either after=NUMBER_OF_EVENTS or id=EVENT_ID"),
        ("cut:after=0", "after is 0, expected a whole number from 1"),
        ("cut:after", "each as name=value"),
        ("cut:rate=3", "cut knows after, id, reset, side, stream, times"),
        ("cut:after=1,stream=put", "stream is put, expected post, get or any"),
        ("cut:after=1,side=left", "side is left, expected client or server"),
        ("cut:after=1,reset=si", "reset is yes or no"),
        ("stall:after=1,for=ever", "for is ever, expected a time such as 5s or 200ms"),
        ("throttle:stream=get", "throttle needs rate=BYTES_PER_SECOND"),
        ("throttle:rate=fast", "rate is fast, expected bytes per second"),
    ],
)
def test_a_wrong_specification_is_one_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^--fault {text}: .*{complaint}"):
        fault_of(text)


def test_events_are_counted_from_when_the_fault_came_wherever_the_bytes_are_cut() -> None:
    stream = b"\xef\xbb\xbfid: 1\r\ndata: x\r\n\r\n:\n\n\ndata\n\nid:9\rdata:\r\rdata: end\n\n"
    for size in (1, 2, 3, 7, 100):
        waiting, position, found = Waiting(), 0, list[tuple[int, int | None]]()
        for fault in (Fault("cut", after=2), Fault("cut", event_id="9"), Fault("cut", after=4)):
            waiting.add(fault)
        for start in range(0, len(stream), size):
            found += [(start + end, fault.after) for end, fault in waiting.see(stream[start : start + size])]
            position += size
        ends = [stream.index(b"data\n\n") + 6, stream.index(b"\r\r") + 2, len(stream)]
        assert found == list(zip(ends, (2, None, 4), strict=True))


def test_a_script_counts_its_faults_and_a_viewer_need_not() -> None:
    once, scripted = Fault("cut", after=1), Scripted((Fault("cut", after=1),))
    assert [fault.kind for fault in scripted.for_stream("GET")] == ["cut"]
    mine = scripted.for_stream("GET")[0]
    assert [scripted.take(mine), scripted.take(mine)] == [True, False]
    assert scripted.for_stream("GET") == []
    assert scripted.take(once)


@pytest.mark.parametrize(
    "command",
    [Cut(1, "server", "after-id", "7:1", reset=True), Cut(2), Stall(3), Stall(4, 1.5), Resume(5), Throttle(6, 100)],
)
def test_a_command_is_read_as_it_was_written(command: Command) -> None:
    from conformance.evidence.lines import object_of

    assert command_of(object_of(command_line(command))) == command


@pytest.mark.parametrize(
    "line",
    [
        {"do": "jump", "number": 1},
        {"do": "cut"},
        {"do": "cut", "number": 1, "side": "left", "when": "now"},
        {"do": "cut", "number": 1, "side": "client", "when": "then"},
        {"do": "throttle", "number": 1, "bytes_per_second": 0},
    ],
)
def test_nothing_else_is_a_command(line: dict[str, str | int]) -> None:
    from conformance.evidence.lines import Wrong

    with pytest.raises(Wrong):
        command_of(dict(line))
