"""GET streams: what legal servers do that looks wrong, and what is wrong."""

import json

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import URL, Tape, message_event, notification, request, result

STREAM = {"Content-Type": "text/event-stream"}
RIGHT = {"Accept": "text/event-stream", "MCP-Protocol-Version": "2025-11-25"}


def begun(revision: str = "2025-11-25") -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id="abc")
    tape.post(notification("notifications/initialized"))
    return tape


def asked(tape: Tape, status: int, *, headers: dict[str, str] | None = None, kind: str | None = None) -> int:
    """A GET as a right client sends it, but for these headers."""
    return tape.exchange("GET", status=status, headers=RIGHT | (headers or {}), media_type=kind)


def alive(tape: Tape) -> None:
    tape.post(request(90, "ping"), answer=result(90))


def listening(tape: Tape) -> int:
    """A GET stream that stays open."""
    number = tape.begin("GET", headers={"Mcp-Session-Id": "abc", **RIGHT})
    tape.head(number, 200, STREAM)
    return number


def call(id: JSON, token: JSON) -> dict[str, JSON]:
    return request(id, "tools/call", {"name": "slow", "_meta": {"progressToken": token}})


def progress(token: JSON) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": token, "progress": 1})


def test_a_stream_or_405_is_right() -> None:
    tape = begun()
    asked(tape, 405)
    asked(tape, 200, kind="Text/Event-Stream; charset=utf-8")
    assert tape.outcomes("get.sse-or-405") == ["ok", "ok"]
    assert tape.outcomes("endpoint.single") == ["ok", "ok"]


@pytest.mark.parametrize("status", [400, 406, 500, 501, 204])
def test_any_other_answer_is_wrong(status: int) -> None:
    tape = begun()
    asked(tape, status)
    alive(tape)
    assert tape.outcomes("get.sse-or-405") == ["bad"]
    assert tape.verdict("endpoint.single") is Verdict.NOT_SEEN


def test_200_with_another_type_is_wrong() -> None:
    tape = begun()
    asked(tape, 200, kind="application/json")
    assert tape.outcomes("get.sse-or-405") == ["bad"]


def test_404_counts_only_while_the_session_is_alive() -> None:
    tape = begun()
    asked(tape, 404)
    assert tape.outcomes("get.sse-or-405") == ["open"]
    alive(tape)
    assert tape.outcomes("get.sse-or-405") == ["bad"]
    assert tape.outcomes("endpoint.single") == ["bad"]


@pytest.mark.parametrize("status", [401, 403, 429, 503, 307])
def test_what_has_other_causes_decides_nothing(status: int) -> None:
    tape = begun()
    asked(tape, status)
    alive(tape)
    assert tape.verdict("get.sse-or-405") is Verdict.NOT_SEEN
    assert tape.verdict("endpoint.single") is Verdict.NOT_SEEN


@pytest.mark.parametrize(
    "wrong",
    [
        {"Accept": "application/json"},
        {"Mcp-Session-Id": "of somebody else"},
        {"MCP-Protocol-Version": "1999-01-01"},
        {"Last-Event-ID": "unknown"},
        {"Origin": "http://evil.example"},
        {"Host": "evil.example"},
    ],
)
def test_a_get_that_is_wrong_itself_is_not_judged(wrong: dict[str, str]) -> None:
    tape = begun()
    asked(tape, 400, headers=wrong)
    assert tape.outcomes("get.sse-or-405") == []


def test_a_get_before_the_handshake_is_over_is_not_judged() -> None:
    tape = Tape("2025-11-25")
    tape.initialize(session_id="abc")
    asked(tape, 400)
    assert tape.outcomes("get.sse-or-405") == []


def test_a_get_after_delete_or_at_another_address_is_not_judged() -> None:
    tape = begun()
    tape.exchange("GET", status=404, headers=RIGHT, url=URL + "/elsewhere")
    tape.exchange("DELETE", status=204)
    asked(tape, 404)
    assert tape.outcomes("get.sse-or-405") == []
    assert tape.outcomes("endpoint.single") == []


