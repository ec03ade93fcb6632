"""A server that breaks down in the middle of a run."""

from conformance.breakdown import breakdown
from tests.tape import Tape, error, notification, request


def a_tape_with(in_vain: int, *, clients: int, status: int = 500) -> Tape:
    """A session that is served, then so many requests in turn from so many clients, and a GET of that session."""
    tape = Tape("2025-03-26")
    tape.initialize(session_id="abc")
    tape.post(notification("notifications/initialized"))
    for number in range(in_vain):
        tape.client = f"other#{number % clients}"
        tape.post(request(1, "ping"), answer=error(1), status=status)
    tape.client = "story#1"
    tape.exchange("GET", status=status, answer=error(None), headers={"Accept": "text/event-stream"})
    return tape


def test_a_breakdown_is_told_once_and_no_breach_of_anything_else() -> None:
    tape = a_tape_with(12, clients=4)
    down = breakdown(tape.trace)
    assert down is not None
    assert "all 13 requests of 5 clients drew 500" in down.sentence()
    assert tape.outcomes("get.sse-or-405") == ["open"]


def test_requests_that_fail_while_others_are_served_are_no_breakdown() -> None:
    tape = a_tape_with(12, clients=4)
    tape.client = "last#1"
    tape.initialize(session_id="def")
    assert breakdown(tape.trace) is None
    assert tape.outcomes("get.sse-or-405") == ["bad"]


def test_a_few_failures_or_those_of_one_client_are_no_breakdown() -> None:
    assert breakdown(a_tape_with(8, clients=4).trace) is None
    assert breakdown(a_tape_with(12, clients=1).trace) is None


def test_a_server_that_turns_everybody_away_has_not_broken_down() -> None:
    assert breakdown(a_tape_with(12, clients=4, status=400).trace) is None


def test_a_server_that_never_worked_has_not_broken_down() -> None:
    tape = Tape()
    for number in range(12):
        tape.client = f"other#{number}"
        tape.post(request(1, "ping"), answer=error(1), status=503)
    assert breakdown(tape.trace) is None
