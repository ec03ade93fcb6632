"""Servers that remember, and servers that only seem to."""

import pytest

from conformance.evidence.era import CAPABILITIES, VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, discovered, error

FOUND = discovered()
CALL: dict[str, JSON] = {"name": "x", "arguments": {}}
ANSWERS: dict[str, JSON] = CALL | {"inputResponses": {"a": {"action": "accept"}}}
ASKS: dict[str, JSON] = {"resultType": "input_required", "inputRequests": {"a": {}}, "requestState": "s"}


def without_version(tape: Tape, client: str, served: bool) -> None:
    tape.client = client
    answer = complete(1, FOUND) if served else error(1, -32602)
    tape.ask("server/discover", meta={VERSION: None}, answer=answer, status=200 if served else 400)


def said_before(served: bool, stranger_served: bool | None) -> Tape:
    tape = Tape("2026-07-28")
    if stranger_served is not None:
        without_version(tape, "stranger#1", stranger_served)
    tape.client = "story#1"
    tape.discover()
    without_version(tape, "story#1", served)
    return tape


@pytest.mark.parametrize(
    ("served", "stranger", "verdict"),
    [
        (False, False, Verdict.PASS),
        (False, None, Verdict.PASS),
        (True, False, Verdict.FAIL),
        (True, True, Verdict.NOT_SEEN),
        (True, None, Verdict.NOT_SEEN),
    ],
)
def test_what_was_said_before_is_forgotten(served: bool, stranger: bool | None, verdict: Verdict) -> None:
    assert said_before(served, stranger).verdict("stateless.no-context") is verdict


def test_what_is_asked_first_comes_after_nothing() -> None:
    tape = Tape("2026-07-28")
    without_version(tape, "stranger#1", True)
    assert tape.verdict("stateless.no-context") is Verdict.NOT_SEEN


def test_capabilities_are_forgotten_too() -> None:
    tape = Tape("2026-07-28", "stranger#1")
    tape.ask("tools/call", CALL, answer=error(1, -32021), status=400)
    tape.client = "story#1"
    tape.ask("tools/call", CALL, meta={CAPABILITIES: {"sampling": {}}}, answer=complete(1))
    tape.ask("tools/call", CALL, id=2, answer=error(2, -32021), status=400)
    assert tape.verdict("stateless.no-context") is Verdict.PASS
    tape.ask("tools/call", CALL, id=3, answer=complete(3))
    assert tape.verdict("stateless.no-context") is Verdict.FAIL


def retried(headers: dict[str, str | None], tape: Tape, answer: JSON, client: str) -> None:
    tape.client = client
    tape.ask("tools/call", CALL, headers=headers, answer=complete(1, ASKS))
    tape.ask("tools/call", ANSWERS | {"requestState": "s"}, id=2, headers=headers, answer=answer)


@pytest.mark.parametrize(
    ("usual", "moved", "verdict"),
    [
        (complete(2), complete(2), Verdict.PASS),
        (complete(2), error(2, -32602), Verdict.WARN),
        (complete(2), complete(2, ASKS), Verdict.WARN),
        (error(2, -32602), error(2, -32602), Verdict.PASS),
        (None, error(2, -32602), Verdict.NOT_SEEN),
    ],
)
def test_connections_do_not_matter(usual: JSON, moved: JSON, verdict: Verdict) -> None:
    tape = Tape("2026-07-28")
    if usual is not None:
        retried({}, tape, usual, "story#1")
    retried({"Connection": "close"}, tape, moved, "story#2")
    assert tape.verdict("stateless.any-connection") is verdict


@pytest.mark.parametrize(
    ("bereft", "stranger", "verdict"),
    [
        (complete(2, ASKS), complete(1, ASKS), Verdict.PASS),
        (error(2, -32602), error(1, -32602), Verdict.PASS),
        (complete(2), complete(1), Verdict.PASS),
        (complete(2), complete(1, ASKS), Verdict.FAIL),
        (complete(2), error(1, -32602), Verdict.FAIL),
        (complete(2), None, Verdict.NOT_SEEN),
    ],
)
def test_what_lasts_has_a_handle(bereft: JSON, stranger: JSON, verdict: Verdict) -> None:
    tape = Tape("2026-07-28", "story#1")
    tape.ask("tools/call", CALL, answer=complete(1, ASKS))
    tape.ask("tools/call", ANSWERS, id=2, answer=bereft)
    if stranger is not None:
        tape.client = "story#2"
        tape.ask("tools/call", ANSWERS, answer=stranger)
    assert tape.verdict("stateless.handles") is verdict


def test_who_was_given_no_state_has_none_to_leave_out() -> None:
    tape = Tape("2026-07-28", "story#1")
    tape.ask("tools/call", CALL, answer=complete(1, {"resultType": "input_required", "inputRequests": {"a": {}}}))
    tape.ask("tools/call", ANSWERS, id=2, answer=complete(2))
    assert tape.verdict("stateless.handles") is Verdict.NOT_SEEN
