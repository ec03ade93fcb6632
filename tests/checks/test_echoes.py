"""Answers that were mixed up under the right ids."""

import json

from conformance.judging.check import Verdict
from tests.tape import Tape, request, result


def side_by_side(said: list[str], heard: list[str], *, at_once: bool = True) -> Tape:
    """A tool is called with texts, each in a session of its own, and answers with texts."""
    tape = Tape()
    numbers = []
    for n, text in enumerate(said):
        tape.client = f"story#{n}"
        tape.initialize(session_id=f"s{n}")
        call = request(7, "tools/call", {"name": "echo", "arguments": {"text": text}})
        headers = {"Mcp-Session-Id": f"s{n}"}
        numbers.append(tape.begin("POST", json.dumps(call).encode(), headers=headers))
        if not at_once:
            _answer(tape, numbers[-1], heard[n])
    for number, text in zip(numbers, heard, strict=True) if at_once else ():
        _answer(tape, number, text)
    return tape


def _answer(tape: Tape, number: int, text: str) -> None:
    tape.head(number, 200, {"Content-Type": "application/json"})
    tape.chunk(number, json.dumps(result(7, {"content": [{"type": "text", "text": text}]})))
    tape.end(number)


def test_each_call_gets_its_own_text() -> None:
    assert side_by_side(["a", "b"], ["a", "b"]).verdict("jsonrpc.id-echo") is Verdict.PASS


def test_the_answer_to_another_call_that_was_under_way() -> None:
    assert side_by_side(["a", "b"], ["b", "a"]).verdict("jsonrpc.id-echo") is Verdict.FAIL
    assert side_by_side(["a", "b"], ["b", "b"]).verdict("jsonrpc.id-echo") is Verdict.FAIL


def test_a_tool_that_leads_from_one_text_to_the_next_is_no_echo() -> None:
    assert side_by_side(["a", "b"], ["b", "a"], at_once=False).verdict("jsonrpc.id-echo") is Verdict.PASS
    assert side_by_side(["a", "b", "c"], ["b", "c", "the end"]).verdict("jsonrpc.id-echo") is Verdict.PASS
