"""How our client fills in forms, and that an answer to a wrong question is no mistake of ours."""

from conformance.driving import replies
from conformance.evidence.trace import JSON, Message, Place
from conformance.judging import ours
from tests.tape import Tape, message_event, request, result


def form(fields: dict[str, JSON], *required: JSON) -> dict[str, JSON]:
    schema: dict[str, JSON] = {"type": "object", "properties": fields, "required": list(required)}
    return request("q", "elicitation/create", {"message": "Who?", "requestedSchema": schema})


def filled_in(fields: dict[str, JSON], *required: JSON) -> JSON:
    question = Message("server", 0.0, Place(0), "request", form(fields, *required))
    return (replies.usual(question) or {})["result"]


def answered(revision: str, question: dict[str, JSON], content: dict[str, JSON]) -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id="abc", offered={"elicitation": {}})
    tape.post(request(2, "tools/call", {"name": "t"}), events=[message_event(question), message_event(result(2))])
    tape.post(result("q", {"action": "accept", "content": content}))
    return tape


def test_only_what_is_required_is_filled_in() -> None:
    fields: dict[str, JSON] = {"name": {"type": "string"}, "size": {"type": "number", "default": 3.14}}
    assert filled_in(fields, "name") == {"action": "accept", "content": {"name": "example"}}


def test_numbers_are_whole_whatever_the_form_proposes() -> None:
    size: dict[str, JSON] = {"type": "number", "default": 3.14, "minimum": 2.5}
    assert filled_in({"size": size}, "size") == {"action": "accept", "content": {"size": 3}}


def test_to_a_form_with_fields_of_a_later_revision_there_is_no_right_answer() -> None:
    choice: dict[str, JSON] = {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}
    assert not list(ours.mistakes(answered("2025-06-18", form({"x": choice}, "x"), {"x": ["a"]}).trace))


def test_a_wrong_answer_to_a_right_form_is_our_mistake() -> None:
    (mistake,) = ours.mistakes(answered("2025-06-18", form({"x": {"type": "string"}}, "x"), {"x": ["a"]}).trace)
    assert "our result is wrong" in mistake[1]


def sampling(*turns: JSON, **params: JSON) -> dict[str, JSON]:
    messages: list[JSON] = [{"role": "user", "content": turn} for turn in turns]
    wanted: dict[str, JSON] = {"messages": messages, "maxTokens": 1, **params}
    question = Message("server", 0.0, Place(0), "request", request("q", "sampling/createMessage", wanted))
    answer = replies.using_tools(question).get("result")
    assert isinstance(answer, dict)
    return answer


def test_a_model_with_tools_uses_the_first_twice_until_it_has_the_results() -> None:
    tools: JSON = [{"name": "first"}, {"name": "second"}]
    answer = sampling({"type": "text", "text": "x"}, tools=tools)
    assert answer["stopReason"] == "toolUse"
    assert isinstance(answer["content"], list)
    assert [block.get("name") for block in answer["content"] if isinstance(block, dict)] == ["first", "first"]
    assert "stopReason" not in sampling([{"type": "tool_result", "toolUseId": "1"}], tools=tools)
    assert "stopReason" not in sampling(tools=tools, toolChoice={"mode": "none"})


def test_a_model_without_tools_speaks() -> None:
    useless: list[JSON] = [None, [], [None], [{}]]
    for tools in useless:
        assert "stopReason" not in sampling(tools=tools)


def test_an_address_is_opened_and_nothing_filled_in() -> None:
    params: dict[str, JSON] = {"mode": "url", "message": "Go.", "url": "https://a.example", "elicitationId": "1"}
    question = Message("server", 0.0, Place(0), "request", request("q", "elicitation/create", params))
    assert replies.usual(question) == {"result": {"action": "accept"}}
