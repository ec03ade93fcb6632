"""Roots: asked for only where there are some."""

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, request, result


def asked(method: str, **offered: JSON) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", offered=offered)
    tape.post(request(2, "tools/call"), events=[message_event(request("q", method)), message_event(result(2))])
    return tape


def test_roots_are_asked_for_where_declared() -> None:
    assert asked("roots/list", roots={}).verdict("roots.capability") is Verdict.PASS
    assert asked("roots/list", sampling={}).verdict("roots.capability") is Verdict.WARN


def test_a_ping_asks_for_nothing() -> None:
    assert asked("ping").outcomes("roots.capability") == []
