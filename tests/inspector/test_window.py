"""What the judge of live traffic keeps: a bounded part of what passed, whatever passes."""

import json
from collections.abc import Iterator

import pytest

from conformance.evidence.recording import Asked, Chunk, End, Head, Lost, Record
from conformance.evidence.trace import JSON
from inspector.judging.live import LiveJudge
from inspector.judging.window import Size, Window
from tests.inspector.traffic import ABOUT

SIZE = Size(exchanges=40, events=100, bytes=100_000, first=4)
JSON_TYPE = (("Content-Type", "application/json"),)
STREAM_TYPE = (("Content-Type", "text/event-stream"),)
INFO: JSON = {"name": "x", "version": "1"}


def body(method: str, id: int, **params: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()


def answer(id: int, **value: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "result": value}).encode()


def post(number: int, client: str, raw: bytes, reply: bytes, session: str = "") -> Iterator[Record]:
    """One POST that is answered with JSON; `session` is the id that it names, or with `initialize` is given."""
    named = (("Mcp-Session-Id", session),) if session else ()
    begins = b'"initialize"' in raw
    yield Asked(number, number, client, "POST", ABOUT.upstream, () if begins else named, raw)
    yield Head(number, number + 0.1, 200, JSON_TYPE + (named if begins else ()))
    yield Chunk(number, number + 0.2, reply)
    yield End(number, number + 0.3)


def opening(number: int, client: str, session: str) -> Iterator[Record]:
    said: dict[str, JSON] = {"protocolVersion": "2025-11-25", "capabilities": {}}
    raw = body("initialize", 0, **said, clientInfo=INFO)
    return post(number, client, raw, answer(0, **said, serverInfo=INFO), session)


def many_sessions() -> Iterator[Record]:
    for number in range(0, 600, 2):
        yield from opening(number, "c", f"session-{number}")
        yield from post(number + 1, "c", body("ping", 1), answer(1), f"session-{number}")


def many_clients() -> Iterator[Record]:
    for number in range(600):
        yield from post(number, f"c{number}", body("tools/list", 1), answer(1, tools=[]))


def many_calls() -> Iterator[Record]:
    yield from opening(0, "c", "one")
    for number in range(1, 600):
        yield from post(number, "c", body("tools/call", number, name="x"), answer(number, content=[]), "one")


def many_lists() -> Iterator[Record]:
    yield from opening(0, "c", "one")
    for number in range(1, 600):
        yield from post(number, "c", body("tools/list", number), answer(number, tools=[]), "one")


def long_stream(ends: bool = False) -> Iterator[Record]:
    yield from opening(0, "c", "one")
    yield Asked(1, 1.0, "c", "GET", ABOUT.upstream, (("Mcp-Session-Id", "one"),), b"")
    yield Head(1, 1.0, 200, STREAM_TYPE)
    for event in range(3_000):
        told = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": event}}
        yield Chunk(1, 1 + event / 100, b"id: %d\ndata: %s\n\n" % (event, json.dumps(told).encode()))
    if ends:
        yield Lost(1, 100.0, "lost", "")


def long_bodies() -> Iterator[Record]:
    yield from opening(0, "c", "one")
    for number in range(1, 60):
        yield from post(number, "c", body("tools/list", number), answer(number, tools=["x" * 20_000]), "one")


FLOODS = [many_sessions, many_clients, many_calls, many_lists, long_stream, lambda: long_stream(True), long_bodies]


@pytest.mark.parametrize("flood", FLOODS)
def test_what_is_kept_is_bounded(flood: "type[Iterator[Record]]") -> None:
    window = Window(ABOUT, SIZE)
    most = [0, 0, 0]
    for count, record in enumerate(flood()):
        window.take(record)
        if count % 50 == 0:
            window.narrow(window.trace())
            kept = window.trace().exchanges
            size = sum(len(x.body) + sum(len(event.raw) for event in x.events) for x in kept)
            most = [max(pair) for pair in zip(most, (len(kept), sum(len(x.events) for x in kept), size), strict=True)]
    assert most[0] <= 2 * SIZE.exchanges
    assert most[1] <= 2 * SIZE.events
    assert most[2] <= 2 * SIZE.bytes + 20_000


def test_what_a_session_rests_on_is_kept_longest() -> None:
    window = Window(ABOUT, SIZE)
    for record in many_calls():
        window.take(record)
        if isinstance(record, End):
            window.narrow(window.trace())
    assert window.trace().exchanges[0].response_header("mcp-session-id") == "one"


def test_positions_of_events_are_those_of_the_whole_stream() -> None:
    window = Window(ABOUT, SIZE)
    for count, record in enumerate(long_stream()):
        window.take(record)
        if count % 70 == 0:
            window.narrow(window.trace())
    stream = window.trace().exchanges[1]
    where = [window.event_of(stream.number, position) for position in range(len(stream.events))]
    assert [event.id for event in stream.events] == [str(position) for position in where]
    assert where[:4] == [0, 1, 2, 3]
    assert where[-1] == 2_999


def test_a_judge_of_a_flood_remembers_what_was_broken() -> None:
    judge = LiveJudge(ABOUT, SIZE)
    found = 0
    for record in many_calls():
        judge.take(record)
        if isinstance(record, End):
            found += sum(violation.key == "version.header" for violation in judge.look().found)
    assert found == 599
    assert judge.standings["2025-11-25", "client", "version.header"].broken == 599
