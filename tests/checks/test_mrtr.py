"""How input is asked for: what is legal though it looks odd, and what is not."""

import pytest

from conformance.evidence.era import CAPABILITIES
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, request, result

FORM: dict[str, JSON] = {
    "method": "elicitation/create",
    "params": {"message": "?", "requestedSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
}
ADDRESS: dict[str, JSON] = {
    "method": "elicitation/create",
    "params": {"mode": "url", "message": "?", "url": "https://example.com/"},
}
MODEL: dict[str, JSON] = {"method": "sampling/createMessage", "params": {"messages": [], "maxTokens": 1}}
ROOTS: dict[str, JSON] = {"method": "roots/list"}
TOOL: dict[str, JSON] = {"name": "t"}


def asking(id: JSON, questions: JSON = None, **more: JSON) -> dict[str, JSON]:
    """A result that wants input."""
    wanted: dict[str, JSON] = {} if questions is None else {"inputRequests": questions}
    return result(id, {"resultType": "input_required", **wanted, **more})


def tape_with(questions: JSON = None, declared: dict[str, JSON] | None = None, **more: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover()
    meta: dict[str, JSON] = {CAPABILITIES: declared or {}}
    tape.ask("tools/call", TOOL, id=1, meta=meta, answer=asking(1, questions, **more))
    return tape


def test_a_request_to_elicit_is_not_the_way() -> None:
    tape = Tape("2026-07-28")
    events = [message_event(request("s1", "elicitation/create", {})), message_event(complete(1))]
    tape.ask("tools/call", TOOL, id=1, events=events)
    assert tape.outcomes("mrtr.only-way") == ["bad"]
    assert tape.outcomes("stream.no-requests") == ["bad"]


def test_a_request_of_another_kind_is_no_question_but_still_a_request() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/call", TOOL, id=1, events=[message_event(request("s1", "ping")), message_event(complete(1))])
    assert tape.outcomes("mrtr.only-way") == []
    assert tape.outcomes("stream.no-requests") == ["bad"]


def test_a_session_of_a_dual_era_server_may_ask_as_it_always_did() -> None:
    tape = Tape("2026-07-28")
    tape.initialize(session_id="s", version="2025-11-25")
    events = [message_event(request("s1", "roots/list")), message_event(result(2))]
    tape.post(request(2, "tools/call", TOOL), events=events)
    assert tape.outcomes("mrtr.only-way") == tape.outcomes("stream.no-requests") == []


def test_notifications_on_a_stream_are_no_requests() -> None:
    tape = Tape("2026-07-28")
    progress: JSON = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {}}
    tape.ask("tools/call", TOOL, id=1, events=[message_event(progress), message_event(complete(1))])
    assert tape.outcomes("stream.no-requests") == ["ok"]


@pytest.mark.parametrize(("method", "outcome"), [("tools/list", ["bad"]), ("tools/call", []), ("acme/ask", [])])
def test_only_three_methods_of_the_core_may_ask(method: str, outcome: list[str]) -> None:
    tape = Tape("2026-07-28")
    tape.ask(method, id=1, answer=asking(1, {"k": ROOTS}))
    assert tape.outcomes("mrtr.where-not") == outcome


def test_a_key_that_stands_there_twice_is_seen_in_the_text() -> None:
    tape = Tape("2026-07-28")
    text = b'{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"k":{},"k":{"n":1e9}}}}'
    tape.ask("tools/call", TOOL, id=1, answer=text)
    tape.ask("tools/call", TOOL, id=1, events=[b"data: " + text + b"\n\n"])
    assert tape.outcomes("mrtr.keys") == ["bad", "bad"]


def test_the_same_key_in_two_questions_params_or_attempts_is_no_matter() -> None:
    tape = tape_with({"k": FORM, "l": FORM})
    tape.ask("tools/call", TOOL, id=2, answer=asking(2, {"k": FORM}))
    assert tape.outcomes("mrtr.keys") == ["ok", "ok"]


@pytest.mark.parametrize(
    "question",
    [{"method": "ping"}, {"method": ["roots/list"]}, "roots/list", None, {"method": "elicitation/create"}],
)
def test_what_is_not_one_of_three_kinds_is_no_question(question: JSON) -> None:
    assert tape_with({"k": question}).outcomes("mrtr.kinds") == ["bad"]


@pytest.mark.parametrize("question", [FORM, ADDRESS, MODEL, ROOTS, ROOTS | {"params": {}}])
def test_the_three_kinds_are_good_in_all_their_forms(question: JSON) -> None:
    assert tape_with({"k": question}).outcomes("mrtr.kinds") == ["ok"]


def test_questions_that_are_no_object_are_nothing_to_look_into() -> None:
    tape = tape_with(["roots/list"])
    keys = ("mrtr.only-way", "mrtr.keys", "mrtr.kinds", "caps.not-assumed")
    assert [tape.outcomes(key) for key in keys] == [[], [], [], []]


def test_state_alone_is_enough_and_so_are_questions_without_a_question() -> None:
    assert tape_with(requestState="later").outcomes("mrtr.not-empty") == ["ok"]
    assert tape_with({}).outcomes("mrtr.not-empty") == ["ok"]
    assert tape_with().outcomes("mrtr.not-empty") == ["bad"]
    assert tape_with(requestState=None).outcomes("mrtr.not-empty") == ["bad"]


@pytest.mark.parametrize(
    ("question", "declared", "outcomes"),
    [
        (FORM, {"elicitation": {}}, ["ok"]),
        (FORM, {"elicitation": {"form": {}, "url": {}}}, ["ok"]),
        (FORM, {"elicitation": {"url": {}}}, ["bad"]),
        (FORM, {"sampling": {}}, ["bad"]),
        (FORM, {"elicitation": None}, ["bad"]),
        (ADDRESS, {"elicitation": {}}, ["bad"]),
        (ADDRESS, {"elicitation": {"url": {}}}, ["ok"]),
        (MODEL, {"sampling": {}}, ["ok"]),
        (MODEL | {"params": {"tools": [{}]}}, {"sampling": {}}, ["ok", "bad"]),
        (MODEL | {"params": {"tools": [{}]}}, {"sampling": {"tools": {}}}, ["ok", "ok"]),
        (ROOTS, {"roots": {"listChanged": True}}, ["ok"]),
        ({"method": "acme/ask"}, {}, []),
    ],
)
def test_what_is_asked_for_was_declared(question: JSON, declared: dict[str, JSON], outcomes: list[str]) -> None:
    assert tape_with({"k": question}, declared).outcomes("caps.not-assumed") == outcomes


def test_to_say_what_is_missing_is_to_ask_for_nothing() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/call", TOOL, id=1, status=400, answer=error(1, -32021))
    assert tape.verdict("caps.not-assumed") is Verdict.PASS
