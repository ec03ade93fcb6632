"""Streams that end because the server ended their session, as it may at any time."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, request, result

PRIMED = "id: p1\ndata:\n\n"
KEYS = ["stream.has-response", "stream.not-early-close"]


def cut(*, served: bool) -> Tape:
    """Two streams that end without the response, and what is heard of the session then."""
    tape = Tape("2025-06-18")
    tape.initialize(session_id="abc")
    for id in (2, 3):
        tape.post(request(id, "tools/call", {"name": "slow"}), events=[PRIMED] if id == 2 else [": hello\n\n"])
    tape.get(after="p1", status=404)
    said: dict[str, Any] = {"answer": result(4)} if served else {"status": 404}
    tape.post(request(4, "ping"), **said)
    return tape


@pytest.mark.parametrize("key", KEYS)
def test_a_session_that_is_gone_excuses_its_streams(key: str) -> None:
    assert cut(served=False).verdict(key) is Verdict.NOT_SEEN


@pytest.mark.parametrize("key", KEYS)
def test_a_session_that_lives_on_excuses_nothing(key: str) -> None:
    assert cut(served=True).verdict(key) is Verdict.WARN


@pytest.mark.parametrize("key", KEYS)
def test_an_error_without_an_id_may_be_the_response(key: str) -> None:
    tape = Tape("2025-06-18")
    tape.initialize(session_id="abc")
    for id in ("a b", "c d"):
        tape.post(request(id, "ping"), events=[message_event(error(None))])
    assert tape.verdict(key) is Verdict.NOT_SEEN


def test_a_session_that_ends_while_a_dropped_call_is_awaited_shows_nothing() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    slow: dict[str, JSON] = {"name": "slow"}
    tape.post(request(2, "tools/call", slow), events=[PRIMED, "id: p2\ndata:\n\n"], ending="hung up")
    tape.post(request(3, "tools/call", slow), events=[message_event(result(3))])
    tape.get(after="p1", events=["id: p2\ndata: {}\n\n"])
    tape.exchange("DELETE", status=404)
    assert tape.verdict("disconnect.not-cancel") is Verdict.NOT_SEEN
