"""The live model: sessions, streams in their columns, calls and rows, built from records one by one."""

import json
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.recording import About, Asked, Chunk, Deed, End, Head, Lost, Record
from conformance.trace import JSON
from inspector.feed import Feed
from inspector.model import LiveCall, LiveSession, LiveStream, Row, Violation
from inspector.rows import Rows
from tests.inspector.traffic import client_life

URL = "http://127.0.0.1:1/mcp"
JSON_TYPE = (("Content-Type", "application/json"),)
STREAM = (("Content-Type", "text/event-stream"),)
MODERN = "io.modelcontextprotocol/"


def request(id: JSON, method: str, **params: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()


def result(id: JSON, **value: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "result": value}).encode()


def notice(method: str, **params: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode()


class Scene:
    """A feed, and traffic for it, a second a step."""

    def __init__(self, rows: Rows | None = None) -> None:
        self.feed = Feed(About(URL), rows)
        self.at = 0.0
        self._count = 0

    def take(self, record: Record) -> None:
        self.feed.take(record)

    def ask(self, body: bytes = b"", client: str = "c", method: str = "POST", **headers: str) -> int:
        """A request goes out; `session` and `after` are headers that have to do with MCP."""
        names = {"session": "Mcp-Session-Id", "after": "Last-Event-ID", "version": "MCP-Protocol-Version"}
        number, self._count, self.at = self._count, self._count + 1, self.at + 1
        pairs = tuple((names[name], value) for name, value in headers.items())
        self.take(Asked(number, self.at, client, method, URL, pairs, body))
        return number

    def reply(self, number: int, body: bytes, status: int = 200, **headers: str) -> None:
        """The whole answer."""
        named = tuple(("Mcp-Session-Id", value) for value in headers.values())
        self.take(Head(number, self.at, status, JSON_TYPE + named))
        self.take(Chunk(number, self.at, body))
        self.take(End(number, self.at))

    def open(self, number: int) -> LiveStream:
        self.take(Head(number, self.at, 200, STREAM))
        exchange = self.feed.exchange(number)
        assert exchange is not None
        assert exchange.stream is not None
        return exchange.stream

    def say(self, number: int, data: bytes, id: str = "") -> Row:
        """An event comes."""
        self.at += 1
        self.take(Chunk(number, self.at, (f"id: {id}\n".encode() if id else b"") + b"data: " + data + b"\n\n"))
        return self.newest

    def break_off(self, number: int) -> None:
        self.take(Lost(number, self.at, "lost", ""))

    def begin(self, id: str, client: str = "c") -> LiveSession:
        """A session begins."""
        info: JSON = {"name": client, "version": "1"}
        said: dict[str, JSON] = {"protocolVersion": "2025-11-25", "capabilities": {}}
        number = self.ask(request(0, "initialize", **said, clientInfo=info), client)
        self.reply(number, result(0, **said, serverInfo=info), id=id)
        return self.sessions[-1]

    @property
    def sessions(self) -> list[LiveSession]:
        return list(self.feed.sessions)

    @property
    def newest(self) -> Row:
        row = self.feed.rows.get(self.feed.rows.next_number - 1)
        assert row is not None
        return row

    def call_of(self, number: int) -> LiveCall:
        exchange = self.feed.exchange(number)
        assert exchange is not None
        assert exchange.call is not None
        return exchange.call


# Sessions.


def test_a_session_is_known_by_its_id_whoever_names_it() -> None:
    scene = Scene()
    one, two = scene.begin("one"), scene.begin("two", client="other")
    scene.ask(request(1, "ping"), client="other", session="one")
    scene.ask(request(1, "ping"), client="c", session="two")
    assert [len([n for n in s.rows if (r := scene.feed.rows.get(n)) and "ping" in r.words]) for s in (one, two)] == [
        1,
        1,
    ]
    assert (one.client_name, one.revision) == ("c 1", "2025-11-25")


def test_a_session_that_began_before_we_came_is_one_of_its_own() -> None:
    scene = Scene()
    scene.begin("one")
    scene.ask(request(1, "ping"), session="older")
    scene.ask(request(2, "ping"), session="older")
    scene.ask(request(2, "ping"), session="one")
    assert [(session.id, session.messages) for session in scene.sessions] == [("one", 3), ("older", 2)]


def test_both_eras_of_one_client_are_kept_apart() -> None:
    scene = Scene()
    scene.begin("one")
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28", f"{MODERN}clientInfo": {"name": "m", "version": "2"}}
    scene.ask(request(1, "tools/list", _meta=meta), version="2026-07-28")
    old, modern = scene.sessions
    assert (old.modern, modern.modern, modern.revision, modern.client_name) == (False, True, "2026-07-28", "m 2")


def test_a_session_ends_by_delete_and_by_404() -> None:
    scene = Scene()
    one, two = scene.begin("one"), scene.begin("two")
    scene.reply(scene.ask(method="DELETE", session="one"), b"", status=204)
    scene.reply(scene.ask(request(1, "ping"), session="two"), b"", status=404)
    assert one.ended
    assert two.ended


# Streams.


def test_columns_are_taken_and_given_back() -> None:
    scene = Scene()
    scene.begin("one")
    get = scene.open(scene.ask(method="GET", session="one"))
    first = scene.ask(request(1, "tools/call"), session="one")
    second = scene.ask(request(2, "tools/call"), session="one")
    lanes = [get.lane, scene.open(first).lane, scene.open(second).lane]
    scene.say(first, result(1))
    scene.take(End(first, scene.at))
    third = scene.ask(request(3, "tools/call"), session="one")
    assert [*lanes, scene.open(third).lane] == [0, 1, 2, 1]


def test_a_resumed_stream_keeps_its_column_and_its_ledger() -> None:
    scene = Scene()
    scene.begin("one")
    first = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(first)
    scene.say(first, notice("notifications/message"), id="7")
    scene.break_off(first)
    assert stream.state == "severed"
    other = scene.open(scene.ask(request(2, "tools/call"), session="one"))
    leg = scene.ask(method="GET", session="one", after="7")
    assert scene.open(leg) is stream
    assert scene.newest.kind == "resumed"
    scene.say(leg, result(1), id="8")
    scene.take(End(leg, scene.at))
    assert (stream.lane, other.lane, stream.state) == (1, 2, "ended")
    assert (stream.ledger.sent, stream.ledger.delivered, stream.ledger.lost, stream.ledger.duplicated) == (2, 2, 0, 0)
    assert [leg.number for leg in stream.legs] == [first, leg]


def test_nobody_waits_for_a_severed_stream_for_ever() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(number)
    scene.say(number, notice("notifications/message"), id="7")
    scene.break_off(number)
    scene.at += 60
    assert scene.open(scene.ask(request(2, "tools/call"), session="one")).lane == stream.lane
    assert stream.state == "ended"


def test_the_severed_streams_of_an_ended_session_are_over() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(number)
    scene.say(number, notice("notifications/message"), id="7")
    scene.break_off(number)
    scene.reply(scene.ask(method="DELETE", session="one"), b"", status=200)
    assert stream.state == "ended"


def test_what_the_observer_did_is_a_row_of_its_own() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(method="GET", session="one")
    scene.open(number)
    scene.take(Deed(number, scene.at, "cut after the next event"))
    assert (scene.newest.kind, scene.newest.sender, scene.newest.words) == (
        "deed",
        "observer",
        "cut after the next event",
    )
    scene.take(Lost(number, scene.at, "cut off", "cut"))
    assert (scene.newest.kind, scene.newest.sender) == ("cut", "observer")


# Calls.


def test_a_request_and_its_response_are_partners() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call", name="slow"), session="one")
    asked = scene.newest
    scene.reply(number, result(1))
    assert (asked.partner, scene.newest.partner) == (scene.newest.number, asked.number)
    assert (scene.call_of(number).title, scene.call_of(number).latency) == ("tools/call slow", 0.0)
    assert not scene.sessions[0].pending


def test_progress_belongs_to_the_request_that_gave_its_token() -> None:
    scene = Scene()
    scene.begin("one")
    get = scene.ask(method="GET", session="one")
    scene.open(get)
    number = scene.ask(request(1, "tools/call", _meta={"progressToken": "t"}), session="one")
    row = scene.say(get, notice("notifications/progress", progressToken="t", progress=3, total=7))
    assert row.owner is scene.call_of(number)
    assert (row.owner.progress, row.owner.progress_words) == (1, "3/7")


def test_a_question_belongs_to_the_call_on_whose_stream_it_is_asked() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    scene.open(number)
    asked = scene.say(number, request("q", "elicitation/create"))
    (question,) = scene.call_of(number).questions
    assert (asked.kind, question.asker, question.answered_at) == ("question", "server", None)
    scene.ask(result("q", action="accept"), session="one")
    assert question.answered_at == scene.at
    assert scene.newest.partner == asked.number


def test_a_retry_with_answers_is_a_round_of_the_same_call() -> None:
    scene = Scene()
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28"}
    first = scene.ask(request(1, "tools/call", name="ask", _meta=meta), version="2026-07-28")
    scene.reply(first, result(1, resultType="input_required", requestState="s"))
    second = scene.ask(
        request(1, "tools/call", name="ask", _meta=meta, inputResponses={}, requestState="s"), version="2026-07-28"
    )
    assert scene.call_of(second).round_of is scene.call_of(first)


def test_a_subscription_is_in_the_first_column_and_owns_what_is_tagged_with_it() -> None:
    scene = Scene()
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28"}
    number = scene.ask(request("s", "subscriptions/listen", _meta=meta), version="2026-07-28")
    stream = scene.open(number)
    tag: JSON = {f"{MODERN}subscriptionId": "s"}
    row = scene.say(number, notice("notifications/tools/list_changed", _meta=tag))
    assert (stream.lane, stream.name, row.owner) == (0, "listen", scene.call_of(number))


# Violations.


def violation(exchange: int, event: int | None = None) -> Violation:
    return Violation("k", "server", "MUST", "2025-11-25", "rule", "https://x", "seen", 1.0, exchange, event)


def test_a_violation_marks_the_row_of_its_event_and_its_session() -> None:
    scene = Scene()
    session = scene.begin("one")
    number = scene.ask(method="GET", session="one")
    scene.open(number)
    scene.say(number, notice("notifications/message"))
    marked = scene.say(number, notice("notifications/message"))
    scene.feed.found(violation(number, 1))
    assert [row.number for row in scene.feed.rows if row.marks] == [marked.number]
    assert (marked.weight, len(session.violations), scene.feed.violations[0].row) == ("MUST", 1, marked.number)
    scene.feed.withdrawn(violation(number, 1))
    assert (marked.marks, session.violations, scene.feed.violations) == ([], [], [])


def test_a_violation_of_what_is_not_shown_any_more_is_kept_without_a_row() -> None:
    scene = Scene()
    scene.feed.found(violation(99))
    assert [found.row for found in scene.feed.violations] == [None]


# Rows that go.


def records() -> Iterator[Record]:
    yield from client_life("2025-11-25").records
    yield from (replace(record, number=record.number + 1_000) for record in client_life("2026-07-28").records)


@settings(max_examples=20, deadline=None)
@given(kept=st.integers(1, 60), largest=st.sampled_from([2_000, 10**9]))
def test_whatever_goes_what_is_left_is_found(kept: int, largest: int) -> None:
    scene = Scene(Rows(kept, largest))
    for record in records():
        scene.take(record)
    scene.ask(b"", client="the last")
    rows = scene.feed.rows
    assert len(rows) <= kept
    assert [row.number for row in rows] == list(range(rows.first, rows.next_number))
    assert all(rows.get(row.number) is row for row in rows)
    assert rows.get(rows.first - 1) is None
    assert all(row in rows.around(row.exchange.number, row.position) for row in rows)
    shown = sorted(number for session in scene.sessions for number in session.rows)
    assert shown == [row.number for row in rows]
    assert all(scene.feed.exchange(row.exchange.number) is row.exchange for row in rows)


def test_what_goes_takes_its_exchanges_and_streams_along() -> None:
    scene = Scene(Rows(20))
    session = scene.begin("one")
    for call in range(1, 300):
        number = scene.ask(request(call, "tools/call"), session="one")
        scene.open(number)
        scene.say(number, result(call))
        scene.take(End(number, scene.at))
    scene.ask(request(300, "ping"), session="one")
    assert scene.feed.exchange(0) is None
    assert len(session.streams) <= 20
    assert sum(map(len, session.lanes)) <= 20
