"""What tasks of the tasks extension say of themselves: what is legal though it looks odd, and what is not."""

import pytest

from conformance.evidence.era import SUBSCRIPTION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.deferred import CONTENT, FORM, KNOWS, Deferring, made, task
from tests.tape import message_event

FAILED: dict[str, JSON] = {"code": -32603, "message": "no"}


def seen(value: dict[str, JSON], name: JSON = "work") -> Deferring:
    """A task that was made and looked at once."""
    tape = Deferring()
    tape.make(name=name)
    tape.look(value)
    return tape


@pytest.mark.parametrize(
    "members",
    [
        {"ttlMs": 60000, "pollIntervalMs": 1.0, "statusMessage": ""},
        {"createdAt": "20260728T103000Z", "more": True},
        {"lastUpdatedAt": "2026-07-28T10:30:00+0000"},
    ],
)
def test_good_tasks(members: dict[str, JSON]) -> None:
    assert seen(task() | members).outcomes("ext-tasks.shape") == ["ok", "ok"]


@pytest.mark.parametrize(
    "members",
    [
        {"status": "submitted"},
        {"status": ["working"]},
        {"createdAt": None},
        {"createdAt": 1785196800},
        {"lastUpdatedAt": "Tue, 28 Jul 2026 10:30:00 GMT"},
        {"ttlMs": 0.5},
        {"ttlMs": "60000"},
        {"ttlMs": True},
        {"pollIntervalMs": 1.5},
        {"statusMessage": None},
    ],
)
def test_bad_tasks(members: dict[str, JSON]) -> None:
    assert seen(task() | members).outcomes("ext-tasks.shape") == ["ok", "bad"]


def test_the_lifetime_may_be_null_but_not_missing() -> None:
    value = task()
    del value["ttlMs"]
    assert seen(value).outcomes("ext-tasks.shape") == ["ok", "bad"]


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({}, "ok"),
        ({"ttl": 1}, "bad"),
        ({"requestState": "s"}, "bad"),
        ({"status": "completed", "result": CONTENT}, "ok"),
        ({"status": "failed", "error": FAILED, "result": {}}, "bad"),
        ({"status": "completed", "result": {"_meta": {"io.modelcontextprotocol/related-task": {}}}}, "bad"),
    ],
)
def test_what_does_not_belong_to_a_task(members: dict[str, JSON], outcome: str) -> None:
    assert seen(task() | members).outcomes("ext-tasks.plain") == ["ok", outcome]


def test_a_new_task_has_nothing_of_a_status_and_no_wrapping() -> None:
    tape = Deferring()
    tape.call(made(status="completed", result=CONTENT))
    tape.call(made("t-2", task={}))
    assert tape.outcomes("ext-tasks.plain") == ["bad", "bad"]
    assert tape.verdict("ext-tasks.plain") is Verdict.WARN


def test_the_task_that_was_asked_for() -> None:
    assert seen(task()).outcomes("ext-tasks.get") == ["ok"]
    assert seen(task("t-2")).outcomes("ext-tasks.get") == ["bad"]
    assert seen({}).outcomes("ext-tasks.get") == ["bad"]


@pytest.mark.parametrize(
    ("questions", "outcomes"),
    [
        ({"k": FORM, "l": {"method": "roots/list"}}, ["ok", "ok"]),
        ({"k": {"method": "ping"}}, ["bad"]),
        ({"k": {"method": "elicitation/create"}}, ["bad"]),
        ({}, ["bad"]),
        ([FORM], ["bad"]),
        (None, ["bad"]),
    ],
)
def test_what_a_task_waits_for(questions: JSON, outcomes: list[str]) -> None:
    tape = seen(task(status="input_required", inputRequests=questions))
    assert tape.outcomes("ext-tasks.input-requests") == outcomes


def test_a_new_task_may_wait_already_and_one_with_its_answers_may_not_have_gone_on_yet() -> None:
    tape = Deferring()
    tape.call(made(status="input_required"))
    tape.update({"k": {"action": "decline"}}, {})
    tape.look(task(status="input_required", inputRequests={}))
    assert tape.outcomes("ext-tasks.input-requests") == ["open"]


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (CONTENT, "ok"),
        (CONTENT | {"resultType": "complete"}, "ok"),
        (CONTENT | {"isError": True}, "ok"),
        ({"content": []}, "ok"),
        ({}, "bad"),
        ({"content": "done"}, "bad"),
        (None, "bad"),
    ],
)
def test_results_of_completed_tasks(result: JSON, outcome: str) -> None:
    assert seen(task(status="completed", result=result)).outcomes("ext-tasks.completed") == [outcome]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(FAILED, "ok"), (FAILED | {"data": {}}, "ok"), ({"message": "no"}, "bad"), ("no", "bad"), (None, "bad")],
)
def test_errors_of_failed_tasks(error: JSON, outcome: str) -> None:
    assert seen(task(status="failed", error=error)).outcomes("ext-tasks.failed") == [outcome]


