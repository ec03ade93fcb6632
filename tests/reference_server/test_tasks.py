"""Calls that go on behind their answer."""

from collections.abc import Iterator

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import ALL_CAPABILITIES, Message, Talk

RELATED = "io.modelcontextprotocol/related-task"
SHORT: Message = {"steps": 2, "step_ms": 20}
LONG: Message = {"steps": 1000, "step_ms": 20}


def making(talk: Talk, name: str, arguments: Message | None = None, *, ttl: object = 60_000) -> Message:
    """A tools/call that asks for a task."""
    call = talk.tool(name, arguments, token="p")
    return {**call, "params": {**call["params"], "task": {"ttl": ttl}}}


def answer_to(talk: Talk, request: Message) -> Message:
    with talk.stream(request) as events:
        return events.answer()


def make(talk: Talk, name: str, arguments: Message | None = None) -> Message:
    task: Message = answer_to(talk, making(talk, name, arguments))["result"]["task"]
    return task


def about(talk: Talk, task: Message) -> Message:
    return talk.request("tasks/result", {"taskId": task["taskId"]})


def code(answer: Message) -> int:
    number: int = answer["error"]["code"]
    return number


def test_a_task_from_beginning_to_end(talk: Talk) -> None:
    task = make(talk, "test_task_slow", SHORT)
    assert (task["status"], task["ttl"]) == ("working", 60_000)
    with talk.stream(about(talk, task)) as events:
        messages = list(events.messages())
    assert [m.get("method") for m in messages[:-1]] == ["notifications/progress"] * 2 + ["notifications/tasks/status"]
    assert {m["params"]["_meta"][RELATED]["taskId"] for m in messages[:2]} == {task["taskId"]}
    result = messages[-1]["result"]
    assert result["content"][0]["text"] == "done in 2 steps"
    assert result["_meta"][RELATED] == {"taskId": task["taskId"]}
    assert talk.ask("tasks/get", {"taskId": task["taskId"]})["result"]["status"] == "completed"


def test_failures_and_errors_are_failed_tasks(talk: Talk) -> None:
    failing, breaking = make(talk, "test_task_failing"), make(talk, "test_task_error")
    assert answer_to(talk, about(talk, failing))["result"]["isError"] is True
    assert answer_to(talk, about(talk, breaking))["error"] == {
        "code": -32603,
        "message": "This tool breaks on purpose.",
        "data": {"why": "to be seen"},
    }
    for task in (failing, breaking):
        got = talk.ask("tasks/get", {"taskId": task["taskId"]})["result"]
        assert got["status"] == "failed"
        assert got["statusMessage"]


def test_a_question_waits_for_whoever_fetches_the_result(talk: Talk) -> None:
    task = make(talk, "test_task_asking")
    id = {"taskId": task["taskId"]}
    with talk.stream(about(talk, task)) as events:
        question = events.until("elicitation/create")
        assert question["params"]["_meta"][RELATED] == id
        assert talk.ask("tasks/get", id)["result"]["status"] == "input_required"
        talk.post({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {}}})
        assert events.until("notifications/tasks/status")["params"]["status"] == "working"
        assert events.answer()["result"]["content"][0]["text"] == "went on with the answer"


def test_a_question_that_nobody_waits_for_does_not_hold_up_a_server_without_streams() -> None:
    options = Options(json_response=True, ask_seconds=0.1)
    with serve(ReferenceServer(options)) as url, Talk(url) as talk:
        task = talk.post(making(talk, "test_task_asking")).json()["result"]["task"]
        answer = talk.post(about(talk, task)).json()
        assert "did not answer in time" in answer["result"]["content"][0]["text"]


def test_a_cancelled_task_stays_cancelled(talk: Talk) -> None:
    id = {"taskId": make(talk, "test_task_slow", LONG)["taskId"]}
    assert talk.ask("tasks/cancel", id)["result"]["status"] == "cancelled"
    assert code(talk.ask("tasks/cancel", id)) == -32602
    assert code(answer_to(talk, talk.request("tasks/result", id))) == -32600
    assert talk.ask("tasks/get", id)["result"]["status"] == "cancelled"


def test_the_list_comes_in_pages(talk: Talk) -> None:
    made = [make(talk, "test_task_required")["taskId"] for _ in range(7)]
    first = talk.ask("tasks/list")["result"]
    second = talk.ask("tasks/list", {"cursor": first["nextCursor"]})["result"]
    assert [task["taskId"] for task in first["tasks"] + second["tasks"]] == made
    assert "nextCursor" not in second
    assert code(talk.ask("tasks/list", {"cursor": "nowhere"})) == -32602


def test_tasks_are_their_sessions_own(url: str, talk: Talk) -> None:
    id = {"taskId": make(talk, "test_task_slow", LONG)["taskId"]}
    with Talk(url) as stranger:
        assert code(stranger.ask("tasks/get", id)) == -32602
        assert code(stranger.ask("tasks/cancel", id)) == -32602
        assert stranger.ask("tasks/list")["result"]["tasks"] == []


def test_what_tools_say_about_tasks_is_kept(talk: Talk) -> None:
    listed = {tool["name"]: tool.get("execution") for tool in talk.ask("tools/list")["result"]["tools"]}
    assert listed["test_task_required"] == {"taskSupport": "required"}
    assert listed["test_simple_text"] is None
    for name in ("test_simple_text", "test_task_forbidden"):
        assert code(answer_to(talk, making(talk, name))) == -32601
    assert code(talk.call("test_task_required")[-1]) == -32601


@pytest.mark.parametrize("ttl", ["long", -1, True, None, 0.5])
def test_a_lifetime_that_is_none(talk: Talk, ttl: object) -> None:
    assert code(answer_to(talk, making(talk, "test_task_slow", ttl=ttl))) == -32602


def test_a_task_whose_lifetime_is_over_is_gone(talk: Talk) -> None:
    task = answer_to(talk, making(talk, "test_task_slow", LONG, ttl=0))["result"]["task"]
    assert code(talk.ask("tasks/get", {"taskId": task["taskId"]})) == -32602


@pytest.fixture
def without() -> Iterator[str]:
    with serve(ReferenceServer(Options(tasks=False))) as url:
        yield url


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25"])
def test_without_tasks_the_field_is_ignored(without: str, url: str, revision: str) -> None:
    with Talk(without if revision == "2025-11-25" else url, revision, ALL_CAPABILITIES) as talk:
        assert "tasks" not in talk.hello["capabilities"]
        assert not any(t["name"].startswith("test_task") for t in talk.ask("tools/list")["result"]["tools"])
        assert "content" in answer_to(talk, making(talk, "test_simple_text"))["result"]
        assert code(talk.ask("tasks/list")) == -32601
