"""Ping: what is no breach, and what is."""

import json

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, request, result


def initialized(revision: str = "2025-11-25") -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id="s")
    return tape


def test_an_error_is_no_answer_to_ping() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), answer=error(2, -32601))
    assert tape.verdict("ping.reply") is Verdict.FAIL


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"MCP-Protocol-Version": "nonsense"}])
def test_an_error_may_be_about_what_else_is_wrong(headers: dict[str, str]) -> None:
    tape = initialized()
    tape.post(request(2, "ping"), answer=error(2, -32000), headers=headers)
    tape.exchange("DELETE", status=200)
    tape.post(request(3, "ping"), answer=error(3, -32001))
    assert tape.verdict("ping.reply") is Verdict.NOT_SEEN


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_counts_where_the_session_goes_on(status: int) -> None:
    tape = initialized()
    tape.post(request(2, "ping"), status=status)
    assert tape.verdict("ping.reply") is Verdict.NOT_SEEN
    tape.post(request(3, "tools/list"), answer=result(3, {"tools": []}))
    assert tape.verdict("ping.reply") is Verdict.FAIL


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_who_is_busy_or_wants_a_token_may_answer_ping_all_the_same(status: int) -> None:
    tape = initialized()
    tape.post(request(2, "ping"), status=status)
    tape.post(request(3, "tools/list"), answer=result(3, {"tools": []}))
    assert tape.verdict("ping.reply") is Verdict.NOT_SEEN


def silent(*ids: JSON, overtaken: bool = True) -> Tape:
    """Pings that are waited for in vain while something else is answered, or nothing is."""
    tape = initialized()
    headers = {"Mcp-Session-Id": "s"}
    numbers = [tape.begin("POST", json.dumps(request(id, "ping")).encode(), headers=headers) for id in ids]
    if overtaken:
        tape.post(request(90, "tools/list"), answer=result(90, {"tools": []}))
    for number in numbers:
        tape.end(number, "timed out")
    return tape


def test_silence_counts_where_it_is_repeated_and_later_requests_are_answered() -> None:
    assert silent(2, 3).verdict("ping.reply") is Verdict.FAIL
    assert silent(2).verdict("ping.reply") is Verdict.NOT_SEEN
    assert silent(2, 3, overtaken=False).verdict("ping.reply") is Verdict.NOT_SEEN


def test_a_server_that_answers_one_ping_is_only_slow() -> None:
    tape = silent(2, 3)
    tape.post(request(4, "ping"), answer=result(4))
    assert tape.verdict("ping.reply") is Verdict.PASS


@pytest.mark.parametrize(
    ("answers", "verdict"), [([result(2), result(3)], Verdict.PASS), ([result(2)], Verdict.FAIL)]
)
def test_every_ping_of_a_batch_is_answered(answers: list[JSON], verdict: Verdict) -> None:
    tape = initialized("2025-03-26")
    tape.post([request(2, "ping"), request(3, "ping")], answer=answers)
    assert tape.verdict("ping.reply") is verdict


def test_a_server_that_hears_no_texts_is_told_from_one_that_hears_nothing() -> None:
    tape = initialized()
    for id in ("a", "b"):
        tape.post(request(id, "ping"), status=200, ending="timed out", wait=5)
    assert tape.verdict("ping.reply") is Verdict.NOT_SEEN
    tape = silent("a", "b")
    tape.post(request(7, "ping"), answer=result(7))
    assert tape.verdict("ping.reply") is Verdict.FAIL
    tape.post(request("c", "ping"), answer=result("c"))
    assert tape.verdict("ping.reply") is Verdict.PASS


def test_a_refused_id_is_named_where_the_session_goes_on() -> None:
    tape = initialized()
    tape.post(request("42", "ping"), answer=error(None, -32600), status=400)
    assert tape.verdict("ping.reply") is Verdict.NOT_SEEN
    tape.post(request(7, "ping"), answer=result(7))
    (finding,) = [f for f in tape.judge("ping.reply").findings if f.outcome == "bad"]
    assert "'42'" in finding.seen or '"42"' in finding.seen
