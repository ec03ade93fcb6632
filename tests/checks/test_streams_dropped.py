"""A dropped connection: what shows that the work went on, and what shows that it did not."""

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result

KEY = "disconnect.not-cancel"


def begun() -> Tape:
    tape = Tape("2025-11-25")
    tape.initialize(session_id="abc")
    return tape


def call(id: JSON) -> dict[str, JSON]:
    return request(id, "tools/call", {"name": "slow", "_meta": {"progressToken": f"t{id}"}})


def step(id: JSON, value: int) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": f"t{id}", "progress": value})


def dropped(tape: Tape, *, ids: bool = True) -> None:
    """A call left by the client after its first progress."""
    events = ["id: a1\ndata:\n\n", message_event(step(2, 1), "a2")]
    tape.post(call(2), events=events if ids else [message_event(step(2, 1))], ending="hung up")


def left_alone(tape: Tape) -> None:
    """An equal call that has its result."""
    tape.post(call(3), events=[message_event(result(3))])


def test_the_result_on_the_resumed_stream_shows_that_the_work_went_on() -> None:
    tape = begun()
    dropped(tape)
    tape.get(after="a1", events=[message_event(step(2, 1), "a2"), message_event(result(2), "a3")])
    assert tape.outcomes(KEY) == ["ok"]


def test_later_progress_elsewhere_shows_that_the_work_went_on() -> None:
    tape = begun()
    dropped(tape, ids=False)
    tape.get(events=[message_event(step(2, 2))], ending="hung up")
    assert tape.outcomes(KEY) == ["ok"]


def test_without_event_ids_nothing_shows() -> None:
    tape = begun()
    dropped(tape, ids=False)
    left_alone(tape)
    assert tape.verdict(KEY) is Verdict.NOT_APPLICABLE


def test_a_server_that_does_not_replay_shows_nothing() -> None:
    tape = begun()
    dropped(tape)
    left_alone(tape)
    tape.get(after="a1", events=[], ending="hung up", wait=9.0)
    tape.get(after="a1", status=400)
    assert tape.verdict(KEY) is Verdict.NOT_SEEN


def test_a_resumed_stream_that_ends_without_the_result_shows_a_cancellation() -> None:
    tape = begun()
    dropped(tape)
    left_alone(tape)
    tape.get(after="a1", events=[message_event(step(2, 1), "a2")])
    assert tape.verdict(KEY) is Verdict.WARN


def test_a_server_that_lets_the_client_poll_on_has_not_cancelled() -> None:
    tape = begun()
    dropped(tape)
    left_alone(tape)
    tape.get(after="a1", events=[message_event(step(2, 1), "a2"), "retry: 100\ndata:\n\n"])
    assert tape.verdict(KEY) is Verdict.NOT_SEEN


def test_a_resumed_stream_that_stays_silent_shows_a_cancellation_after_a_while() -> None:
    for wait, expected in ((0.5, Verdict.NOT_SEEN), (3.0, Verdict.WARN)):
        tape = begun()
        dropped(tape)
        left_alone(tape)
        tape.get(after="a1", events=[message_event(step(2, 1), "a2")], ending="hung up", wait=wait)
        assert tape.verdict(KEY) is expected


def test_without_an_equal_call_nobody_knows_how_long_the_work_takes() -> None:
    tape = begun()
    dropped(tape)
    tape.get(after="a1", events=[message_event(step(2, 1), "a2")])
    assert tape.verdict(KEY) is Verdict.NOT_SEEN


def test_an_error_counts_only_beside_an_equal_call_with_a_result() -> None:
    tape = begun()
    dropped(tape)
    tape.get(after="a1", events=[message_event(error(2), "a3")])
    assert tape.outcomes(KEY) == ["open"]
    left_alone(tape)
    assert tape.outcomes(KEY) == ["bad"]


def test_a_call_that_the_client_cancelled_may_stop() -> None:
    tape = begun()
    dropped(tape)
    left_alone(tape)
    tape.post(notification("notifications/cancelled", {"requestId": 2}))
    tape.get(after="a1", events=[message_event(step(2, 1), "a2")])
    assert tape.outcomes(KEY) == []


def test_ids_that_stand_for_events_of_two_streams_decide_nothing() -> None:
    tape = begun()
    dropped(tape)
    tape.post(call(3), events=["id: a1\ndata:\n\n", message_event(result(3), "a2")])
    tape.get(after="a1", events=[message_event(step(2, 1), "a2")])
    assert tape.verdict(KEY) is Verdict.NOT_SEEN


def test_a_question_on_a_stream_that_began_anew_says_nothing_about_the_work() -> None:
    tape = begun()
    dropped(tape)
    left_alone(tape)
    tape.now += 10
    question = request("s-1", "roots/list", {})
    tape.get(after="a1", events=["id: b1\ndata:\n\n", message_event(question, "b2")], ending="hung up", wait=10)
    assert set(tape.outcomes(KEY)) == {"open"}
