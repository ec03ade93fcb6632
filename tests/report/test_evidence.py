"""Exchanges for reading: bounded, and honest about what is left out."""

from conformance.report.evidence import Bounds, viewed
from tests.report.runs import eventful, progress
from tests.tape import Tape, message_event, request, result

WIDE = Bounds(body=4_000, events=16)
NARROW = Bounds(body=100, events=5, usual=False)


def test_a_long_body_is_cut_and_says_so() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer=b'["' + b"x" * 999_996 + b'"]')
    body = viewed(tape.trace.exchanges[0], NARROW).body
    assert body is not None
    assert body.text.endswith("[cut here: 999,900 more bytes]")
    assert body.about == "1.0 MB, cut"


def test_a_cut_in_the_middle_of_a_character_is_counted_in_bytes() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer="ä".encode() * 500, media_type="text/plain")
    body = viewed(tape.trace.exchanges[0], NARROW).body
    assert body is not None
    assert body.text == "ä" * 100 + "\n[cut here: 800 more bytes]"


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    tape = Tape()
    tape.post(b"\xff{", answer=b"\xfe", media_type="text/plain")
    view = viewed(tape.trace.exchanges[0], WIDE)
    assert view.request_body is not None
    assert view.request_body.text == "\\xff{"


def test_many_lines_are_folded() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer=result(1, {str(n): "x" * 60 for n in range(30)}))
    body = viewed(tape.trace.exchanges[0], WIDE).body
    assert body is not None
    assert body.folded


def test_of_many_events_those_that_are_cited_stay() -> None:
    tape = Tape()
    tape.post(request(1, "x"), events=[message_event(progress(1, n)) for n in range(50)])
    events = viewed(tape.trace.exchanges[0], NARROW, {20}).events
    assert [event.position for event in events] == [0, 1, 2, None, 20, None, 48, 49]
    assert [event.about for event in events if event.position is None] == ["… 17 more events", "… 27 more events"]


def test_usual_headers_are_counted_where_there_is_no_room() -> None:
    tape = Tape()
    headers = {"Host": "h", "User-Agent": "u", "X-Own": "mine"}
    tape.exchange("GET", headers=headers)
    exchange = tape.trace.exchanges[0]
    assert viewed(exchange, WIDE).request_headers == "Host: h\nUser-Agent: u\nX-Own: mine"
    assert viewed(exchange, NARROW).request_headers == "X-Own: mine\n… 2 more headers"


def test_hundreds_of_headers_are_counted() -> None:
    tape = Tape()
    tape.exchange("GET", response_headers={f"X-{n}": "v" * 1_000 for n in range(300)})
    headers = viewed(tape.trace.exchanges[0], WIDE).headers
    assert headers.endswith("… 276 more headers")
    assert len(headers) < 10_000


def test_every_ending_is_told_but_the_usual_one() -> None:
    endings = {view.number: view.ending for view in (viewed(x, WIDE) for x in eventful().trace.exchanges)}
    assert {number: words for number, words in endings.items() if words} == {
        4: "we hung up",
        5: "the other side broke off",
        9: "we stopped recording",
        10: "we waited in vain and left",
        13: "still open when the recording ended",
    }
