"""Resumption: what is a replay, what is another stream's message, and what shows nothing."""

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result

CHANGED = notification("notifications/tools/list_changed")


def call(id: JSON, token: str) -> dict[str, JSON]:
    return request(id, "tools/call", {"name": "t", "_meta": {"progressToken": token}})


def progress(token: str, value: int = 1) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": token, "progress": value})


def two_cut_calls(session_id: str | None = "abc") -> Tape:
    """Two calls at once, both dropped after their first progress."""
    tape = Tape("2025-11-25")
    tape.initialize(session_id=session_id)
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    tape.post(call(3, "b"), events=[message_event(progress("b"), "b1")], ending="hung up")
    return tape


# resume.same-stream and event.id-stream


def test_the_own_replay_is_good_while_another_stream_had_messages_too() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("a", 2), "a2"), message_event(result(2), "a3")])
    assert tape.outcomes("resume.same-stream") == ["ok"]
    assert tape.outcomes("event.id-stream") == ["ok"]


def test_a_resumed_post_stream_may_carry_the_response_on_get() -> None:
    tape = two_cut_calls()
    tape.get(after="b1", events=[message_event(error(3))])
    assert "bad" not in tape.outcomes("resume.same-stream")


def test_the_response_to_another_request_strayed() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(result(2), "a2"), message_event(result(3), "b2")])
    assert tape.outcomes("resume.same-stream") == ["bad"]
    assert tape.outcomes("event.id-stream") == ["ok"]


def test_progress_of_another_call_strayed() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("b", 2), "b2"), message_event(result(2), "a2")])
    assert tape.outcomes("resume.same-stream") == ["bad"]


def test_progress_of_a_task_may_come_on_any_stream() -> None:
    tape = two_cut_calls()
    of_task: dict[str, JSON] = {"name": "long", "task": {}, "_meta": {"progressToken": "c"}}
    made = result(4, {"task": {"taskId": "t", "status": "working"}})
    tape.post(request(4, "tools/call", of_task), events=[message_event(made, "c1")])
    tape.get(after="a1", events=[message_event(progress("c"), "a2"), message_event(result(2), "a3")])
    assert tape.outcomes("resume.same-stream") == ["ok"]


def test_an_event_that_another_stream_had_strayed_whatever_it_says() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    log = notification("notifications/message", {"level": "info", "data": "x"})
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    tape.post(call(3, "b"), events=[message_event(log, "b1"), message_event(result(3), "b2")])
    tape.get(after="a1", events=[message_event(log, "b1"), message_event(result(2), "a2")])
    assert tape.outcomes("resume.same-stream") == ["bad"]
    assert tape.outcomes("event.id-unique") == ["ok"]


def test_an_id_that_brings_nothing_but_another_stream_is_no_id_of_its_stream() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("b", 2), "b2"), message_event(result(3), "b3")])
    assert tape.verdict("event.id-stream") is Verdict.WARN


def test_before_an_equal_call_is_answered_the_streams_own_messages_may_be_late() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("b", 2), "b2")], ending="hung up")
    assert tape.verdict("event.id-stream") is Verdict.NOT_SEEN
    assert tape.verdict("resume.same-stream") is Verdict.FAIL


def test_replaying_nothing_is_allowed_and_shows_nothing() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[": nothing\n\n"])
    assert tape.verdict("resume.same-stream") is Verdict.NOT_SEEN
    assert tape.verdict("event.id-stream") is Verdict.NOT_SEEN


def test_while_only_one_stream_speaks_nothing_can_stray() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    tape.get(after="a1", events=[message_event(result(2), "a2")])
    assert tape.verdict("resume.same-stream") is Verdict.NOT_SEEN


def test_a_refused_resumption_shows_nothing() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", status=400)
    assert tape.verdict("resume.same-stream") is Verdict.NOT_SEEN