def test_a_fixture_that_breaks_does_not_complete() -> None:
    completed = task(status="completed", result=CONTENT)
    assert seen(completed, "protocol_error_job").outcomes("ext-tasks.failed") == ["bad"]


def test_why_a_task_failed() -> None:
    assert seen(task(status="failed", error=FAILED)).outcomes("ext-tasks.failed-message") == ["bad"]
    said = task(status="failed", error=FAILED, statusMessage="Too many.")
    assert seen(said).outcomes("ext-tasks.failed-message") == ["ok"]


def test_a_failure_of_a_tool_completes() -> None:
    reports: JSON = CONTENT | {"isError": True}
    assert seen(task(status="completed", result=reports)).outcomes("ext-tasks.tool-error") == ["ok"]
    assert seen(task(status="failed", result=reports)).outcomes("ext-tasks.tool-error") == ["bad"]
    assert seen(task(status="failed", error=FAILED)).outcomes("ext-tasks.tool-error") == []
    assert seen(task(status="failed", error=FAILED), "failing_job").outcomes("ext-tasks.tool-error") == ["bad"]


def test_what_has_ended_stays_as_it_is() -> None:
    done = task(status="completed", result=CONTENT)
    tape = seen(done)
    tape.look(done | {"ttlMs": 1000, "pollIntervalMs": 9, "lastUpdatedAt": "2026-07-28T11:00:00Z"})
    tape.look(done | {"status": "cancelled"})
    tape.look(done | {"result": {"content": []}})
    assert tape.outcomes("ext-tasks.terminal") == ["ok", "bad", "bad"]


def test_looks_at_the_same_time_have_no_order() -> None:
    tape = seen(task())
    bodies = [{"jsonrpc": "2.0", "id": n, "method": "tasks/get", "params": {"taskId": "t-1"}} for n in (7, 8)]
    assert [tape.begin("POST", repr(body).encode()) for body in bodies]
    assert tape.outcomes("ext-tasks.terminal") == []


def news(wanted: list[JSON], agreed: list[JSON] | None, *told: str) -> list[str]:
    """A subscription to tasks, what was agreed, and the tasks of which something was told."""
    tape = Deferring()
    tag: dict[str, JSON] = {"_meta": {SUBSCRIPTION: 60}}
    tape.make()
    some: dict[str, JSON] = {} if agreed is None else {"taskIds": agreed}
    begun: JSON = {"notifications": some, **tag}
    events: list[JSON] = [{"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": begun}]
    events += [{"jsonrpc": "2.0", "method": "notifications/tasks", "params": task(id) | tag} for id in told]
    params: dict[str, JSON] = {"notifications": {"taskIds": wanted}}
    tape.ask("subscriptions/listen", params, id=60, meta=KNOWS, events=[message_event(event) for event in events])
    return tape.outcomes("ext-tasks.notified")


def test_news_of_tasks_that_were_named_and_of_others() -> None:
    assert news(["t-1"], ["t-1"], "t-1", "t-2") == ["ok", "ok", "bad"]
    assert news(["t-1", "t-2"], ["t-1"]) == ["ok"]
    assert news(["t-1"], ["t-1", "t-3"]) == ["bad"]


def test_nobody_has_to_tell_news_of_tasks() -> None:
    assert news(["t-1"], None) == ["moot"]
    assert news([], None) == []


def test_what_is_told_of_a_task_is_looked_at_like_all_else() -> None:
    tape = Deferring()
    tape.make()
    wrong: JSON = {"jsonrpc": "2.0", "method": "notifications/tasks", "params": task(status="completed", ttlMs="1")}
    params: dict[str, JSON] = {"notifications": {"taskIds": ["t-1"]}}
    tape.ask("subscriptions/listen", params, id=60, meta=KNOWS, events=[message_event(wrong)])
    assert tape.outcomes("ext-tasks.shape") == ["ok", "bad"]
    assert tape.outcomes("ext-tasks.completed") == ["bad"]
