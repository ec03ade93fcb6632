"""The life of a task: what is no breach, and what is."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.tasks import TIME, Tasks, mark, task
from tests.tape import message_event, notification, request, result


def made(**changes: Any) -> Tasks:
    tape = Tasks()
    tape.make(**changes)
    return tape


def test_a_task_begins_as_working() -> None:
    assert made().verdict("tasks.starts-working") is Verdict.PASS
    assert made(status="input_required").verdict("tasks.starts-working") is Verdict.FAIL


@pytest.mark.parametrize("changes", [{"lastUpdatedAt": "2025-11-25T10:30:00.456Z"}, {"createdAt": "x"}])
def test_a_task_that_has_moved_on_before_it_is_shown(changes: dict[str, JSON]) -> None:
    assert made(status="completed", **changes).verdict("tasks.starts-working") is Verdict.NOT_SEEN


def test_a_clock_without_fractions_does_not_tell() -> None:
    whole = "2025-11-25T10:30:00Z"
    tape = made(status="completed", createdAt=whole, lastUpdatedAt=whole)
    assert tape.verdict("tasks.starts-working") is Verdict.NOT_SEEN


def test_all_changes_that_are_listed_are_right() -> None:
    tape = made()
    for status in ("input_required", "working", "input_required", "failed", "failed"):
        tape.look(status=status)
    assert tape.outcomes("tasks.transitions") == ["ok"] * 4
    assert tape.verdict("tasks.terminal") is Verdict.PASS


@pytest.mark.parametrize("status", ["running", None, 1, ["working"], "absent"])
def test_a_status_that_does_not_exist(status: JSON) -> None:
    tape = made()
    tape.look(status=status)
    assert tape.verdict("tasks.transitions") is Verdict.FAIL


@pytest.mark.parametrize(
    ("end", "then"), [("completed", "working"), ("failed", "completed"), ("cancelled", "failed")]
)
def test_a_final_status_that_changes(end: JSON, then: JSON) -> None:
    tape = made()
    tape.look(status=end)
    tape.look(status=then)
    assert tape.verdict("tasks.terminal") is Verdict.FAIL


def test_an_answer_that_was_under_way_is_no_change_of_a_final_status() -> None:
    tape = made()
    slow = tape.begin("POST", b'{"jsonrpc":"2.0","id":90,"method":"tasks/get","params":{"taskId":"t1"}}')
    tape.look(status="completed")
    tape.head(slow, 200, {"Content-Type": "application/json"})
    tape.chunk(slow, message_event(result(90, task()))[6:])
    tape.end(slow)
    assert tape.verdict("tasks.terminal") is Verdict.NOT_SEEN


@pytest.mark.parametrize(
    "time",
    [TIME, "2025-11-25T10:30:00Z", "2025-11-25T10:30:00.123456789+01:00", "20251125T103000Z", "2025-11-25 10:30:00Z"],
)
def test_times_in_all_forms(time: str) -> None:
    tape = made(createdAt=time, lastUpdatedAt=time)
    assert tape.verdict("tasks.created-at") is Verdict.PASS
    assert tape.verdict("tasks.updated-at") is Verdict.PASS


@pytest.mark.parametrize(
    "time", ["absent", None, 1764066600, "now", "1764066600", "2025-11-25", "2025-13-25T10:30:00Z"]
)
def test_what_is_no_time(time: JSON) -> None:
    assert made(createdAt=time).verdict("tasks.created-at") is Verdict.FAIL
    assert made(lastUpdatedAt=time).verdict("tasks.updated-at") is Verdict.FAIL


@pytest.mark.parametrize(
    ("ttl", "verdict"),
    [
        (None, Verdict.PASS),
        (1, Verdict.PASS),
        (0.5, Verdict.PASS),
        ("absent", Verdict.FAIL),
        ("60000", Verdict.FAIL),
        (True, Verdict.FAIL),
    ],
)
def test_the_lifetime(ttl: JSON, verdict: Verdict) -> None:
    tape = made()
    tape.look(ttl=ttl)
    assert tape.verdict("tasks.ttl-shown") is verdict


@pytest.mark.parametrize(
    ("message", "verdict"), [("why", Verdict.PASS), (" ", Verdict.WARN), ("absent", Verdict.WARN)]
)
def test_a_failed_task_says_why(message: JSON, verdict: Verdict) -> None:
    tape = made()
    tape.look(status="failed", statusMessage=message)
    assert tape.verdict("tasks.failed-message") is verdict


def test_tasks_get_with_a_stream() -> None:
    tape = made()
    tape.post(request(9, "tasks/get", {"taskId": "t1"}), events=[message_event(result(9, task()))])
    assert tape.verdict("tasks.get-json") is Verdict.WARN


def asking(*, before: JSON, after: JSON = "working", wait: float = 0.0) -> Tasks:
    """A task asks; it is looked at before the answer, and again some time after."""
    tape = made()
    stream, _ = tape.waiting()
    tape.say(stream, [request("q", "elicitation/create", mark())])
    tape.look(status=before)
    tape.post(result("q", {"action": "accept"}))
    tape.now += wait
    tape.look(status=after)
    tape.end(stream, "hung up")
    return tape


def test_a_task_that_asks_says_so() -> None:
    assert asking(before="input_required").verdict("tasks.input-required") is Verdict.PASS
    assert asking(before="working").verdict("tasks.input-required") is Verdict.WARN
    assert asking(before="completed").verdict("tasks.input-required") is Verdict.NOT_SEEN


def test_a_task_that_has_its_answer_goes_on() -> None:
    assert asking(before="input_required").verdict("tasks.leave-input") is Verdict.PASS
    late = asking(before="input_required", after="input_required", wait=1.0)
    assert late.verdict("tasks.leave-input") is Verdict.WARN


def test_a_moment_to_notice_the_answer_is_granted() -> None:
    assert asking(before="input_required", after="input_required").verdict("tasks.leave-input") is Verdict.NOT_SEEN


def test_a_status_notification_shows_a_task_too() -> None:
    tape = made()
    tape.get(events=[message_event(notification("notifications/tasks/status", task(createdAt="absent")))])
    assert tape.verdict("tasks.created-at") is Verdict.FAIL


@pytest.mark.parametrize(("answer", "verdict"), [(-32602, Verdict.PASS), (-32603, Verdict.FAIL), ({}, Verdict.FAIL)])
def test_cancelling_what_has_ended(answer: JSON, verdict: Verdict) -> None:
    tape = made()
    tape.look(status="completed")
    tape.put("tasks/cancel", answer, {"taskId": "t1"})
    assert tape.verdict("tasks.cancel-terminal") is verdict


@pytest.mark.parametrize(("status", "verdict"), [("cancelled", Verdict.PASS), ("working", Verdict.FAIL)])
def test_what_a_cancellation_is_answered_with(status: JSON, verdict: Verdict) -> None:
    tape = made()
    tape.put("tasks/cancel", task(status=status), {"taskId": "t1"})
    assert tape.verdict("tasks.cancel-status") is verdict
    assert tape.verdict("tasks.cancel-terminal") is Verdict.NOT_SEEN


def test_a_refused_cancellation_may_have_come_too_late() -> None:
    tape = made()
    tape.put("tasks/cancel", -32602, {"taskId": "t1"})
    assert tape.verdict("tasks.cancel-status") is Verdict.NOT_SEEN


def test_a_cancelled_task_may_be_deleted_and_must_not_come_back() -> None:
    tape = made()
    tape.put("tasks/cancel", task(status="cancelled"), {"taskId": "t1"})
    tape.put("tasks/get", -32602, {"taskId": "t1"})
    assert tape.verdict("tasks.cancel-final") is Verdict.NOT_SEEN
    tape.look(status="completed")
    assert tape.verdict("tasks.cancel-final") is Verdict.FAIL
