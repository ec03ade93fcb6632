"""Questions of tasks of the tasks extension, answers to them, and cancellation."""

from conformance.evidence.trace import JSON
from tests.checks.deferred import ACCEPTED, CONTENT, FORM, KNOWS, Deferring, task
from tests.tape import error

OTHER: dict[str, JSON] = {"method": "roots/list"}
ROOTS: dict[str, JSON] = {"roots": []}
DONE = task(status="completed", result=CONTENT)


def waiting(**questions: JSON) -> dict[str, JSON]:
    return task(status="input_required", inputRequests=questions)


def asking(**questions: JSON) -> Deferring:
    """A task that waits for answers."""
    tape = Deferring()
    tape.make()
    tape.look(waiting(**questions))
    return tape


def test_a_question_may_be_seen_again_and_again() -> None:
    tape = asking(k=FORM)
    tape.look(waiting(k={**FORM, "params": {"_meta": {"n": 1}, **FORM["params"]}}))  # type: ignore[dict-item]
    tape.look(waiting(k=FORM, l=OTHER))
    assert tape.outcomes("ext-tasks.keys") == ["ok", "ok", "ok", "ok"]


def test_a_key_is_not_used_for_something_else_or_again() -> None:
    tape = asking(k=FORM)
    tape.look(waiting(k=OTHER))
    tape.look(task())
    tape.look(waiting(k=FORM))
    assert tape.outcomes("ext-tasks.keys") == ["ok", "bad", "bad"]


def test_two_tasks_may_have_the_same_keys() -> None:
    tape = asking(k=FORM)
    tape.make("t-2")
    tape.look(task("t-2", "input_required", inputRequests={"k": OTHER}), "t-2")
    assert tape.outcomes("ext-tasks.keys") == ["ok", "ok"]


def test_an_update_is_heard_and_nothing_more() -> None:
    tape = asking(k=FORM)
    tape.update({"k": ACCEPTED}, {"_meta": {}, "more": 1})
    tape.update({"k": ACCEPTED}, task())
    assert tape.outcomes("ext-tasks.update-result") == ["ok", "bad"]


def test_only_all_the_answers_and_good_ones_have_to_be_taken() -> None:
    tape = asking(k=FORM, l=OTHER)
    tape.update({"k": ACCEPTED}, -32602)
    tape.update({"k": {"action": "perhaps"}, "l": ROOTS}, -32602)
    assert tape.outcomes("ext-tasks.update-result") == []
    tape.update({"k": ACCEPTED, "l": ROOTS}, -32602)
    assert tape.outcomes("ext-tasks.update-result") == ["bad"]


def test_strange_answers_are_ignored() -> None:
    tape = asking(k=FORM)
    tape.update({"x": {}}, {})
    tape.update({"x": {}}, -32602)
    tape.update({"k": ACCEPTED, "x": {}}, -32602)
    tape.update({"k": ACCEPTED}, {})
    tape.update({"k": ACCEPTED}, -32602)
    assert tape.outcomes("ext-tasks.update-unknown") == ["ok", "bad", "bad"]


def test_a_task_that_has_ended_may_refuse_answers() -> None:
    tape = asking(k=FORM)
    tape.look(DONE)
    tape.update({"x": {}}, -32602)
    assert tape.outcomes("ext-tasks.update-unknown") == []


def test_a_task_goes_on_with_its_answers_sooner_or_later() -> None:
    tape = asking(k=FORM)
    tape.update({"k": ACCEPTED}, {})
    tape.look(waiting(k=FORM))
    assert tape.outcomes("ext-tasks.update-counts") == ["open"]
    tape.look(waiting(k=FORM))
    tape.look(waiting(k=FORM))
    assert tape.outcomes("ext-tasks.update-counts") == ["bad"]
    tape.look(waiting(l=OTHER))
    assert tape.outcomes("ext-tasks.update-counts") == ["ok"]


def test_a_task_waits_for_the_rest_of_the_answers() -> None:
    tape = asking(k=FORM, l=OTHER)
    tape.update({"k": ACCEPTED}, {})
    tape.look(waiting(k=FORM, l=OTHER))
    tape.look(waiting(l=OTHER))
    tape.look(DONE)
    assert tape.outcomes("ext-tasks.partial") == ["ok", "ok", "bad"]


def test_a_task_may_fail_or_be_cancelled_while_it_waits() -> None:
    tape = asking(k=FORM, l=OTHER)
    tape.update({"k": ACCEPTED}, {})
    tape.look(task(status="failed", error={"code": -32603, "message": "too late"}))
    assert tape.outcomes("ext-tasks.partial") == []


def test_after_the_last_answer_it_waits_no_longer() -> None:
    tape = asking(k=FORM, l=OTHER)
    tape.update({"k": ACCEPTED}, {})
    tape.update({"l": ROOTS}, {})
    tape.look(DONE)
    assert tape.outcomes("ext-tasks.partial") == []


def test_a_cancellation_is_heard_also_when_it_comes_late() -> None:
    tape = Deferring()
    tape.make()
    tape.cancel({})
    tape.cancel(task(status="cancelled"))
    tape.cancel(-32602)
    tape.look(DONE)
    tape.cancel({})
    assert tape.outcomes("ext-tasks.cancel-result") == ["ok", "bad", "bad", "ok"]


def test_a_busy_server_has_not_looked_at_a_cancellation() -> None:
    tape = Deferring()
    tape.make()
    params: dict[str, JSON] = {"taskId": "t-1"}
    tape.ask("tasks/cancel", params, id=70, status=503, answer=error(70), meta=KNOWS)
    assert tape.outcomes("ext-tasks.cancel-result") == ["open"]


def test_questions_come_before_the_task() -> None:
    tape = Deferring()
    wish: dict[str, JSON] = {"resultType": "input_required", "inputRequests": {"k": FORM}}
    tape.call(wish)
    tape.make(params={"inputResponses": {"k": ACCEPTED}})
    tape.call({**wish, "taskId": "t-2"})
    assert tape.outcomes("ext-tasks.questions-first") == ["ok", "ok", "bad"]
