"""Completion of arguments: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, request, result

Object = dict[str, JSON]
ARGUMENT: Object = {"name": "a", "value": ""}
KNOWN: Object = {"ref": {"type": "ref/prompt", "name": "known"}, "argument": ARGUMENT}
UNKNOWN: Object = {"ref": {"type": "ref/prompt", "name": "unknown"}, "argument": ARGUMENT}
TEMPLATE: Object = {"ref": {"type": "ref/resource", "uri": "a:{b}"}, "argument": ARGUMENT}
DECLARED: Object = {"completions": {}, "prompts": {}}


def asked(params: Object, answer: JSON, *, capabilities: Object | None = None, listed: bool = True) -> Tape:
    """A completion; the answer is a number of suggestions, an error's code if it is negative, or a whole result."""
    tape = Tape()
    tape.initialize(capabilities=DECLARED if capabilities is None else capabilities)
    if listed:
        prompts: list[JSON] = [{"name": "known"}]
        tape.post(request(2, "prompts/list"), answer=result(2, {"prompts": prompts}))
    if isinstance(answer, int):
        values: list[JSON] = ["x"] * answer
        answer = error(3, answer) if answer < 0 else result(3, {"completion": {"values": values}})
    else:
        answer = result(3, {"completion": answer})
    tape.post(request(3, "completion/complete", params), answer=answer)
    return tape


def test_who_completes_declares_it() -> None:
    assert asked(KNOWN, 1).verdict("completion.capability") is Verdict.PASS
    assert asked(KNOWN, 1, capabilities={"prompts": {}}).verdict("completion.capability") is Verdict.FAIL


@pytest.mark.parametrize("answer", [0, -32601, -32602])
def test_no_suggestions_are_no_completion(answer: int) -> None:
    tape = asked(KNOWN, answer, capabilities={"prompts": {}})
    assert tape.verdict("completion.capability") is Verdict.NOT_APPLICABLE


def test_a_hundred_suggestions_are_enough() -> None:
    assert asked(KNOWN, 100).verdict("completion.max-100") is Verdict.PASS
    assert asked(KNOWN, 101).verdict("completion.max-100") is Verdict.WARN
    assert asked(KNOWN, -32601, capabilities={"x": {}}).verdict("completion.max-100") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("answer", "verdict"), [(-32602, Verdict.PASS), (-32603, Verdict.WARN), (0, Verdict.WARN), (2, Verdict.NOT_SEEN)]
)
def test_an_unknown_prompt_draws_an_invalid_parameter(answer: int, verdict: Verdict) -> None:
    assert asked(UNKNOWN, answer).verdict("completion.errors") is verdict


def test_a_prompt_that_is_known_or_may_be_is_no_occasion() -> None:
    for params in (KNOWN, TEMPLATE):
        assert asked(params, 0).outcomes("completion.errors") == []
    assert asked(UNKNOWN, 0, listed=False).outcomes("completion.errors") == []


def test_a_server_without_prompts_knows_none() -> None:
    tape = asked(UNKNOWN, 0, capabilities={"completions": {}}, listed=False)
    assert tape.verdict("completion.errors") is Verdict.WARN


def test_a_busy_server_or_an_unknown_one_is_not_blamed() -> None:
    tape = Tape()
    tape.initialize(capabilities={"prompts": {}})
    tape.post(request(3, "completion/complete", KNOWN), answer=error(3, -32000), status=503)
    assert tape.verdict("completion.errors") is Verdict.NOT_SEEN
    tape = Tape()
    tape.post(request(3, "completion/complete", KNOWN), answer=error(3, -32602))
    for key in ("capability", "max-100", "errors", "validate-inputs"):
        assert tape.outcomes(f"completion.{key}") == []


def test_what_is_not_offered_is_not_found() -> None:
    for code, verdict in ((-32601, Verdict.PASS), (-32602, Verdict.WARN)):
        assert asked(KNOWN, code, capabilities={"prompts": {}}).verdict("completion.errors") is verdict


@pytest.mark.parametrize("params", [{}, {"ref": KNOWN["ref"]}, {"argument": ARGUMENT}, {"ref": 5, "argument": []}])
def test_a_request_that_says_too_little_is_refused(params: Object) -> None:
    for answer, verdict in ((-32602, Verdict.PASS), (-32600, Verdict.PASS), (0, Verdict.FAIL)):
        assert asked(params, answer).verdict("completion.validate-inputs") is verdict
    undeclared = asked(params, 0, capabilities={"prompts": {}})
    assert undeclared.verdict("completion.validate-inputs") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("key", ["capability", "max-100", "errors", "validate-inputs"])
@pytest.mark.parametrize("strange", [None, "x", [], {}, {"values": 5}, {"values": None}])
def test_strange_values_are_survived(key: str, strange: JSON) -> None:
    asked({"ref": strange, "argument": strange}, strange).verdict(f"completion.{key}")
    asked({"ref": {"type": strange, "name": strange}, "argument": {"name": strange}}, 0).verdict(f"completion.{key}")


@pytest.mark.parametrize(("code", "verdict"), [(-32602, Verdict.PASS), (-32603, Verdict.WARN)])
def test_codes_and_checks_are_the_same_without_sessions(code: int, verdict: Verdict) -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"completions": {}})
    tape.ask("completion/complete", UNKNOWN, id=1, answer=error(1, code))
    tape.ask("completion/complete", {}, id=2, answer=complete(2, {"completion": {"values": []}}))
    assert tape.verdict("completion.errors") is verdict
    assert tape.verdict("completion.validate-inputs") is Verdict.FAIL
    assert tape.verdict("completion.capability") is Verdict.PASS


def test_who_completes_without_a_session_declares_it_too() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={})
    tape.ask("completion/complete", KNOWN, id=1, answer=complete(1, {"completion": {"values": ["x"]}}))
    assert tape.verdict("completion.capability") is Verdict.FAIL
