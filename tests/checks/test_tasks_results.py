"""What comes of tasks, what belongs to them, and who may see them: what is no breach, and what is."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.tasks import RELATED, Tasks, mark, task
from tests.tape import message_event, notification, request, result

DONE: dict[str, JSON] = {"content": [{"type": "text", "text": "done"}]}
PROGRESS: dict[str, JSON] = {"progressToken": "p", "progress": 1}


def made(token: JSON = None) -> Tasks:
    tape = Tasks()
    tape.make(token=token)
    return tape


def ended(status: JSON = "completed", **changes: Any) -> Tasks:
    tape = made()
    tape.look(status=status, **changes)
    return tape


@pytest.mark.parametrize(
    ("status", "answer", "verdict"),
    [
        ("completed", DONE, Verdict.PASS),
        ("completed", -32602, Verdict.FAIL),
        ("completed", {}, Verdict.FAIL),
        ("failed", -32050, Verdict.PASS),
        ("cancelled", -32600, Verdict.PASS),
        ("working", -32600, Verdict.NOT_SEEN),
    ],
)
def test_the_outcome_of_a_task(status: JSON, answer: JSON, verdict: Verdict) -> None:
    tape = ended(status)
    tape.fetch(answer)
    assert tape.verdict("tasks.result-final") is verdict


def test_a_task_whose_lifetime_is_over_may_be_gone() -> None:
    tape = ended(ttl=50)
    tape.fetch(-32602)
    assert tape.verdict("tasks.result-final") is Verdict.NOT_SEEN


def test_a_result_that_was_not_waited_for() -> None:
    tape = made()
    tape.fetch(DONE)
    assert tape.verdict("tasks.result-blocks") is Verdict.NOT_SEEN
    tape.look()
    assert tape.verdict("tasks.result-blocks") is Verdict.FAIL


def test_a_result_that_was_waited_for() -> None:
    tape = made()
    stream, id = tape.waiting()
    tape.look()
    tape.say(stream, [result(id, DONE)])
    tape.end(stream)
    assert tape.verdict("tasks.result-blocks") is Verdict.PASS


def beside(first: JSON, second: JSON, outcome: JSON, status: JSON = "completed") -> Verdict:
    tape = ended(status)
    tape.call("a", answer=first)
    tape.call("a", answer=second)
    tape.fetch(outcome)
    return tape.verdict("tasks.result-exact")


def test_an_outcome_that_is_not_that_of_the_plain_calls() -> None:
    assert beside(DONE, DONE, {"content": []}) is Verdict.FAIL
    assert beside(-32050, -32050, DONE, "failed") is Verdict.FAIL
    assert beside(DONE, DONE, -32050, "failed") is Verdict.FAIL


def test_an_outcome_that_is_that_of_the_plain_calls() -> None:
    assert beside(DONE, DONE, {**DONE, "isError": False} | mark()) is Verdict.PASS
    assert beside(-32050, -32050, -32050, "failed") is Verdict.PASS


def test_plain_calls_that_differ_decide_nothing() -> None:
    assert beside(DONE, {"content": []}, DONE) is Verdict.NOT_SEEN
    assert beside(-32601, -32601, DONE) is Verdict.NOT_SEEN


@pytest.mark.parametrize("meta", [{}, {"_meta": 1}, {"_meta": {RELATED: "t1"}}, {"_meta": {RELATED: {"taskId": 1}}}])
def test_a_result_without_its_task(meta: dict[str, JSON]) -> None:
    tape = made()
    tape.fetch(DONE | meta)
    assert tape.verdict("tasks.related-in-result") is Verdict.FAIL


def test_an_error_has_no_metadata() -> None:
    tape = made()
    tape.fetch(-32050)
    assert tape.verdict("tasks.related-in-result") is Verdict.NOT_SEEN


def two() -> Tasks:
    tape = made()
    tape.make("t2")
    return tape


def test_the_parameter_decides() -> None:
    tape = two()
    tape.look("t1")
    assert tape.verdict("tasks.id-param") is Verdict.PASS
    tape.put("tasks/get", task("t2"), {"taskId": "t1"})
    assert tape.verdict("tasks.id-param") is Verdict.FAIL


def test_metadata_is_ignored() -> None:
    tape = two()
    tape.put("tasks/get", task("t1"), {"taskId": "t1", **mark("t2")})
    assert tape.verdict("tasks.related-ignored") is Verdict.PASS
    tape.put("tasks/get", task("t2"), {"taskId": "t1", **mark("t2")})
    assert tape.verdict("tasks.related-ignored") is Verdict.FAIL


def test_metadata_that_swallows_the_answer() -> None:
    tape = two()
    tape.look("t1")
    for id in (80, 81):
        body = request(id, "tasks/get", {"taskId": "t1", **mark("t2")})
        assert tape.verdict("tasks.related-ignored") is Verdict.NOT_SEEN
        tape.post(body, events=[], wait=1.0, ending="hung up")
    assert tape.verdict("tasks.related-ignored") is Verdict.FAIL


def progress(named: JSON = "t1", **changes: JSON) -> JSON:
    return notification("notifications/progress", PROGRESS | mark(named) | changes)


def test_progress_of_a_task() -> None:
    tape = made(token="p")
    tape.get(events=[message_event(progress())], ending="hung up")
    for key in ("tasks.progress-token", "tasks.related"):
        assert tape.verdict(key) is Verdict.PASS


def test_progress_with_another_token_or_another_task() -> None:
    tape = made(token="p")
    tape.get(events=[message_event(progress(progressToken="t1"))], ending="hung up")
    assert tape.verdict("tasks.progress-token") is Verdict.FAIL
    tape.get(events=[message_event(notification("notifications/progress", PROGRESS))], ending="hung up")
    assert tape.verdict("tasks.related") is Verdict.FAIL


def after_the_end(times: int, later: float) -> Verdict:
    tape = made(token="p")
    stream = tape.begin("GET")
    tape.head(stream, 200, {"Content-Type": "text/event-stream"})
    tape.say(stream, [progress()])
    tape.look(status="cancelled")
    tape.now += later
    tape.say(stream, [progress()] * times)
    tape.end(stream, "hung up")
    return tape.verdict("tasks.progress-stops")


def test_progress_after_the_end() -> None:
    assert after_the_end(0, 9.0) is Verdict.PASS
    assert after_the_end(1, 9.0) is Verdict.PASS
    assert after_the_end(2, 9.0) is Verdict.FAIL


def test_progress_may_queue_on_a_slow_way() -> None:
    assert after_the_end(2, 1.0) is Verdict.PASS


def test_progress_behind_the_end_on_one_stream() -> None:
    tape = made(token="p")
    over = notification("notifications/tasks/status", task(status="completed"))
    tape.get(events=[message_event(over), message_event(progress())], ending="hung up")
    assert tape.verdict("tasks.progress-stops") is Verdict.FAIL


def question(method: str, meta: dict[str, JSON]) -> Verdict:
    tape = made()
    stream, _ = tape.waiting()
    tape.say(stream, [request("q", method, meta)])
    tape.end(stream, "hung up")
    return tape.verdict("tasks.related")


def test_questions_of_a_task() -> None:
    assert question("elicitation/create", mark()) is Verdict.PASS
    assert question("elicitation/create", {}) is Verdict.FAIL
    assert question("elicitation/create", mark("t9")) is Verdict.FAIL
    assert question("elicitation/create", mark([])) is Verdict.FAIL


def test_questions_that_may_be_about_anything() -> None:
    assert question("roots/list", {}) is Verdict.NOT_SEEN
    assert question("ping", {}) is Verdict.NOT_SEEN
    tape = made()
    tape.get(events=[message_event(request("q", "sampling/createMessage", {}))], ending="hung up")
    assert tape.outcomes("tasks.related") == ["moot"]  # no call was answered with a stream


def test_metadata_where_the_id_is_said_already() -> None:
    tape = made()
    tape.look(_meta=None)
    assert tape.verdict("tasks.no-related-in-get") is Verdict.PASS
    tape.put("tasks/get", task() | mark(), {"taskId": "t1"})
    assert tape.verdict("tasks.no-related-in-get") is Verdict.WARN
    tape.get(events=[message_event(notification("notifications/tasks/status", task(**mark())))], ending="hung up")
    assert tape.verdict("tasks.status-no-related") is Verdict.WARN
