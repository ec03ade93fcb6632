"""The list of tasks, unknown tasks, and strangers: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.tasks import DECLARED, Tasks, task

STRONG = ("9b1f0c8e5d7a", "1e6c2d3f4a5b", "7f8091a2b3c4")


def several(*ids: str) -> Tasks:
    tape = Tasks()
    for id in ids:
        tape.make(id)
    return tape


def read(
    tape: Tasks, *ids: str, cursor: str | None = None, following: JSON = "absent", status: JSON = "working"
) -> None:
    listed: list[JSON] = [task(id, status) for id in ids]
    more: dict[str, JSON] = {} if following == "absent" else {"nextCursor": following}
    tape.put("tasks/list", {"tasks": listed, **more}, {} if cursor is None else {"cursor": cursor})


def test_a_list_on_two_pages() -> None:
    tape = several("t1", "t2")
    read(tape, "t1", following="c")
    read(tape, "t2", cursor="c")
    tape.look("t1")
    tape.look("t2")
    assert tape.verdict("tasks.next-cursor") is Verdict.PASS
    assert tape.verdict("tasks.list-complete") is Verdict.PASS


def test_a_list_that_breaks_off() -> None:
    tape = several("t1", "t2")
    read(tape, "t1")
    tape.look("t2")
    assert tape.verdict("tasks.next-cursor") is Verdict.FAIL
    assert tape.verdict("tasks.list-complete") is Verdict.FAIL


def test_a_list_that_leaves_out_what_has_ended_is_incomplete_but_not_cut() -> None:
    tape = several("t1", "t2")
    read(tape, "t1")
    tape.look("t2", "completed")
    assert tape.verdict("tasks.next-cursor") is Verdict.NOT_SEEN
    assert tape.verdict("tasks.list-complete") is Verdict.FAIL


def test_an_empty_last_page_and_a_task_that_is_gone_are_no_breach() -> None:
    tape = several("t1", "t2")
    read(tape, "t1", following="c")
    read(tape, cursor="c")
    tape.put("tasks/get", -32602, {"taskId": "t2"})
    assert tape.verdict("tasks.next-cursor") is Verdict.NOT_SEEN
    assert tape.verdict("tasks.list-complete") is Verdict.NOT_SEEN


def test_a_task_that_was_made_after_the_list_is_not_missing() -> None:
    tape = several("t1")
    read(tape, "t1")
    tape.make("t2")
    tape.look("t2")
    assert tape.verdict("tasks.list-complete") is Verdict.NOT_SEEN


@pytest.mark.parametrize("strange", [[], {}, 7, None, [["x"]], [{"taskId": []}]])
def test_a_list_of_anything_is_no_mistake_of_ours(strange: JSON) -> None:
    tape = several("t1", "t2", "t3")
    tape.put("tasks/list", {"tasks": strange, "nextCursor": []}, {})
    tape.put("tasks/list", {"tasks": strange}, {"cursor": "nowhere"})
    tape.look("t1", taskId=[])
    for key in ("tasks.next-cursor", "tasks.list-complete", "tasks.no-list", "tasks.id-strong", "tasks.errors"):
        assert tape.verdict(key) is not Verdict.ERROR


@pytest.mark.parametrize(("code", "verdict"), [(-32602, Verdict.PASS), (-32002, Verdict.FAIL), ({}, Verdict.FAIL)])
@pytest.mark.parametrize("method", ["tasks/get", "tasks/result", "tasks/cancel"])
def test_a_task_that_does_not_exist(method: str, code: JSON, verdict: Verdict) -> None:
    tape = several("t1")
    tape.put(method, code, {"taskId": "nowhere"})
    assert tape.verdict("tasks.errors") is verdict


def test_a_cursor_that_does_not_exist() -> None:
    tape = several("t1")
    tape.put("tasks/list", {"tasks": []}, {"cursor": "nowhere"})
    assert tape.verdict("tasks.errors") is Verdict.FAIL


def test_an_operation_that_is_not_declared_is_not_judged() -> None:
    tape = Tasks({"requests": DECLARED["requests"]})
    tape.put("tasks/cancel", -32601, {"taskId": "nowhere"})
    assert tape.verdict("tasks.errors") is Verdict.NOT_SEEN
    assert tape.verdict("tasks.list-complete") is Verdict.NOT_APPLICABLE


def test_a_task_of_our_own_may_have_expired() -> None:
    tape = several("t1")
    tape.put("tasks/get", -32001, {"taskId": "t1"})
    assert tape.verdict("tasks.errors") is Verdict.NOT_SEEN


def test_an_error_because_the_session_is_gone_is_not_about_the_task() -> None:
    tape = several("t1")
    tape.put("tasks/get", -32600, {"taskId": "nowhere"}, status=404)
    assert tape.verdict("tasks.errors") is Verdict.NOT_SEEN
    tape.look("t1")
    assert tape.verdict("tasks.errors") is Verdict.FAIL


def strangers(*seen: str, authorization: str | None = None) -> Tasks:
    tape = several("t1")
    tape.start(session_id="other")
    listed: list[JSON] = [task(id) for id in seen]
    headers = {} if authorization is None else {"headers": {"Authorization": authorization}}
    tape.put("tasks/list", {"tasks": listed}, {}, **headers)
    return tape


def test_tasks_of_another_session_on_the_list() -> None:
    assert strangers().verdict("tasks.no-list") is Verdict.PASS
    assert strangers("t1").verdict("tasks.no-list") is Verdict.WARN


def test_who_is_known_by_a_token_may_see_all_that_is_his() -> None:
    assert strangers("t1", authorization="Bearer x").verdict("tasks.no-list") is Verdict.NOT_SEEN


def test_ids_that_can_be_guessed_and_tasks_that_are_open_to_all() -> None:
    tape = several("1", "2", "3")
    assert tape.verdict("tasks.id-strong") is Verdict.NOT_APPLICABLE
    tape.start(session_id="other")
    tape.look("1")
    assert tape.verdict("tasks.id-strong") is Verdict.FAIL


def test_ids_that_cannot_be_guessed() -> None:
    assert several(*STRONG).verdict("tasks.id-strong") is Verdict.PASS
    assert several(*STRONG[:2]).verdict("tasks.id-strong") is Verdict.NOT_SEEN


@pytest.mark.parametrize("key", ["tasks.tool-forbidden-error", "tasks.tool-required-error", "tasks.cancel-terminal"])
def test_no_error_for_a_session_that_is_gone_is_about_tasks(key: str) -> None:
    tape = Tasks()
    tape.list_tools(forbidding="forbidden", demanding="required", a="optional")
    tape.make("t1")
    tape.look("t1", "completed")
    tape.put("tools/call", -32000, {"name": "forbidding", "task": {}}, status=404)
    tape.put("tools/call", -32000, {"name": "demanding"}, status=404)
    tape.put("tasks/cancel", -32000, {"taskId": "t1"}, status=404)
    assert tape.verdict(key) is Verdict.NOT_SEEN
    tape.look("t1", "completed")
    assert tape.verdict(key) in (Verdict.FAIL, Verdict.WARN)
