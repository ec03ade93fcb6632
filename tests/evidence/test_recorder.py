"""The recorder: what is written down, how it ends, and where it stops."""

import json

import pytest

from conformance.evidence.recorder import Limits, Recorder
from conformance.evidence.trace import Ending, Headers, Malformed, Message, Place
from tests.tape import error, message_event, request, result

JSON_TYPE: Headers = (("Content-Type", "application/json"),)
STREAM_TYPE: Headers = (("content-type", "text/event-stream; charset=utf-8"),)
PING = json.dumps(request(1, "ping")).encode()


class Written:
    """A recorder with a clock that goes one second a call."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.now = -1.0
        self.recorder = Recorder(revision="2025-11-25", target="here", limits=limits, clock=self.tick)

    def tick(self) -> float:
        self.now += 1.0
        return self.now

    def begin(self, headers: Headers = JSON_TYPE, status: int = 200, body: bytes = PING, method: str = "POST") -> int:
        number = self.recorder.request("me", method, "http://here/", (("A", "1"), ("a", "2")), body, story="s")
        self.recorder.head(number, status, headers)
        return number


def test_an_exchange_as_it_grows() -> None:
    recorder = Written().recorder
    number = recorder.request("me", "POST", "http://here/", (("A", "1"), ("a", "2")), PING, story="s", intent="wrong")
    asked = recorder.exchange(number)
    assert (asked.client, asked.method, asked.story, asked.intent) == ("me", "POST", "s", "wrong")
    assert (asked.started, asked.status, asked.ending, asked.ended) == (1.0, None, "open", None)
    assert asked.request_headers == (("A", "1"), ("a", "2"))
    assert [m.place for m in asked.sent] == [Place(number)]
    recorder.head(number, 200, JSON_TYPE)
    assert (recorder.exchange(number).status, recorder.exchange(number).head_at) == (200, 2.0)
    recorder.chunk(number, b'{"jsonrpc":"2.0",')
    assert recorder.chunk(number, b'"id":1,"result":{}}') == []
    assert recorder.exchange(number).received == ()
    (answer,) = recorder.end(number)
    ended = recorder.exchange(number)
    assert ended.received == (answer,)
    assert (ended.ending, ended.body) == ("complete", b'{"jsonrpc":"2.0","id":1,"result":{}}')
    assert ended.ended is not None
    assert not recorder.is_open(number)


def test_a_trace_can_be_taken_at_any_time() -> None:
    written = Written()
    number = written.begin(STREAM_TYPE)
    before = written.recorder.trace()
    written.recorder.chunk(number, message_event(result(1)).encode())
    assert before.exchanges[0].events == ()
    assert len(written.recorder.trace().exchanges[0].events) == 1
    assert (before.revision, before.target) == ("2025-11-25", "here")


def test_events_are_messages_as_soon_as_they_are_whole() -> None:
    written = Written()
    number = written.begin(STREAM_TYPE)
    event = message_event(result(1), id="7").encode()
    assert written.recorder.chunk(number, b": hello\n\nid: 6\ndata:\n\n" + event[:-1]) == []
    (message,) = written.recorder.chunk(number, event[-1:])
    assert message.place == Place(number, 2)
    assert written.recorder.end(number) == []
    exchange = written.recorder.exchange(number)
    assert [e.id for e in exchange.events] == [None, "6", "7"]
    assert (exchange.body, exchange.tail, exchange.received) == (b"", b"", (message,))


def test_what_follows_the_last_whole_event_is_kept_apart() -> None:
    written = Written()
    number = written.begin(STREAM_TYPE)
    written.recorder.chunk(number, b"data: half")
    written.recorder.lost(number, "reset")
    exchange = written.recorder.exchange(number)
    assert (exchange.events, exchange.tail, exchange.received) == ((), b"data: half", ())


def test_a_batch_in_an_event_has_places_of_its_own() -> None:
    written = Written()
    number = written.begin(STREAM_TYPE)
    new = written.recorder.chunk(number, message_event([result(1), result(2)]).encode())
    assert [m.place for m in new] == [Place(number, 0, 0), Place(number, 0, 1)]


@pytest.mark.parametrize("ending", ["lost", "hung up", "timed out"])
def test_an_answer_that_is_not_whole_says_by_whose_doing(ending: Ending) -> None:
    written = Written()
    number = written.begin()
    written.recorder.chunk(number, json.dumps(result(1)).encode())
    written.recorder.lost(number, "because", ending)
    exchange = written.recorder.exchange(number)
    assert (exchange.ending, exchange.trouble, exchange.received) == (ending, "because", ())


def test_the_first_end_counts() -> None:
    written = Written()
    number = written.begin()
    written.recorder.lost(number, "reset")
    written.recorder.lost(number, "", "hung up")
    assert written.recorder.end(number) == []
    assert written.recorder.chunk(number, b"late") == []
    written.recorder.head(number, 500, ())
    exchange = written.recorder.exchange(number)
    assert (exchange.ending, exchange.trouble, exchange.body, exchange.status) == ("lost", "reset", b"", 200)


# What counts as a message.


def received(
    body: bytes, status: int = 200, headers: Headers = JSON_TYPE, sent: bytes = PING, method: str = "POST"
) -> str:
    """What the recorder makes of a body: the kinds of its messages."""
    written = Written()
    number = written.begin(headers, status, sent, method)
    written.recorder.chunk(number, body)
    kinds = [m.kind if isinstance(m, Message) else "malformed" for m in written.recorder.end(number)]
    return " ".join(kinds)


OAUTH = b'{"error": "invalid_token"}'
READY = b'{"jsonrpc": "2.0", "method": "notifications/initialized"}'
REFUSAL = json.dumps(error(None)).encode()
BATCH = json.dumps([result(1), result(2)]).encode()


def test_where_json_answers_a_request_all_of_it_has_to_be_a_message() -> None:
    assert received(json.dumps(result(1)).encode()) == "result"
    assert received(BATCH) == "result result"
    assert received(b"oops") == "malformed"
    assert received(OAUTH) == "error"
    assert received(b"oops", headers=(("CONTENT-TYPE", "Application/JSON;charset=utf-8"),)) == "malformed"


@pytest.mark.parametrize("headers", [JSON_TYPE, (("Content-Type", "text/plain"),), ()])
def test_a_refusal_may_be_a_message_or_anything(headers: Headers) -> None:
    assert received(REFUSAL, 400, headers) == "error"
    for body in (OAUTH, b"no", b"", b"null", b"[]", b"[1]", b"\xff"):
        assert received(body, 400, headers) == ""


def test_what_wants_no_answer_may_be_answered_with_anything() -> None:
    for body in (OAUTH, b"null", b'{"result": "fine"}', b"accepted"):
        assert received(body, 202, sent=READY) == ""
        assert received(body, 200, sent=b"", method="DELETE") == ""
        assert received(body, 200, sent=b"", method="GET") == ""
    assert received(REFUSAL, 200, sent=READY) == "error"


def test_a_web_page_is_no_message() -> None:
    assert received(b"<!doctype html><p>data: {}</p>", headers=(("Content-Type", "text/html"),)) == ""


@pytest.mark.parametrize("type_", ["text/plain", "text/html", "application/octet-stream"])
def test_what_has_another_type_counts_if_it_says_that_it_is_jsonrpc(type_: str) -> None:
    headers = (("Content-Type", type_),)
    assert received(json.dumps(result(1)).encode(), headers=headers) == "result"
    assert received(b'{"id": 1, "result": {}}', headers=headers) == ""
    assert received(f"id: 1\n{message_event(result(1))}".encode(), headers=headers) == "result"


def test_what_the_client_sent_is_written_down_however_broken() -> None:
    recorder = Written().recorder
    (sent,) = recorder.exchange(recorder.request("me", "POST", "http://here/", (), b"{")).sent
    assert isinstance(sent, Malformed)
    assert recorder.exchange(recorder.request("me", "GET", "http://here/", (), b"")).sent == ()


# Limits.


def test_a_body_without_end_is_cut_off() -> None:
    written = Written(Limits(exchange=100))
    number = written.begin()
    written.recorder.chunk(number, b"x" * 100)
    assert written.recorder.is_open(number)
    written.recorder.chunk(number, b"x")
    assert not written.recorder.is_open(number)
    exchange = written.recorder.exchange(number)
    assert (exchange.ending, exchange.trouble) == ("cut off", "a limit of the recorder was reached")
    assert exchange.received == ()


def test_events_without_end_are_cut_off() -> None:
    written = Written(Limits(events=3))
    number = written.begin(STREAM_TYPE)
    written.recorder.chunk(number, b": a\n\n" * 3)
    assert written.recorder.is_open(number)
    written.recorder.chunk(number, b": a\n\n")
    assert written.recorder.exchange(number).ending == "cut off"


def test_blank_lines_without_end_are_cut_off() -> None:
    written = Written(Limits(exchange=100))
    number = written.begin(STREAM_TYPE)
    written.recorder.chunk(number, b"\n" * 101)
    assert written.recorder.exchange(number).ending == "cut off"


def test_what_came_before_the_cut_is_evidence() -> None:
    written = Written(Limits(exchange=100))
    number = written.begin(STREAM_TYPE)
    (message,) = written.recorder.chunk(number, message_event(result(1)).encode() + b": " + b"x" * 100)
    assert written.recorder.exchange(number).received == (message,)


def test_a_trace_that_is_full_cuts_off_what_goes_on() -> None:
    written = Written(Limits(trace=100, small=0))
    first, second = written.begin(), written.begin()
    written.recorder.chunk(first, b"x" * 100)
    written.recorder.chunk(second, b"x")
    assert written.recorder.is_open(first)
    assert written.recorder.exchange(second).ending == "cut off"


def test_a_trace_that_is_full_has_room_for_what_is_small() -> None:
    written = Written(Limits(trace=100, small=10, reserve=2))
    flood, *small = (written.begin() for _ in range(11))
    written.recorder.chunk(flood, b"x" * 101)
    for number in small:
        written.recorder.chunk(number, b"x" * 10)
    assert [written.recorder.is_open(number) for number in (flood, *small)] == [False, *[True] * 9, False]


def test_exchanges_keep_the_order_in_which_they_began() -> None:
    written = Written()
    first, second = written.begin(), written.begin()
    written.recorder.end(second)
    written.recorder.end(first)
    assert [x.number for x in written.recorder.trace().exchanges] == [first, second] == [0, 1]


def test_what_is_forgotten_makes_room() -> None:
    written = Written(Limits(events=3, trace_events=3))
    first = written.begin(STREAM_TYPE)
    written.recorder.chunk(first, b": a\n\n" * 3)
    written.recorder.end(first)
    written.recorder.forget(first)
    second = written.begin(STREAM_TYPE)
    written.recorder.chunk(second, b": a\n\n" * 3)
    assert written.recorder.is_open(second)
    assert [x.number for x in written.recorder.trace().exchanges] == [second]


def test_an_answer_under_way_can_be_shortened() -> None:
    written = Written(Limits(events=6))
    number = written.begin(STREAM_TYPE)
    for event in range(5):
        written.recorder.chunk(number, message_event(result(event)).encode())
    assert written.recorder.shorten(number, first=1, last=2) == 2
    kept = written.recorder.exchange(number)
    assert [(m.id, m.place.event) for m in kept.received if isinstance(m, Message)] == [(0, 0), (3, 1), (4, 2)]
    assert len(kept.events) == 3
    (message,) = written.recorder.chunk(number, message_event(result(5)).encode())
    assert message.place.event == 3
    assert written.recorder.is_open(number)


def test_what_is_short_already_stays_as_it_is() -> None:
    written = Written()
    number = written.begin(STREAM_TYPE)
    written.recorder.chunk(number, message_event(result(1)).encode())
    assert written.recorder.shorten(number, first=1, last=2) == 0
    assert written.recorder.shorten(99, first=1, last=2) == 0
    assert len(written.recorder.exchange(number).events) == 1
