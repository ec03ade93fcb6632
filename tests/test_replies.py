"""How our client fills in forms, and that an answer to a wrong question is no mistake of ours."""

from conformance import ours, replies
from conformance.trace import JSON, Message, Place
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
