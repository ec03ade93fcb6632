"""Ids of events: unique across all streams of a session, and repeated only where the same event is sent again."""

import json

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.test_resuming import CHANGED, call, progress, two_cut_calls
from tests.tape import Tape, message_event, notification, request, result

PRIMING = "id: {}\ndata:\n\n"


def test_ids_that_start_again_on_every_stream_are_bad() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    for id in (2, 3):
        tape.post(call(id, f"t{id}"), events=[message_event(progress(f"t{id}"), "1"), message_event(result(id), "2")])
    assert tape.outcomes("event.id-unique") == ["bad", "bad"]


def test_a_priming_id_that_all_streams_share_is_bad() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    for id in (2, 3):
        tape.post(call(id, "t"), events=[PRIMING.format(0), message_event(result(id), f"{id}")])
    assert tape.verdict("event.id-unique") is Verdict.FAIL


def test_a_replay_is_the_same_event_again() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("a", 2), "a2")], ending="hung up")
    tape.get(after="a1", events=[message_event(progress("a", 2), "a2"), message_event(result(2), "a3")])
    assert tape.outcomes("event.id-unique") == ["ok"]


def test_a_replay_may_be_written_differently() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(result(2), "a2")])
    tape.get(after="a1", events=['event: message\nid: a2\ndata: {"result":{},"id":2,"jsonrpc":"2.0"}\n\n'])
    assert tape.outcomes("event.id-unique") == ["ok"]


def test_an_id_with_other_content_on_the_resumed_stream_is_bad() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[message_event(progress("a", 2), "a1")])
    assert tape.verdict("event.id-unique") is Verdict.FAIL


def test_the_same_event_on_two_streams_that_nobody_resumed_is_bad() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.get(events=[message_event(CHANGED, "7")])
    tape.get(events=[message_event(CHANGED, "7")])
    assert tape.verdict("event.id-unique") is Verdict.FAIL


def test_a_replay_may_overtake_the_event_itself() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    other = tape.begin("POST", json.dumps(call(3, "b")).encode(), headers={"Mcp-Session-Id": "abc"})
    tape.head(other, headers={"Content-Type": "text/event-stream"})
    tape.get(after="a1", events=[message_event(result(3), "b1")])
    tape.chunk(other, message_event(result(3), "b1"))
    tape.end(other)
    assert tape.outcomes("event.id-unique") == ["ok"]
    assert tape.verdict("resume.same-stream") is Verdict.FAIL


def test_a_priming_event_that_is_replayed_as_an_empty_object_is_still_the_same_event() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "a"), events=[message_event(progress("a"), "a1")], ending="hung up")
    tape.post(call(3, "b"), events=[PRIMING.format("b1"), message_event(result(3), "b2")])
    tape.get(after="a1", events=[message_event({}, "b1"), message_event(result(3), "b2")])
    assert tape.outcomes("event.id-unique") == ["ok"]
    assert tape.verdict("resume.same-stream") is Verdict.FAIL
    assert tape.verdict("jsonrpc") is Verdict.FAIL


def test_an_empty_event_may_repeat_its_streams_last_id() -> None:
    tape = two_cut_calls()
    tape.get(after="a1", events=[PRIMING.format("a1"), message_event(result(2), "a2"), PRIMING.format("a2")])
    assert tape.outcomes("event.id-unique") == ["ok"]


def test_two_sessions_may_use_the_same_ids() -> None:
    tape = Tape()
    for session_id in ("abc", "def"):
        tape.initialize(session_id=session_id)
        tape.post(call(2, "t"), events=[message_event(result(2), "1")])
        tape.post(call(3, "t"), events=[message_event(result(3), "2")])
    assert tape.outcomes("event.id-unique") == ["ok", "ok"]


def test_without_sessions_the_streams_of_one_client_are_compared() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(call(2, "t"), events=[message_event(result(2), "1")])
    tape.post(call(3, "t"), events=[message_event(result(3), "1")])
    assert tape.verdict("event.id-unique") is Verdict.FAIL


def test_one_stream_alone_shows_nothing_about_other_streams() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "t"), events=[message_event(progress("t"), "1"), message_event(result(2), "2")])
    assert tape.verdict("event.id-unique") is Verdict.NOT_SEEN


def test_events_without_ids_are_not_resumable_and_that_is_allowed() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(call(2, "t"), events=[message_event(result(2))])
    for key in ("event.id-unique", "event.id-stream", "resume.same-stream"):
        assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_hostile_ids_and_tokens_crash_nothing() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    odd: list[JSON] = [None, True, [], {}, 1.5, "x" * 5000]
    for number, value in enumerate(odd):
        events = [
            message_event(notification("notifications/progress", {"progressToken": value}), "é✓" * (number + 1)),
            message_event(result(value), f"\x7f{number}"),
            "id: [1]\ndata: [[[\n\n",
            message_event([progress("b"), result(7)], f"batch{number}"),
        ]
        tape.post(request(value, "tools/call", {"_meta": {"progressToken": value}}), events=events)
        tape.get(after="é✓".encode().decode("latin-1"), events=events)
    for key in ("event.id-unique", "event.id-stream", "resume.same-stream"):
        tape.verdict(key)