def test_2025_03_26_knows_no_version_header() -> None:
    tape = begun("2025-03-26")
    tape.exchange("GET", status=405, headers={"Accept": "text/event-stream"})
    assert tape.outcomes("get.sse-or-405") == ["ok"]


def test_a_further_get_may_be_refused() -> None:
    tape = begun()
    first = listening(tape)
    asked(tape, 409)
    assert tape.outcomes("get.sse-or-405") == ["ok", "open"]
    tape.end(first, "hung up")
    asked(tape, 409)
    assert tape.outcomes("get.sse-or-405") == ["ok", "open", "open"]


def test_a_head_that_is_held_back_decides_nothing() -> None:
    tape = begun()
    tape.end(tape.begin("GET", headers={"Mcp-Session-Id": "abc", **RIGHT}), "timed out")
    assert tape.verdict("get.sse-or-405") is Verdict.NOT_SEEN


def test_405_makes_the_rules_about_the_stream_inapplicable() -> None:
    tape = begun()
    asked(tape, 405)
    for key in ("get.unrelated", "get.no-response", "get.polling"):
        assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_a_response_on_a_get_stream_is_wrong() -> None:
    tape = begun()
    number = listening(tape)
    alive(tape)
    assert tape.outcomes("get.no-response") == ["ok"]
    tape.chunk(number, message_event(result(90)))
    assert tape.verdict("get.no-response") is Verdict.FAIL


def test_a_resumed_stream_brings_responses() -> None:
    tape = begun()
    tape.post(call(2, "t"), events=["id: a1\ndata:\n\n"])
    tape.get(after="a1", events=[message_event(result(2), "a2")])
    tape.get(after="of a stream that was not recorded", events=[message_event(result(3), "b2")])
    assert tape.verdict("get.no-response") is Verdict.NOT_SEEN


def test_progress_of_a_running_request_does_not_belong_on_a_get_stream() -> None:
    tape = begun()
    number = listening(tape)
    post = tape.begin("POST", json.dumps(call(2, "t")).encode(), headers={"Mcp-Session-Id": "abc"})
    tape.head(post, 200, STREAM)
    tape.chunk(number, message_event(progress("t")))
    tape.chunk(post, message_event(progress("t")))
    tape.chunk(post, message_event(result(2)))
    tape.end(post)
    assert tape.outcomes("get.unrelated") == ["bad", "ok"]


def test_other_messages_on_a_get_stream_prove_nothing() -> None:
    tape = begun()
    tape.post(call(2, "t"), events=[message_event(result(2))])
    number = listening(tape)
    tokens: tuple[JSON, ...] = ("t", "unknown", None, [], {}, 10**400)
    for token in tokens:
        tape.chunk(number, message_event(progress(token)))
    tape.chunk(number, message_event(notification("notifications/message", {"level": "info", "data": "x"})))
    tape.chunk(number, message_event(notification("notifications/tools/list_changed")))
    assert tape.verdict("get.unrelated") is Verdict.NOT_SEEN


def closed(tape: Tape, name: str, *extra: str) -> None:
    """A GET stream whose connection the server closes, and which goes on when the client comes back."""
    tape.get(events=[f"id: {name}1\ndata:\n\n", *extra])
    tape.get(after=f"{name}1", events=[f"id: {name}2\ndata:\n\n"], ending="hung up")


def test_a_closed_connection_is_announced() -> None:
    tape = begun()
    closed(tape, "a", "retry: 100\ndata:\n\n")
    assert tape.verdict("get.polling") is Verdict.PASS


def test_a_repeated_close_without_retry_is_held_against_the_server() -> None:
    tape = begun()
    closed(tape, "a")
    assert tape.verdict("get.polling") is Verdict.NOT_SEEN
    closed(tape, "b")
    assert tape.verdict("get.polling") is Verdict.WARN


def test_a_server_may_end_a_get_stream_at_any_time() -> None:
    tape = begun()
    for name in "ab":
        tape.get(events=[f"id: {name}1\ndata:\n\n"])
        tape.get(after=f"{name}1", status=404)
    tape.get(events=[])
    assert tape.verdict("get.polling") is Verdict.NOT_SEEN
