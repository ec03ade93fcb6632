"""One event store for all sessions, in which streams are named by the ids of requests."""

from tests.tape import Tape, message_event, request, result


def two_sessions_with_equal_ids(*, second_id: str = "2-7") -> Tape:
    """A call with the id 2 in each of two sessions: the first has its response, the second is dropped."""
    tape = Tape("2025-11-25")
    tape.initialize(session_id="theirs")
    tape.post(request(2, "tools/call", {"name": "t"}), events=[message_event(result(2, {"content": []}), second_id)])
    tape.initialize(session_id="ours")
    tape.post(request(2, "tools/call", {"name": "u"}), events=["id: 2-5\ndata:\n\n"], ending="hung up")
    return tape


def test_a_second_response_that_another_session_had_is_a_stray() -> None:
    tape = two_sessions_with_equal_ids()
    theirs, ours = result(2, {"content": []}), result(2, {"content": [], "isError": True})
    tape.get(after="2-5", events=[message_event(theirs, "2-7"), message_event(ours, "2-9")])
    findings = tape.judge("resume.same-stream").findings
    assert [f.outcome for f in findings].count("bad") == 1
    assert any("of another session, the event '2-7'" in f.seen for f in findings)


def test_one_response_is_the_streams_own_even_if_another_session_had_the_same_event() -> None:
    tape = two_sessions_with_equal_ids()
    tape.get(after="2-5", events=[message_event(result(2, {"content": []}), "2-7")])
    assert "bad" not in tape.outcomes("resume.same-stream")


def test_two_responses_that_no_other_session_had_are_left_to_another_rule() -> None:
    tape = two_sessions_with_equal_ids(second_id="x")
    tape.get(after="2-5", events=[message_event(result(2), "2-7"), message_event(result(2), "2-8")])
    assert "bad" not in tape.outcomes("resume.same-stream")
    assert "bad" in tape.outcomes("jsonrpc")
