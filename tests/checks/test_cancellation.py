"""Cancellation in both directions."""

import json

import pytest

from conformance.evidence.era import CAPABILITIES, VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result

CALL = request(5, "tools/call", {"name": "slow", "_meta": {"progressToken": "t"}})


def cancelled(id: JSON) -> dict[str, JSON]:
    return notification("notifications/cancelled", {"requestId": id})


def tick(value: int) -> str:
    return message_event(notification("notifications/progress", {"progressToken": "t", "progress": value}))


class Slow:
    """A call under way, cancelled in the middle."""

    def __init__(self, *, session_id: str | None = "s", early_head: bool = True) -> None:
        self.tape = Tape()
        self.tape.initialize(session_id=session_id)
        headers = {"Mcp-Session-Id": session_id} if session_id else {}
        self.number = self.tape.begin("POST", json.dumps(CALL).encode(), headers=headers)
        if early_head:
            self._head()
            self.tape.chunk(self.number, tick(1))
        self.tape.post(cancelled(5))
        if not early_head:
            self._head()

    def _head(self) -> None:
        self.tape.head(self.number, 200, {"Content-Type": "text/event-stream"})

    def ends(self, *events: str, later: float = 5.0) -> Tape:
        self.tape.now += later  # on a tape bodies take their time, so the way counts as slow
        for event in events:
            self.tape.chunk(self.number, event)
        self.tape.end(self.number)
        return self.tape


def test_silence_after_a_cancellation_is_right() -> None:
    assert Slow().ends().verdict("cancel.stop") is Verdict.PASS


def test_work_that_goes_on_to_a_response_is_a_warning() -> None:
    assert Slow().ends(tick(2), tick(3), message_event(result(5))).verdict("cancel.stop") is Verdict.WARN


def test_a_single_straggler_of_the_progress_may_have_been_under_way() -> None:
    assert Slow().ends(tick(2), message_event(result(5))).verdict("cancel.stop") is Verdict.NOT_SEEN


def test_progress_that_is_read_right_after_the_acceptance_may_have_come_before() -> None:
    slow = Slow()
    slow.tape.now -= 0.25  # read at once after the head of the 202
    assert slow.ends(tick(2), tick(3), message_event(result(5)), later=0).verdict("cancel.stop") is Verdict.NOT_SEEN


def test_on_a_slow_way_progress_may_be_read_long_after_it_was_sent() -> None:
    assert Slow().ends(tick(2), tick(3), message_event(result(5)), later=1).verdict("cancel.stop") is Verdict.NOT_SEEN


def test_a_response_that_was_under_way_is_a_race() -> None:
    assert Slow().ends(message_event(result(5))).verdict("cancel.stop") is Verdict.NOT_SEEN


def test_a_cancellation_may_overtake_its_request() -> None:
    tape = Slow(early_head=False).ends(tick(2), tick(3), message_event(result(5)))
    assert tape.verdict("cancel.stop") is Verdict.NOT_SEEN


def test_an_error_that_tells_of_the_cancellation_is_a_response_too() -> None:
    tape = Slow().ends(message_event(error(5, 0, "Request cancelled")))
    assert tape.verdict("cancel.stop") is Verdict.WARN


def test_an_error_of_the_work_itself_is_a_race() -> None:
    assert Slow().ends(message_event(error(5, -32603, "disk full"))).verdict("cancel.stop") is Verdict.NOT_SEEN


def test_without_sessions_nobody_knows_what_is_cancelled() -> None:
    tape = Slow(session_id=None).ends(tick(2), message_event(result(5)))
    assert tape.verdict("cancel.stop") is Verdict.NOT_APPLICABLE


def test_a_stream_that_is_left_at_once_shows_nothing() -> None:
    slow = Slow()
    slow.tape.end(slow.number, "hung up")
    assert slow.tape.verdict("cancel.stop") is Verdict.NOT_SEEN


def late(*, cancel: JSON = 5, status: int | None = None, then: int = 200) -> Tape:
    """A finished call is cancelled, or something else; then comes a ping."""
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, answer=result(5))
    tape.post(cancelled(cancel), status=status)
    tape.post(request(6, "ping"), answer=result(6) if then == 200 else error(6), status=then)
    return tape


