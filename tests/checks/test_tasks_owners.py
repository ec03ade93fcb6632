"""Whose tasks are whose, where a token says who asks: basic/utilities/tasks, "Task Isolation and Access Control"."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.tasks import DECLARED, Tasks, task
from tests.tape import request

RULES = ["tasks.bind", "tasks.bind-reject", "tasks.bind-list"]
CHALLENGED = {"WWW-Authenticate": "Bearer"}
GONE = -32602


class Users(Tasks):
    """Two users with a session each, on a server that wants tokens; the first has a task."""

    def __init__(self, *, protected: bool = True, declared: dict[str, JSON] = DECLARED) -> None:
        self.token: str | None = "full" if protected else None
        super().__init__(declared)
        if protected:
            self.post(request(0, "initialize"), status=401, response_headers=CHALLENGED, token="nobody's")
        self.make("t1")
        self.token = "second" if protected else None
        self.start(declared, session_id="of another")

    def begin(self, method: str, body: bytes = b"", **options: object) -> int:
        token = options.pop("token", None)
        shown = None if token == "nobody's" else self.token
        return super().begin(method, body, **options, token=shown)  # type: ignore[arg-type]

    def ask(self, method: str, answer: JSON, **options: object) -> None:  # type: ignore[override]
        """What the second user asks about the task of the first."""
        self.put(method, answer, {"taskId": "t1"}, **options)

    def owner_looks(self, status: str = "working") -> None:
        self.token, self.session_id = "full", "s"
        self.look("t1", status)


def test_who_refuses_keeps_tasks_apart() -> None:
    tape = Users()
    tape.ask("tasks/get", GONE)
    tape.ask("tasks/result", GONE, status=404)
    tape.ask("tasks/cancel", GONE)
    tape.put("tasks/list", {"tasks": []})
    tape.owner_looks()
    assert tape.outcomes("tasks.bind") == ["ok"]
    assert tape.outcomes("tasks.bind-reject") == ["ok", "ok", "ok"]
    assert tape.outcomes("tasks.bind-list") == ["ok"]


def test_who_answers_everything_binds_nothing() -> None:
    tape = Users()
    tape.ask("tasks/get", task("t1"))
    tape.ask("tasks/cancel", task("t1", "cancelled"))
    assert tape.outcomes("tasks.bind") == ["bad"]
    assert tape.outcomes("tasks.bind-reject") == ["bad", "bad"]


def test_one_answer_is_a_breach_of_its_own() -> None:
    tape = Users()
    tape.ask("tasks/get", GONE)
    tape.ask("tasks/cancel", task("t1", "cancelled"))
    tape.owner_looks("cancelled")
    assert tape.outcomes("tasks.bind") == ["ok"]
    assert tape.outcomes("tasks.bind-reject") == ["ok", "bad"]


def test_a_task_that_is_gone_is_refused_to_everybody() -> None:
    tape = Users()
    tape.ask("tasks/get", GONE)
    assert tape.outcomes("tasks.bind-reject") == ["open"]


def test_a_task_that_has_ended_cannot_be_cancelled_by_anybody() -> None:
    tape = Users()
    tape.ask("tasks/cancel", GONE)
    tape.owner_looks("completed")
    assert tape.outcomes("tasks.bind-reject") == ["open"]


def test_a_second_token_that_is_not_good_says_nothing() -> None:
    tape = Users()
    tape.ask("tasks/get", GONE, status=401)
    tape.owner_looks()
    assert tape.outcomes("tasks.bind-reject") == ["open"]


def test_a_list_with_tasks_of_others_is_a_breach() -> None:
    tape = Users()
    tape.put("tasks/list", {"tasks": [task("t1"), "no task", {"taskId": ["t1"]}]})
    assert tape.verdict("tasks.bind-list") is Verdict.FAIL


@pytest.mark.parametrize("key", RULES)
def test_without_tokens_there_are_no_users(key: str) -> None:
    tape = Users(protected=False)
    tape.ask("tasks/get", task("t1"))
    assert tape.verdict(key) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("key", RULES)
def test_without_tasks_there_is_nothing_to_keep_apart(key: str) -> None:
    tape = Tasks(None)
    assert tape.verdict(key) is Verdict.NOT_APPLICABLE
