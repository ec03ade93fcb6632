"""How often a client may ask for a task, and what it may make one of."""

import pytest

from conformance.evidence.trace import JSON
from tests.checks.live import Live
from tests.tape import message_event, notification, request, result

TAKES: dict[str, JSON] = {"tools": {}, "tasks": {"list": {}, "requests": {"tools": {"call": {}}}}}


def begun() -> Live:
    tape = Live()
    tape.initialize(session_id="s", capabilities=TAKES)
    return tape


def poll(tape: Live, id: int, status: str = "working", interval: int = 10_000) -> None:
    state: dict[str, JSON] = {"taskId": "t", "status": status, "pollInterval": interval}
    tape.post(request(id, "tasks/get", {"taskId": "t"}), answer=result(id, state))


@pytest.mark.parametrize(("pause", "said"), [(0.0, "bad"), (6.0, "open"), (10.0, "ok")])
def test_the_poll_interval_is_kept_as_far_as_a_network_lets_one_see(pause: float, said: str) -> None:
    tape = begun()
    poll(tape, 2)
    tape.now += pause
    poll(tape, 3)
    assert tape.said("tasks.poll-interval") == [said]


def test_news_of_a_task_is_a_reason_to_ask() -> None:
    tape = begun()
    poll(tape, 2)
    tape.get(events=[message_event(notification("notifications/tasks/status", {"taskId": "t", "status": "working"}))])
    poll(tape, 3)
    assert tape.said("tasks.poll-interval") == ["open"]


def test_who_asks_for_a_task_that_is_over_does_not_poll() -> None:
    tape = begun()
    poll(tape, 2, "completed")
    poll(tape, 3, "completed")
    assert tape.said("tasks.poll-interval") == []


def test_a_tool_that_was_listed_in_two_ways_may_be_called_in_both() -> None:
    tape = begun()
    for id, support in ((2, "forbidden"), (3, "optional")):
        tools: JSON = [{"name": "x", "execution": {"taskSupport": support}}]
        tape.post(request(id, "tools/list"), answer=result(id, {"tools": tools}))
    tape.post(request(4, "tools/call", {"name": "x", "task": {}}), answer=result(4))
    assert tape.said("tasks.tool-forbidden") == []


def test_a_tool_that_was_never_listed_may_allow_tasks() -> None:
    tape = begun()
    tape.post(request(4, "tools/call", {"name": "x", "task": {}}), answer=result(4))
    assert tape.said("tasks.tool-forbidden") == tape.said("tasks.tool-required") == []
    assert tape.said("tasks.tool-level") == ["ok"]


def test_a_cursor_may_be_from_before_the_recording() -> None:
    tape = Live()
    tape.ask_for("ping", id=1)
    tape.post(request(2, "tasks/list", {"cursor": "c"}), headers={"MCP-Protocol-Version": "2025-11-25"})
    assert tape.said("tasks.cursor-opaque") == ["open"]
