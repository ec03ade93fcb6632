"""What a proxy does to traffic, told from its effects; and what is none of its doing."""

from conformance.evidence.trace import Ending, Trace
from conformance.judging.proxies import notes
from tests.tape import Tape, message_event, notification, request, result

NGINX = {"Server": "nginx/1.22.1", "Content-Type": "text/event-stream"}
REPORTS = [notification("notifications/progress", {"progressToken": 7, "progress": step}) for step in (1, 2)]


def tape_of_quick_answers(count: int = 9) -> Tape:
    """What a wait is compared with."""
    tape = Tape()
    for id in range(1, count + 1):
        tape.post(request(id, "ping"), answer=result(id), response_headers={"Server": "nginx/1.22.1"})
    return tape


def call(tape: Tape, waits: float, pause: float, headers: dict[str, str] = NGINX) -> None:
    """A call that reports twice; the head comes after `waits` seconds, the messages with `pause` between them."""
    number = tape.begin("POST", b'{"jsonrpc":"2.0","id":99,"method":"tools/call"}')
    tape.now += waits
    tape.head(number, 200, headers)
    for body in [*REPORTS, result(99)]:
        tape.now += pause
        tape.recorder.chunk(number, message_event(body).encode())
    tape.recorder.end(number)


def streams_that_go_silent(*silences: float, ending: Ending = "lost", headers: dict[str, str] = NGINX) -> Trace:
    tape = Tape()
    for seconds in silences:
        tape.get(events=[message_event(REPORTS[0])], wait=seconds, ending=ending, response_headers=headers)
    return tape.trace


def test_messages_that_all_come_at_once_and_late_are_a_buffer() -> None:
    tape = tape_of_quick_answers()
    call(tape, waits=1.5, pause=0)
    call(tape, waits=2.0, pause=0)
    (note,) = notes([tape.trace])
    assert "in 2 streams with progress all messages came at once, up to 2.1 s late" in note
    assert "through nginx" in note
    assert "`proxy_buffering off;`" in note
    assert "gzip" not in note


def test_a_packed_stream_that_is_held_back_is_told_about_packing_too() -> None:
    tape = tape_of_quick_answers()
    for _ in range(2):
        call(tape, waits=1.5, pause=0, headers=NGINX | {"Content-Encoding": "gzip"})
    (note,) = notes([tape.trace])
    assert "`gzip off;`" in note


def test_without_the_name_of_a_proxy_the_server_may_be_at_fault() -> None:
    tape = Tape()
    for id in range(9):
        tape.post(request(id, "ping"), answer=result(id))
    for _ in range(2):
        call(tape, waits=1.5, pause=0, headers={"Content-Type": "text/event-stream"})
    (note,) = notes([tape.trace])
    assert "If there is no proxy, the server itself does not flush" in note


def test_one_live_stream_proves_that_nothing_is_held_back() -> None:
    tape = tape_of_quick_answers()
    call(tape, waits=1.5, pause=0)
    call(tape, waits=1.5, pause=0)
    call(tape, waits=0.1, pause=0.1)
    assert list(notes([tape.trace])) == []


def test_buffers_that_are_full_one_after_the_other_are_still_buffers() -> None:
    tape = tape_of_quick_answers()
    for _ in range(2):
        call(tape, waits=1.5, pause=0)
    number = tape.begin("GET")
    tape.head(number, 200, NGINX)
    for _ in range(3):
        tape.now += 1.2
        tape.recorder.chunk(number, "".join(message_event(REPORTS[0]) for _ in range(15)).encode())
    tape.recorder.end(number)
    assert len(list(notes([tape.trace]))) == 1


def test_a_server_that_is_far_away_is_late_with_everything() -> None:
    tape = Tape()
    for _ in range(9):
        call(tape, waits=1.5, pause=0)
    assert list(notes([tape.trace])) == []


def test_streams_that_do_not_even_begin_are_a_buffer() -> None:
    tape = tape_of_quick_answers()
    for _ in range(2):
        number = tape.begin("GET")
        tape.now += 5
        tape.end(number, "hung up")
    (note,) = notes([tape.trace])
    assert "2 requests for a stream that stays open drew not even the head" in note


def test_equal_silences_before_a_break_are_an_idle_timeout() -> None:
    (note,) = notes([streams_that_go_silent(60.0, 60.2)])
    assert "broken off after 60 s without a byte" in note
    assert "`proxy_read_timeout 1h;`" in note


def test_unequal_silences_are_none_and_an_end_in_order_is_the_servers_own() -> None:
    assert list(notes([streams_that_go_silent(60.0, 20.0)])) == []
    assert list(notes([streams_that_go_silent(60.0, 60.0, ending="complete")])) == []


def test_requests_lost_in_a_crowd_are_a_limit_of_connections() -> None:
    tape = Tape()
    open_ones = [tape.begin("POST", b"{}") for _ in range(60)]
    for number in open_ones[-3:]:
        tape.end(number, "lost")
    (note,) = notes([tape.trace])
    assert "3 requests were broken off without an answer while 60 or more were under way" in note
    assert "`worker_connections`" in note


def test_a_server_that_breaks_one_connection_off_has_a_reason_of_its_own() -> None:
    tape = Tape()
    tape.end(tape.begin("POST", b"{}"), "lost")
    assert list(notes([tape.trace])) == []


def test_what_was_sent_wrong_on_purpose_may_be_broken_off() -> None:
    tape = Tape()
    wrong = [tape.begin("POST", b"{}", intent="sent to where nobody need listen") for _ in range(60)]
    for number in wrong:
        tape.end(number, "lost")
    assert list(notes([tape.trace])) == []
