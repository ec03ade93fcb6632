"""Sampling: what is no breach, and what is."""

import pytest

from conformance.evidence.era import CAPABILITIES
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, message_event, request, result

TEXT: JSON = {"type": "text", "text": "x"}
TOOL: JSON = {"name": "t", "inputSchema": {"type": "object"}}


def asked(declared: JSON = None, **params: JSON) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", offered={"sampling": {} if declared is None else declared})
    question = message_event(request("q", "sampling/createMessage", {"maxTokens": 1, **params}))
    tape.post(request(2, "tools/call", {"name": "t"}), events=[question, message_event(result(2))])
    return tape


def wanted(declared: JSON = None, **params: JSON) -> Tape:
    """Asked in a result, as it is since 2026-07-28."""
    tape = Tape("2026-07-28")
    tape.discover()
    asked: dict[str, JSON] = {"a": {"method": "sampling/createMessage", "params": {"maxTokens": 1, **params}}}
    answer = complete(2, {"resultType": "input_required", "inputRequests": asked})
    can: JSON = {"sampling": {} if declared is None else declared}
    tape.ask("tools/call", {"name": "t"}, id=2, meta={CAPABILITIES: can}, answer=answer)
    return tape


def use(id: JSON) -> JSON:
    return {"type": "tool_use", "id": id, "name": "t", "input": {}}


def outcome(id: JSON) -> JSON:
    return {"type": "tool_result", "toolUseId": id, "content": []}


def talk(*turns: JSON) -> Tape:
    roles = ("user", "assistant")
    messages: list[JSON] = [{"role": roles[n % 2], "content": turn} for n, turn in enumerate(turns)]
    return asked({"tools": {}}, messages=messages)


def test_tools_only_where_declared() -> None:
    assert asked({}, tools=[TOOL]).verdict("sampling.tools-declared") is Verdict.FAIL
    assert asked({"tools": {}}, tools=[TOOL]).verdict("sampling.tools-declared") is Verdict.PASS
    assert asked({}).verdict("sampling.tools-declared") is Verdict.PASS
    assert asked({"tools": {}}).outcomes("sampling.tools-declared") == []


@pytest.mark.parametrize(
    ("declared", "context", "avoided", "declared_only"),
    [
        ({}, "none", Verdict.PASS, Verdict.PASS),
        ({}, "thisServer", Verdict.WARN, Verdict.WARN),
        ({"context": {}}, "allServers", Verdict.WARN, Verdict.PASS),
    ],
)
def test_context_of_servers(declared: JSON, context: str, avoided: Verdict, declared_only: Verdict) -> None:
    tape = asked(declared, includeContext=context)
    assert tape.verdict("sampling.context-avoided") is avoided
    assert tape.verdict("sampling.context-declared") is declared_only


def test_no_word_about_context_is_none() -> None:
    assert asked({}).verdict("sampling.context-avoided") is Verdict.PASS


def test_results_stand_alone() -> None:
    assert talk(TEXT, use("1"), outcome("1")).verdict("sampling.tool-results") is Verdict.PASS
    assert talk(TEXT, [use("1")], [outcome("1"), TEXT]).verdict("sampling.tool-results") is Verdict.FAIL
    assert talk(TEXT, [TEXT, use("1")]).outcomes("sampling.tool-results") == []


@pytest.mark.parametrize(
    "turns",
    [
        (TEXT, use("1"), outcome("1")),
        (TEXT, [TEXT, use("1"), use("2")], [outcome("2"), outcome("1")]),
        (TEXT, use("1"), outcome("1"), TEXT, TEXT, use("1"), outcome("1")),
    ],
)
def test_uses_and_results_in_balance(turns: tuple[JSON, ...]) -> None:
    assert talk(*turns).verdict("sampling.tool-balance") is Verdict.PASS


@pytest.mark.parametrize(
    "turns",
    [
        (TEXT, use("1")),
        (TEXT, use("1"), TEXT, outcome("1")),
        (TEXT, [use("1"), use("2")], [outcome("1")]),
        (TEXT, use("1"), outcome("2")),
        (outcome("1"),),
        (TEXT, TEXT, outcome("1")),
    ],
)
def test_uses_and_results_out_of_balance(turns: tuple[JSON, ...]) -> None:
    assert talk(*turns).verdict("sampling.tool-balance") is Verdict.FAIL


def test_a_conversation_without_tools_has_no_balance() -> None:
    assert talk(TEXT, TEXT).outcomes("sampling.tool-balance") == []


def test_what_a_result_asks_is_judged_by_what_its_request_declared() -> None:
    plain, able = wanted({}, includeContext="thisServer"), wanted({"context": {}}, includeContext="thisServer")
    assert plain.verdict("sampling.context-declared") is Verdict.WARN
    assert able.verdict("sampling.context-declared") is Verdict.PASS
    assert able.verdict("sampling.context-avoided") is Verdict.WARN
    turns: tuple[JSON, ...] = (TEXT, use("1"), outcome("1"))
    messages: list[JSON] = [{"role": "user", "content": turn} for turn in turns]
    assert wanted({"tools": {}}, messages=messages).verdict("sampling.tool-balance") is Verdict.PASS
    assert wanted({"tools": {}}, messages=messages[:2]).verdict("sampling.tool-balance") is Verdict.FAIL
    mixed: list[JSON] = [*messages[:2], {"role": "user", "content": [TEXT, outcome("1")]}]
    assert wanted({"tools": {}}, messages=mixed).verdict("sampling.tool-results") is Verdict.FAIL


@pytest.mark.parametrize("value", [None, 1, "x", [None, 1], {"a": 1}, [{"content": [None, {"type": []}]}]])
def test_nonsense_is_nobodys_crash(value: JSON) -> None:
    tape = asked(value, messages=value, tools=value, includeContext=value)
    now = wanted(value, messages=value, tools=value, includeContext=value)
    for key in ("context-avoided", "context-declared", "tool-results", "tool-balance"):
        tape.verdict(f"sampling.{key}")
        now.verdict(f"sampling.{key}")
    tape.verdict("sampling.tools-declared")
    talk(value, {"type": "tool_use", "id": value}, {"type": "tool_result", "toolUseId": value}).verdict(
        "sampling.tool-balance"
    )