def test_a_server_without_get_offers_no_resumption() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", status=405)
    assert tape.verdict("resume.same-stream") is Verdict.NOT_APPLICABLE


def test_an_unknown_id_is_the_servers_own_affair() -> None:
    tape = two_cut_calls()
    tape.get(after="never given", events=[message_event(progress("b", 2), "b2")])
    assert "bad" not in tape.outcomes("resume.same-stream") + tape.outcomes("event.id-stream")


def test_progress_that_goes_by_get_anyway_has_not_strayed() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.get(events=[message_event(CHANGED, "g1")], ending="hung up")
    tape.post(call(2, "a"), events=[message_event(result(2), "p1")])
    tape.get(after="g1", events=[message_event(progress("a"), "g2")])
    assert tape.outcomes("resume.same-stream") == ["ok"]


def test_a_resumed_get_stream_that_brings_a_response_of_another_stream_is_bad() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.get(events=[message_event(CHANGED, "g1")], ending="hung up")
    tape.post(call(2, "a"), events=[message_event(result(2), "p1")])
    tape.get(after="g1", events=[message_event(result(2), "p1")])
    assert tape.verdict("resume.same-stream") is Verdict.FAIL


def test_one_get_after_the_other_may_be_one_stream_to_the_server() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.get(events=[message_event(CHANGED, "g1")], ending="hung up")
    tape.get(events=[message_event(CHANGED, "g2")], ending="hung up")
    tape.get(after="g1", events=[message_event(CHANGED, "g2")])
    assert tape.verdict("resume.same-stream") is Verdict.NOT_SEEN


def test_two_gets_at_once_are_two_streams() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    first = tape.begin("GET", headers={"Mcp-Session-Id": "abc"})
    tape.head(first, 200, {"Content-Type": "text/event-stream"})
    tape.chunk(first, message_event(CHANGED, "g1"))
    tape.get(events=[message_event(CHANGED, "h1")], ending="hung up")
    tape.end(first, "hung up")
    tape.get(after="g1", events=[message_event(CHANGED, "h1")])
    assert tape.verdict("resume.same-stream") is Verdict.FAIL


def test_ids_that_repeat_are_blamed_for_that_alone() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "1")], ending="hung up")
    tape.post(call(3, "b"), events=[message_event(progress("b"), "1")], ending="hung up")
    tape.get(after="1", events=[message_event(result(3), "2")])
    assert tape.verdict("event.id-unique") is Verdict.FAIL
    assert tape.verdict("resume.same-stream") is Verdict.NOT_SEEN
    assert tape.verdict("event.id-stream") is Verdict.NOT_SEEN


def test_an_event_id_of_another_session_brings_nothing_of_that_session() -> None:
    tape = two_cut_calls("abc")
    tape.initialize(session_id="def")
    tape.post(call(9, "c"), events=[message_event(result(9), "c1")])
    tape.get(after="a1", events=[message_event(progress("a", 2), "a2"), message_event(result(2), "a3")])
    assert tape.outcomes("resume.same-stream") == ["bad", "bad"]


def test_sessions_that_happen_to_use_the_same_event_ids_do_not_cross() -> None:
    tape = two_cut_calls("abc")
    tape.initialize(session_id="def")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    tape.get(after="a1", events=[message_event(result(2), "a2")])
    assert "bad" not in tape.outcomes("resume.same-stream")


def test_a_stray_replay_does_not_take_the_stream_over() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("b"), "b1")], ending="hung up")
    tape.get(after="b1", events=[message_event(result(3), "b2")])
    assert tape.outcomes("resume.same-stream") == ["bad", "ok"]


def test_event_ids_are_text_and_travel_as_utf_8() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "é✓")], ending="hung up")
    tape.post(call(3, "b"), events=[message_event(result(3), "b1")])
    tape.get(after="é✓".encode().decode("latin-1"), events=[message_event(result(2), "é✓2")])
    assert tape.outcomes("event.id-stream") == ["ok"]