@pytest.mark.parametrize(
    ("then", "verdict"),
    [(200, Verdict.PASS), (404, Verdict.FAIL), (500, Verdict.FAIL), (401, Verdict.NOT_SEEN), (503, Verdict.NOT_SEEN)],
)
def test_after_a_late_cancellation_the_server_still_answers(then: int, verdict: Verdict) -> None:
    assert late(then=then).verdict("cancel.race") is verdict


@pytest.mark.parametrize(("bothered", "verdict"), [(False, Verdict.NOT_SEEN), (True, Verdict.FAIL)])
def test_a_server_that_ends_sessions_anyway_does_no_harm(bothered: bool, verdict: Verdict) -> None:
    tape = late(then=404)
    tape.client = "story#2"
    tape.initialize(session_id="t")
    if bothered:
        tape.post(cancelled("nothing"))
    tape.post(request(6, "ping"), status=404)
    assert tape.verdict("cancel.race") is verdict


def test_a_session_that_the_client_ended_shows_no_harm() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, answer=result(5))
    tape.post(cancelled(5))
    tape.exchange("DELETE", status=204)
    tape.post(request(6, "ping"), answer=error(6), status=404)
    assert tape.verdict("cancel.race") is Verdict.NOT_SEEN


@pytest.mark.parametrize("named", [5, "never-sent", 99])
def test_a_cancellation_of_nothing_is_accepted(named: JSON) -> None:
    assert late(cancel=named).verdict("cancel.invalid-ignored") is Verdict.PASS
    assert late(cancel=named, status=400).verdict("cancel.invalid-ignored") is Verdict.WARN


@pytest.mark.parametrize("named", [None, [], {}, True])
def test_a_cancellation_that_is_malformed_may_be_refused(named: JSON) -> None:
    assert late(cancel=named, status=400).outcomes("cancel.invalid-ignored") == []


def test_a_refusal_for_another_reason_is_not_blamed() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(cancelled(5), status=400, headers={"MCP-Protocol-Version": "nonsense"})
    tape.post(cancelled(5), status=403, headers={"Origin": "https://evil.example"})
    tape.post(cancelled(5), status=429)
    assert "bad" not in tape.outcomes("cancel.invalid-ignored")


def by_server(id: JSON, *before: JSON, broken: bool = False) -> Tape:
    """The server cancels something, after these messages."""
    tape = Tape()
    tape.initialize(session_id="s")
    if broken:
        tape.get(events=[], ending="hung up")
    events = [message_event(message) for message in (*before, cancelled(id), result(5))]
    tape.post(CALL, events=events)
    return tape


def test_the_server_may_cancel_its_own_question() -> None:
    assert by_server("q", request("q", "roots/list")).verdict("cancel.valid-id") is Verdict.PASS


@pytest.mark.parametrize("id", [5, "unknown", None, [], "Q"])
def test_the_server_may_cancel_nothing_else(id: JSON) -> None:
    assert by_server(id, request("q", "roots/list")).verdict("cancel.valid-id") is Verdict.FAIL


def test_a_question_may_have_been_lost_with_its_connection() -> None:
    assert by_server("q", broken=True).verdict("cancel.valid-id") is Verdict.NOT_SEEN


def test_a_cancellation_may_cross_the_answer() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, events=[message_event(request("q", "roots/list"))], ending="open")
    tape.post(result("q"))
    tape.get(events=[message_event(cancelled("q"))])
    assert tape.verdict("cancel.valid-id") is Verdict.NOT_SEEN


@pytest.mark.parametrize(("calm", "verdict"), [(True, Verdict.PASS), (False, Verdict.WARN)])
def test_a_response_that_is_lost_is_the_cancellations_doing_only_where_others_are_not_lost(
    calm: bool, verdict: Verdict
) -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    if calm:
        tape.ask("tools/call", {"name": "t"}, id=7, events=[": nothing more\n\n"])
    tape.client = "story#2"
    modern: JSON = {VERSION: "2026-07-28", CAPABILITIES: {}}
    body = json.dumps(request(2, "tools/call", {"name": "t", "_meta": modern})).encode()
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "t"}
    running = tape.begin("POST", body, headers=headers)
    tape.head(running, 200, {"Content-Type": "text/event-stream"})
    tape.post(cancelled("never-sent"), headers={"MCP-Protocol-Version": "2026-07-28"}, status=202)
    tape.end(running)
    assert tape.verdict("cancel.invalid-ignored") is verdict
