"""What the server asks for in the modern era, and what it makes of the answers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reference_server import request_state
from tests.reference_server.modern import CAPABILITIES, Lone, refused
from tests.reference_server.talk import Message, text_in

ABLE: Message = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}
SAMPLED: Message = {"role": "assistant", "content": {"type": "text", "text": "Paris"}, "model": "m"}
ROOTS: Message = {"roots": [{"uri": "file:///a"}]}
ANSWERS: Message = {
    "user_name": {"action": "accept", "content": {"name": "Alice"}},
    "sign_in": {"action": "accept"},
    "capital_question": SAMPLED,
    "greeting": SAMPLED,
    "client_roots": ROOTS,
    "confirm": {"action": "accept", "content": {"ok": True}},
    "step1": {"action": "accept", "content": {"name": "Alice"}},
    "step2": {"action": "accept", "content": {"color": "blue"}},
    "user_context": {"action": "accept", "content": {"context": "here"}},
    "reader": {"action": "accept", "content": {"reader": "Bob"}},
    "form": {"action": "accept", "content": {"response": "yes"}},
    "response": SAMPLED,
    "roots": ROOTS,
}
PREFIX = "test_input_required_result"


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def attempt(
    lone: Lone, name: str, declared: Message = ABLE, arguments: Message | None = None, **more: Any
) -> httpx.Response:
    """One attempt at a call."""
    params: Message = {"name": name, "arguments": arguments or {}, **more}
    return lone.post(lone.request("tools/call", params, {CAPABILITIES: declared}))


def again(asked: Message, **changes: Any) -> Message:
    """What a client tries again with."""
    more = {"inputResponses": {key: ANSWERS[key] for key in asked["inputRequests"]}}
    return more | {name: asked[name] for name in ("requestState",) if name in asked} | changes


def asked_for(response: httpx.Response) -> Message:
    result: Message = response.json()["result"]
    assert result["resultType"] == "input_required"
    return result


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        (f"{PREFIX}_elicitation", {}, "Hello, Alice!"),
        (f"{PREFIX}_url", {}, "The address was sent: action=accept"),
        (f"{PREFIX}_sampling", {}, "Paris"),
        (f"{PREFIX}_list_roots", {}, "Roots: file:///a"),
        (f"{PREFIX}_request_state", {}, "state-ok"),
        (f"{PREFIX}_multiple_inputs", {}, "Alice, Paris, file:///a"),
        (f"{PREFIX}_tampered_state", {}, "Price 42, confirmed: True"),
        (f"{PREFIX}_capabilities", {}, "Asked for user_name, greeting"),
        ("test_elicitation", {"message": "ok?"}, 'action=accept, content={"response": "yes"}'),
        ("test_sampling", {"prompt": "?"}, "LLM response: Paris"),
        ("test_roots", {}, "Roots: file:///a"),
    ],
)
def test_a_call_that_was_answered_is_complete(lone: Lone, name: str, arguments: Message, text: str) -> None:
    asked = asked_for(attempt(lone, name, arguments=arguments))
    answer = attempt(lone, name, arguments=arguments, **again(asked)).json()
    assert answer["result"]["resultType"] == "complete"
    assert text in text_in(answer)


def test_state_carries_the_answers_of_earlier_rounds(lone: Lone) -> None:
    name = f"{PREFIX}_multi_round"
    first = asked_for(attempt(lone, name))
    second = asked_for(attempt(lone, name, **again(first)))
    assert (list(first["inputRequests"]), list(second["inputRequests"])) == (["step1"], ["step2"])
    assert first["requestState"] != second["requestState"]
    assert "Alice likes blue" in text_in(attempt(lone, name, **again(second)).json())


def test_prompts_and_resources_ask_too(lone: Lone) -> None:
    for method, params, text in (
        ("prompts/get", {"name": f"{PREFIX}_prompt"}, "Use this context: here"),
        ("resources/read", {"uri": "test://input-required"}, "For Bob only."),
    ):
        asked = asked_for(lone.post(lone.request(method, params, {CAPABILITIES: ABLE})))
        assert "ttlMs" not in asked
        assert text in lone.post(lone.request(method, params | again(asked), {CAPABILITIES: ABLE})).text


@pytest.mark.parametrize(
    ("name", "declared", "missing"),
    [
        (f"{PREFIX}_elicitation", {}, {"elicitation": {"form": {}}}),
        (f"{PREFIX}_elicitation", {"elicitation": {"url": {}}}, {"elicitation": {"form": {}}}),
        (f"{PREFIX}_url", {"elicitation": {}}, {"elicitation": {"url": {}}}),
        (f"{PREFIX}_sampling", {"elicitation": {}}, {"sampling": {}}),
        (f"{PREFIX}_multiple_inputs", {"sampling": {}}, {"elicitation": {"form": {}}, "roots": {}}),
    ],
)
def test_what_the_client_cannot_answer_is_not_asked(
    lone: Lone, name: str, declared: Message, missing: Message
) -> None:
    response = attempt(lone, name, declared)
    assert refused(response) == (400, -32021)
    assert response.json()["error"]["data"] == {"requiredCapabilities": missing}


def test_what_can_be_left_out_is_left_out(lone: Lone) -> None:
    asked = asked_for(attempt(lone, f"{PREFIX}_capabilities", {"sampling": {}}))
    assert list(asked["inputRequests"]) == ["greeting"]
    assert text_in(attempt(lone, f"{PREFIX}_capabilities", {}).json()) == "Asked for nothing"


def test_a_stream_ends_with_the_question(lone: Lone) -> None:
    name, meta = "test_streaming_elicitation", {CAPABILITIES: ABLE, "progressToken": 1}
    with lone.stream(lone.tool(name, meta=meta)) as events:
        progress, asked = events.messages()
        assert (progress["method"], asked["result"]["resultType"]) == ("notifications/progress", "input_required")
    answered = lone.request("tools/call", {"name": name, **again(asked["result"])}, meta)
    with lone.stream(answered) as events:
        assert text_in(events.answer()) == "Hello, Alice!"
    assert refused(lone.post(lone.tool(name, meta={CAPABILITIES: {"elicitation": {"url": {}}}}))) == (400, -32021)


@pytest.mark.parametrize("state", ["", "x", "x.y", 42, None, {"a": 1}, "é.ö"])
def test_invented_state_is_refused(lone: Lone, state: object) -> None:
    name = f"{PREFIX}_tampered_state"
    asked = asked_for(attempt(lone, name))
    assert refused(attempt(lone, name, **again(asked, requestState=state)))[1] == -32602


def test_altered_state_is_refused_wherever_it_was_altered(lone: Lone) -> None:
    name = f"{PREFIX}_tampered_state"
    asked = asked_for(attempt(lone, name))
    state = asked["requestState"]
    for at in range(0, len(state), 29):
        altered = state[:at] + ("A" if state[at] != "A" else "B") + state[at + 1 :]
        assert refused(attempt(lone, name, **again(asked, requestState=altered)))[1] == -32602


def test_state_is_for_its_request_only(lone: Lone) -> None:
    asked = asked_for(attempt(lone, f"{PREFIX}_request_state"))
    assert refused(attempt(lone, f"{PREFIX}_tampered_state", **again(asked)))[1] == -32602
    other = attempt(lone, f"{PREFIX}_request_state", arguments={"more": 1}, **again(asked))
    assert refused(other)[1] == -32602


def test_state_is_for_its_client_only(url: str, lone: Lone) -> None:
    name = f"{PREFIX}_tampered_state"
    asked = asked_for(attempt(lone, name))
    with Lone(url) as other:
        other.http.headers["authorization"] = "Bearer another"
        assert refused(attempt(other, name, **again(asked)))[1] == -32602


def test_state_does_not_keep(lone: Lone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_state, "STATE_SECONDS", -1.0)
    name = f"{PREFIX}_tampered_state"
    assert refused(attempt(lone, name, **again(asked_for(attempt(lone, name)))))[1] == -32602


def test_answers_count_only_with_the_state_of_their_question(lone: Lone) -> None:
    name = f"{PREFIX}_tampered_state"
    asked = again(asked_for(attempt(lone, name)))
    del asked["requestState"]
    assert list(asked_for(attempt(lone, name, **asked))["inputRequests"]) == ["confirm"]


@pytest.mark.parametrize("responses", [None, [], "text", 7])
def test_answers_that_are_no_object_are_refused(lone: Lone, responses: object) -> None:
    assert refused(attempt(lone, f"{PREFIX}_elicitation", inputResponses=responses))[1] == -32602


@pytest.mark.parametrize(
    ("tool", "key", "answer"),
    [
        ("elicitation", "user_name", 12345),
        ("elicitation", "user_name", {}),
        ("elicitation", "user_name", {"action": "shrug"}),
        ("elicitation", "user_name", {"action": "accept", "content": {}}),
        ("sampling", "capital_question", {"role": "assistant"}),
        ("list_roots", "client_roots", {"roots": "all"}),
    ],
)
def test_an_answer_that_is_none_is_refused(lone: Lone, tool: str, key: str, answer: object) -> None:
    assert refused(attempt(lone, f"{PREFIX}_{tool}", inputResponses={key: answer}))[1] == -32602


def test_a_user_may_decline(lone: Lone) -> None:
    answer = attempt(lone, f"{PREFIX}_elicitation", inputResponses={"user_name": {"action": "decline"}}).json()
    assert text_in(answer) == "Hello, nothing!"


def test_more_answers_do_no_harm_and_missing_ones_are_asked_for_again(lone: Lone) -> None:
    more = {"user_name": ANSWERS["user_name"], "other": 7}
    assert text_in(attempt(lone, f"{PREFIX}_elicitation", inputResponses=more).json()) == "Hello, Alice!"
    wrong = asked_for(attempt(lone, f"{PREFIX}_elicitation", inputResponses={"other": {}}))
    assert list(wrong["inputRequests"]) == ["user_name"]
    assert "requestState" not in wrong


def test_a_part_of_the_answers_is_remembered(lone: Lone) -> None:
    name = f"{PREFIX}_multiple_inputs"
    asked = asked_for(attempt(lone, name))
    some = asked_for(attempt(lone, name, **again(asked, inputResponses={"greeting": SAMPLED})))
    assert set(some["inputRequests"]) == {"user_name", "client_roots"}
    assert "Alice, Paris" in text_in(attempt(lone, name, **again(some)).json())


def test_answers_mean_nothing_where_nothing_is_asked(lone: Lone) -> None:
    params: Message = {"requestState": "x", "inputResponses": 7}
    assert "result" in lone.post(lone.request("tools/list", params)).json()


def test_each_use_of_a_tool_gets_its_result_in_the_next_round(lone: Lone) -> None:
    able: Message = {"sampling": {"tools": {}}}
    uses: list[Message] = [
        {"type": "tool_use", "id": name, "name": "get_weather", "input": {}} for name in ("a", "b")
    ]
    asked = asked_for(attempt(lone, "test_sampling_tools", able))
    wished: Message = {"inputResponses": {"turn_1": SAMPLED | {"content": uses}}}
    asked = asked_for(attempt(lone, "test_sampling_tools", able, **wished))
    said, outcome = asked["inputRequests"]["turn_2"]["params"]["messages"][-2:]
    assert said == {"role": "assistant", "content": uses}
    assert [block["toolUseId"] for block in outcome["content"]] == ["a", "b"]
    more: Message = {"inputResponses": {"turn_2": SAMPLED}, "requestState": asked["requestState"]}
    assert text_in(attempt(lone, "test_sampling_tools", able, **more).json()) == "The model has spoken."


def test_a_model_without_tools_is_given_none(lone: Lone) -> None:
    response = attempt(lone, "test_sampling_tools", {"sampling": {}})
    assert refused(response) == (400, -32021)
    assert response.json()["error"]["data"] == {"requiredCapabilities": {"sampling": {"tools": {}}}}
