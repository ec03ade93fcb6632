"""Who may have a call made a task: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.tasks import Tasks
from tests.tape import Tape, error, message_event, request, result

PLAIN: dict[str, JSON] = {"content": []}


def test_a_server_without_tasks_is_asked_for_none() -> None:
    tape = Tasks(declared=None)
    tape.call("a", answer=PLAIN)
    for key in ("tasks.capability", "tasks.create-result", "tasks.tool-required-error", "tasks.id-unique"):
        assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_a_task_that_was_not_declared() -> None:
    tape = Tasks(declared=None)
    tape.call("a", answer=PLAIN)
    tape.make("t1", name="a")
    assert tape.verdict("tasks.capability") is Verdict.FAIL
    assert tape.verdict("tasks.ignored") is Verdict.FAIL


def test_an_ignored_task_field_is_right_where_none_are_declared() -> None:
    tape = Tasks(declared=None)
    tape.call("a", answer=PLAIN)
    tape.call("a", answer=PLAIN, task={})
    assert tape.verdict("tasks.ignored") is Verdict.PASS


def test_an_error_to_a_task_field_counts_only_beside_a_plain_request_that_was_served() -> None:
    tape = Tasks(declared=None)
    tape.call("a", answer=-32602, task={})
    assert tape.verdict("tasks.ignored") is Verdict.NOT_SEEN
    tape.call("a", answer=PLAIN)
    assert tape.verdict("tasks.ignored") is Verdict.FAIL


@pytest.mark.parametrize(
    ("support", "answer", "verdict"),
    [
        (None, -32601, Verdict.PASS),
        ("forbidden", -32601, Verdict.PASS),
        (None, -32602, Verdict.WARN),
        ("forbidden", PLAIN, Verdict.WARN),
        ("optional", PLAIN, Verdict.NOT_SEEN),
    ],
)
def test_a_task_of_a_tool_that_allows_none(support: str | None, answer: JSON, verdict: Verdict) -> None:
    tape = Tasks()
    tape.list_tools(a=support)
    tape.call("a", answer=answer, task={})
    assert tape.verdict("tasks.tool-forbidden-error") is verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (-32601, Verdict.PASS),
        (-32600, Verdict.WARN),
        (-32602, Verdict.FAIL),
        (PLAIN, Verdict.FAIL),
    ],
)
def test_a_plain_call_of_a_tool_that_wants_a_task(answer: JSON, verdict: Verdict) -> None:
    tape = Tasks()
    tape.list_tools(a="required")
    tape.call("a", answer=answer)
    assert tape.verdict("tasks.tool-required-error") is verdict


def test_where_no_tool_wants_a_task_the_rule_is_about_nothing() -> None:
    tape = Tasks()
    tape.list_tools(a="optional")
    assert tape.verdict("tasks.tool-required-error") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(("answer", "verdict"), [(PLAIN, Verdict.FAIL), (-32603, Verdict.NOT_SEEN)])
def test_a_refusal_is_no_breach_and_a_plain_result_is(answer: JSON, verdict: Verdict) -> None:
    tape = Tasks()
    tape.list_tools(a="optional")
    tape.call("a", answer=answer, task={})
    assert tape.verdict("tasks.create-result") is verdict


@pytest.mark.parametrize("id", [7, None, True, ["x"], {}])
def test_an_id_that_is_no_string(id: JSON) -> None:
    tape = Tasks()
    tape.make(id)
    assert tape.verdict("tasks.id-string") is Verdict.FAIL


def test_an_id_that_the_client_proposed() -> None:
    tape = Tasks()
    tape.make("t1", wishes={"taskId": "mine"})
    assert tape.verdict("tasks.id-receiver") is Verdict.PASS
    tape.make("mine", wishes={"taskId": "mine"})
    assert tape.verdict("tasks.id-receiver") is Verdict.FAIL


def test_one_id_given_twice_in_two_sessions() -> None:
    tape = Tasks()
    tape.make("t1")
    assert tape.verdict("tasks.id-unique") is Verdict.NOT_SEEN
    tape.start(session_id="other")
    tape.make("t1")
    assert tape.verdict("tasks.id-unique") is Verdict.FAIL


@pytest.mark.parametrize(
    ("offered", "verdict"),
    [
        ({}, Verdict.WARN),
        ({"tasks": {"list": {}}}, Verdict.WARN),
        ({"tasks": {"requests": {"elicitation": {"create": {}}}}}, Verdict.PASS),
        ({"tasks": "yes"}, Verdict.WARN),
    ],
)
def test_the_client_is_asked_for_a_task(offered: dict[str, JSON], verdict: Verdict) -> None:
    tape = Tape()
    tape.initialize(session_id="s", offered=offered)
    asked = request("q", "elicitation/create", {"task": {"ttl": 1}})
    tape.post(request(2, "tools/call", {"name": "a"}), events=[message_event(asked), message_event(result(2))])
    assert tape.verdict("tasks.only-declared") is verdict


def test_a_plain_question_is_right() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    asked = request("q", "elicitation/create", {})
    tape.post(request(2, "tools/call", {"name": "a"}), events=[message_event(asked), message_event(error(2))])
    assert tape.verdict("tasks.only-declared") is Verdict.PASS
