"""A server that breaks down in the middle of a run."""

import pytest

from conformance.judging.breakdown import breakdown
from reference_server.exchange import Receive, Scope, Send
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.tape import Tape, error, notification, request, result

pytest_plugins = ["pytester"]


def a_tape_with(in_vain: int, *, clients: int, status: int = 500, method: str = "ping") -> Tape:
    """A session that is served, then so many requests in turn from so many clients, and a GET of that session."""
    tape = Tape("2025-03-26")
    tape.initialize(session_id="abc")
    tape.post(notification("notifications/initialized"))
    tape.post(request(2, "ping"), answer=result(2))
    for number in range(in_vain):
        tape.client = f"other#{number % clients}"
        tape.post(request(1, method), answer=error(1), status=status)
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


def test_what_was_never_served_may_be_what_the_server_cannot_do() -> None:
    assert breakdown(a_tape_with(12, clients=4, method="no/such-method").trace) is None


def test_a_server_that_never_worked_has_not_broken_down() -> None:
    tape = Tape()
    for number in range(12):
        tape.client = f"other#{number}"
        tape.post(request(1, "ping"), answer=error(1), status=503)
    assert breakdown(tape.trace) is None


class BreaksDown(ReferenceServer):
    """Serves forty requests, and then nobody any more."""

    served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.served += 1
        if self.served <= 40:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 500, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})


def test_a_server_that_breaks_down_does_not_conform(pytester: pytest.Pytester) -> None:
    with serve(BreaksDown(Options())) as url:
        result = pytester.runpytest_subprocess("--target", url, "--mcp-revision", "2025-03-26")
    assert result.ret == 4
    result.stdout.fnmatch_lines(["2025-03-26: the server broke down before everything was seen: *"])
    result.stdout.fnmatch_lines(["*since exchange * clients drew 500, also such as were served before*"])
    assert result.parseoutcomes().get("failed", 0) == 0
