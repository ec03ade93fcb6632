"""Tasks without sessions: made where the client knows them, looked at by id, updated, cancelled, told of."""

from collections.abc import Iterator

import anyio
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.modern import CAPABILITIES, TASK_METHODS, Lone, refused
from tests.reference_server.talk import Message, text_in

TASKS = "io.modelcontextprotocol/tasks"
KNOWS: Message = {CAPABILITIES: {"elicitation": {}, "extensions": {TASKS: {}}}}
NEEDS: Message = {"requiredCapabilities": {"extensions": {TASKS: {}}}}
ACCEPTED = {"action": "accept", "content": {"confirm": True, "name": "Ada"}}


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def called(lone: Lone, tool: str, arguments: Message | None = None, **more: object) -> Message:
    """The result of a call by a client that knows tasks."""
    params = {"name": tool, "arguments": arguments or {}, **more}
    result: Message = lone.ask("tools/call", params, KNOWS)["result"]
    return result


def about(lone: Lone, method: str, task: str, **more: object) -> Message:
    """The answer to a request about a task."""
    return lone.ask(method, {"taskId": task, **more}, KNOWS)


def when(lone: Lone, task: str, *statuses: str) -> Message:
    """The task, as soon as it has one of these statuses."""

    async def look() -> Message:
        with anyio.fail_after(5):
            while True:
                found: Message = about(lone, "tasks/get", task)["result"]
                if found["status"] in statuses:
                    return found
                await anyio.sleep(0.01)

    return anyio.run(look)


def test_a_task_is_the_bare_result_and_can_be_asked_for_at_once(lone: Lone) -> None:
    created = called(lone, "slow_compute", {"seconds": 60})
    assert (created["resultType"], created["status"]) == ("task", "working")
    assert not {"task", "ttl", "pollInterval", "result", "error", "inputRequests"} & created.keys()
    found = about(lone, "tasks/get", created["taskId"])["result"]
    assert (found["resultType"], found["taskId"], found["status"]) == ("complete", created["taskId"], "working")
    about(lone, "tasks/cancel", created["taskId"])


def test_the_result_of_the_call_is_in_the_task(lone: Lone) -> None:
    task = called(lone, "slow_compute", {"seconds": 0, "label": "much"})["taskId"]
    assert text_in(when(lone, task, "completed")) == "computed much"


def test_a_failure_of_the_tool_completes_and_an_error_fails(lone: Lone) -> None:
    completed = when(lone, called(lone, "failing_job")["taskId"], "completed", "failed")
    assert completed["status"] == "completed"
    assert completed["result"]["isError"] is True
    failed = when(lone, called(lone, "protocol_error_job")["taskId"], "completed", "failed")
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == -32603
    assert "result" not in failed
    assert failed["statusMessage"]


def test_who_does_not_know_tasks_gets_the_result_or_is_told(lone: Lone) -> None:
    others: list[Message] = [{}, {"tasks": {"requests": {"tools": {"call": {}}}}}, {"extensions": {"x/y": {}}}]
    for declared in others:
        meta: Message = {CAPABILITIES: declared}
        plain = lone.post(lone.tool("slow_compute", {"seconds": 0}, meta)).json()["result"]
        assert (plain["resultType"], "taskId" in plain) == ("complete", False)
        answer = lone.post(lone.tool("failing_job", {}, meta))
        assert refused(answer) == (400, -32021)
        assert answer.json()["error"]["data"] == NEEDS


@pytest.mark.parametrize("method", TASK_METHODS)
def test_requests_about_tasks_need_the_extension_and_a_task(lone: Lone, method: str) -> None:
    params: Message = {"taskId": "none", "inputResponses": {}}
    assert refused(lone.post(lone.request(method, params))) == (400, -32021)
    assert lone.ask(method, params, KNOWS)["error"]["code"] == -32602
    assert refused(lone.post(lone.request(method, params, KNOWS), mcp_name="another")) == (400, -32020)


@pytest.mark.parametrize("method", ["tasks/result", "tasks/list"])
def test_methods_of_older_tasks_are_gone(lone: Lone, method: str) -> None:
    assert refused(lone.post(lone.request(method, {"taskId": "none"}, KNOWS))) == (404, -32601)


def test_a_task_among_the_params_is_nothing(lone: Lone) -> None:
    assert text_in({"result": called(lone, "greet", {"name": "Ada"}, task={"ttl": 1})}) == "Hello, Ada!"


def test_answers_are_taken_one_by_one_and_what_nobody_asked_is_ignored(lone: Lone) -> None:
    task = called(lone, "multi_input")["taskId"]
    assert set(when(lone, task, "input_required")["inputRequests"]) == {"name", "confirm"}
    ack = about(lone, "tasks/update", task, inputResponses={"nobody": {}, "name": ACCEPTED})["result"]
    assert ack["resultType"] == "complete"
    assert not {"taskId", "status"} & ack.keys()
    assert set(when(lone, task, "input_required")["inputRequests"]) == {"confirm"}
    about(lone, "tasks/update", task, inputResponses={"confirm": ACCEPTED})
    assert text_in(when(lone, task, "completed")) == "Ada: True"


