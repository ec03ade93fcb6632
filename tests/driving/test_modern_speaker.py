"""How a client of the modern era tries again."""

from types import SimpleNamespace
from typing import Any, cast

from conformance.driving import replies
from conformance.driving.modern import ModernSpeaker
from conformance.driving.speaker import Owner
from conformance.evidence.trace import JSON, Message, Place


def speaker() -> ModernSpeaker:
    owner: Any = SimpleNamespace(wire=SimpleNamespace(revision="2026-07-28"), story="tape")
    return ModernSpeaker(cast("Owner", owner), "tape#1")


def answer(**result: JSON) -> Message:
    body: dict[str, JSON] = {"jsonrpc": "2.0", "id": 1, "result": {"resultType": "input_required", **result}}
    return Message("server", 0.0, Place(0), "result", body)


def retried(said: Message) -> tuple[dict[str, JSON], dict[str, Any]]:
    """The first attempt, and the params of the second."""
    client = speaker()
    body = client.asking("tools/call", {"name": "t", "arguments": {"a": 1}})
    retry = client.retrying(body, said)
    assert retry["id"] != body["id"]
    return body, cast("dict[str, Any]", retry["params"])


def test_a_retry_is_the_same_request_with_the_answers_and_the_state() -> None:
    body, params = retried(answer(inputRequests={"r": {"method": "roots/list"}}, requestState="s"))
    first = cast("dict[str, Any]", body["params"])
    assert {name: params[name] for name in first} == first
    assert params["requestState"] == "s"
    assert params["inputResponses"]["r"]["roots"]


def test_no_state_was_given_so_none_comes_back() -> None:
    _, params = retried(answer(inputRequests={}))
    assert "requestState" not in params
    assert params["inputResponses"] == {}


def test_what_nobody_can_answer_is_left_out() -> None:
    _, params = retried(answer(inputRequests={"p": {"method": "acme/ask"}, "n": None, "r": {"method": "roots/list"}}))
    assert list(params["inputResponses"]) == ["r"]


def test_who_opened_an_address_has_filled_in_no_form() -> None:
    visit: JSON = {
        "method": "elicitation/create",
        "params": {"mode": "url", "message": "?", "url": "https://a.example"},
    }
    _, params = retried(answer(inputRequests={"v": visit}))
    assert params["inputResponses"] == {"v": {"action": "accept"}}


def test_a_story_may_answer_in_its_own_way() -> None:
    client = speaker()
    client.replies["sampling/createMessage"] = replies.using_tools
    wish: JSON = {"method": "sampling/createMessage", "params": {"messages": [], "tools": [{"name": "first"}]}}
    said = answer(inputRequests={"s": wish, "r": {"method": "roots/list"}})
    retry = cast("dict[str, Any]", client.retrying(client.asking("tools/call", {"name": "t"}), said)["params"])
    assert retry["inputResponses"]["s"]["stopReason"] == "toolUse"
    assert retry["inputResponses"]["r"]["roots"]