@pytest.mark.parametrize("responses", [None, [], {"confirm": "yes"}, {"confirm": {"action": "maybe"}}])
def test_an_answer_that_is_none_is_refused_and_the_task_waits(lone: Lone, responses: object) -> None:
    task = called(lone, "confirm_delete")["taskId"]
    when(lone, task, "input_required")
    assert about(lone, "tasks/update", task, inputResponses=responses)["error"]["code"] == -32602
    assert when(lone, task, "input_required")["inputRequests"]
    about(lone, "tasks/cancel", task)


def test_whoever_cannot_be_asked_has_a_task_that_failed(lone: Lone) -> None:
    meta: Message = {CAPABILITIES: {"extensions": {TASKS: {}}}}
    created = lone.post(lone.tool("confirm_delete", {}, meta)).json()["result"]
    assert when(lone, created["taskId"], "failed")["error"]["code"] == -32021


def test_questions_before_the_task_are_asked_as_everywhere(lone: Lone) -> None:
    asked = called(lone, "test_tool_with_task")
    assert asked["resultType"] == "input_required"
    assert "taskId" not in asked
    created = called(lone, "test_tool_with_task", inputResponses={"user_name": ACCEPTED})
    assert created["resultType"] == "task"
    assert "requestState" not in created
    assert "Ada" in text_in(when(lone, created["taskId"], "completed"))


def test_answers_that_come_with_the_call_are_not_those_of_the_task(lone: Lone) -> None:
    task = called(lone, "confirm_delete", inputResponses={"confirm": ACCEPTED})["taskId"]
    assert when(lone, task, "input_required", "completed")["status"] == "input_required"
    about(lone, "tasks/cancel", task)


def test_a_cancelled_task_stays_cancelled_and_a_completed_one_completed(lone: Lone) -> None:
    task = called(lone, "slow_compute", {"seconds": 60})["taskId"]
    for _ in range(2):
        assert about(lone, "tasks/cancel", task)["result"]["resultType"] == "complete"
        assert when(lone, task, "cancelled")
    done = called(lone, "slow_compute", {"seconds": 0})["taskId"]
    when(lone, done, "completed")
    assert "error" not in about(lone, "tasks/cancel", done)
    assert when(lone, done, "completed", "cancelled")["status"] == "completed"


def test_a_task_is_for_whoever_shows_the_same_token(lone: Lone) -> None:
    task = called(lone, "slow_compute", {"seconds": 60})["taskId"]
    asking = lone.request("tasks/get", {"taskId": task}, KNOWS)
    assert lone.post(asking, authorization="Bearer somebody-else").json()["error"]["code"] == -32602
    about(lone, "tasks/cancel", task)


def test_news_of_a_task_is_the_task(lone: Lone, url: str) -> None:
    task = called(lone, "confirm_delete")["taskId"]
    when(lone, task, "input_required")
    wanted: Message = {"notifications": {"taskIds": [task, "none"]}}
    with Lone(url) as other, lone.stream(lone.request("subscriptions/listen", wanted, KNOWS)) as events:
        assert next(events).message["params"]["notifications"] == {"taskIds": [task]}
        about(other, "tasks/update", task, inputResponses={"confirm": ACCEPTED})
        working, completed = next(events).message, next(events).message
    assert (working["method"], working["params"]["status"]) == ("notifications/tasks", "working")
    assert completed["params"]["result"]["content"]


@pytest.mark.parametrize(("meta", "ids", "code"), [({}, ["t"], -32021), (KNOWS, "t", -32602), (KNOWS, [1], -32602)])
def test_who_listens_for_tasks_knows_them_and_names_them(lone: Lone, meta: Message, ids: object, code: int) -> None:
    response = lone.post(lone.request("subscriptions/listen", {"notifications": {"taskIds": ids}}, meta))
    assert f'"code":{code}' in response.text.replace(" ", "")


def test_a_server_without_tasks_has_nothing_of_them() -> None:
    with serve(ReferenceServer(Options(tasks=False))) as url, Lone(url) as lone:
        capabilities = lone.ask("server/discover")["result"]["capabilities"]
        assert TASKS not in capabilities["extensions"]
        assert called(lone, "slow_compute", {"seconds": 0})["resultType"] == "complete"
        assert refused(lone.post(lone.request("tasks/get", {"taskId": "t"}, KNOWS))) == (404, -32601)
        names = {tool["name"] for tool in lone.ask("tools/list")["result"]["tools"]}
        assert "slow_compute" in names
        assert "failing_job" not in names
