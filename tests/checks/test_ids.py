"""Ids: what is no breach, and what is."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result


def initialized(session_id: str | None = "abc") -> Tape:
    tape = Tape()
    tape.initialize(session_id=session_id)
    return tape


def asking(*ids: JSON, session_id: str | None = "abc") -> Tape:
    """The server pings under these ids, on one GET stream."""
    tape = initialized(session_id)
    tape.get(events=[message_event(request(id, "ping"), id=f"e{n}") for n, id in enumerate(ids)])
    return tape


def test_request_ids_are_strings_and_integers() -> None:
    assert asking("a", 1, 0, -1, 2.0, "").verdict("jsonrpc.id-type") is Verdict.PASS


@pytest.mark.parametrize("id", [1.5, True, [], {}, ["a"]])
def test_a_request_id_of_another_type(id: JSON) -> None:
    tape = asking(id)
    assert tape.verdict("jsonrpc.id-type") is Verdict.FAIL
    assert tape.verdict("jsonrpc.id-not-null") is Verdict.PASS


def test_a_request_id_that_is_null_breaks_one_rule() -> None:
    tape = asking(None)
    assert tape.verdict("jsonrpc.id-not-null") is Verdict.FAIL
    assert tape.verdict("jsonrpc.id-type") is Verdict.NOT_SEEN


def test_one_request_says_nothing_about_repetition() -> None:
    assert asking(1).verdict("jsonrpc.id-once") is Verdict.NOT_SEEN


def test_a_number_and_its_digits_are_two_ids() -> None:
    assert asking(1, "1").verdict("jsonrpc.id-once") is Verdict.PASS


def test_an_id_that_comes_twice() -> None:
    assert asking(1, 2, 1).verdict("jsonrpc.id-once") is Verdict.FAIL


def test_each_side_numbers_its_own_requests() -> None:
    tape = asking(1, 2)
    tape.post(request(2, "ping"), answer=result(2))
    assert tape.verdict("jsonrpc.id-once") is Verdict.PASS


@pytest.mark.parametrize("event_id", ["e0", "e7"])
def test_a_replay_is_no_second_use(event_id: str) -> None:
    tape = asking(1, 2)
    tape.get(events=[message_event(request(1, "ping"), id=event_id)], after="e0")
    assert tape.verdict("jsonrpc.id-once") is Verdict.PASS


def test_without_sessions_another_answer_may_begin_anew() -> None:
    tape = asking(1, 2, session_id=None)
    tape.get(events=[message_event(request(1, "ping"))])
    assert tape.verdict("jsonrpc.id-once") is Verdict.PASS
    assert asking(1, 1, session_id=None).verdict("jsonrpc.id-once") is Verdict.FAIL


def test_two_sessions_may_use_the_same_ids() -> None:
    tape = asking(1, 2)
    tape.initialize(session_id="def")
    tape.get(events=[message_event(request(1, "ping")), message_event(request(2, "ping"))])
    assert tape.verdict("jsonrpc.id-once") is Verdict.PASS


def echoed(id: JSON, answer: JSON | bytes, **options: Any) -> Verdict:
    tape = Tape()
    tape.initialize()
    tape.post(request(id, "ping"), answer=answer, **options)
    return tape.verdict("jsonrpc.id-echo")


@pytest.mark.parametrize("id", [7, 0, "7", "", "ü"])
@pytest.mark.parametrize("status", [200, 400])
def test_an_id_that_is_repeated(id: JSON, status: int) -> None:
    assert echoed(id, error(id), status=status) is Verdict.PASS


def test_numbers_have_one_type() -> None:
    assert echoed(7, b'{"jsonrpc":"2.0","id":7.0,"result":{}}') is Verdict.PASS


@pytest.mark.parametrize(("id", "other"), [(7, "7"), ("7", 7), (1, True), (7, 8), (7, None), ("a", "A"), (7, [7])])
def test_an_id_that_is_changed(id: JSON, other: JSON) -> None:
    assert echoed(id, result(other)) is Verdict.FAIL


def test_an_error_without_id_for_a_request_that_could_be_read() -> None:
    assert echoed(7, error(None)) is Verdict.FAIL
    assert echoed(7, {"jsonrpc": "2.0", "error": {"code": 1, "message": "no"}}) is Verdict.FAIL


def test_a_result_without_id_is_never_right() -> None:
    assert echoed(7, {"jsonrpc": "2.0", "result": {}}) is Verdict.FAIL


@pytest.mark.parametrize("status", [400, 403, 404, 406, 500])
def test_a_refusal_may_leave_the_id_out_but_not_invent_one(status: int) -> None:
    assert echoed(7, error(None), status=status) is Verdict.PASS
    assert echoed(7, error("server-error"), status=status) is Verdict.FAIL


@pytest.mark.parametrize("body", [b"{", b'{"jsonrpc":"1.0","id":7,"method":"ping"}', b'{"jsonrpc":"2.0","id":7}'])
@pytest.mark.parametrize("status", [200, 400])
def test_what_cannot_be_read_may_be_answered_under_any_id(body: bytes, status: int) -> None:
    tape = initialized()
    for id in (None, 7, "server-error"):
        tape.post(body, answer=error(id), status=status)
    assert tape.verdict("jsonrpc.id-echo") is Verdict.PASS


def test_a_refused_notification_or_get_has_no_id_to_repeat() -> None:
    tape = initialized()
    tape.post(notification("notifications/initialized"), answer=error("server-error"), status=400)
    tape.exchange("GET", answer=error("server-error"), status=405)
    assert tape.outcomes("jsonrpc.id-echo") == ["ok"]


def test_a_batch_that_is_refused_as_a_whole_has_many_ids() -> None:
    tape = Tape("2025-03-26")
    tape.initialize()
    tape.post([request(2, "ping"), request(3, "ping")], answer=error("server-error"), status=400)
    tape.post([request(4, "ping")], answer=error("server-error"), status=400)
    assert tape.outcomes("jsonrpc.id-echo") == ["ok"]


def test_a_batch_is_answered_in_any_order() -> None:
    tape = Tape("2025-03-26")
    tape.initialize()
    tape.post([request(2, "ping"), request("3", "ping")], answer=[result("3"), result(2)])
    assert tape.verdict("jsonrpc.id-echo") is Verdict.PASS


def test_a_response_on_a_resumed_stream_belongs_to_where_it_began() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=["id: 1\ndata:\n\n"])
    tape.get(events=[message_event(result(2), id="2")], after="1")
    tape.post(request(3, "ping"), events=["id: 3\ndata:\n\n"])
    tape.get(events=[message_event(result("3"), id="4")], after="3")
    assert tape.outcomes("jsonrpc.id-echo") == ["ok", "ok", "bad"]


def test_a_response_that_strayed_to_another_stream_still_has_its_id() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=[message_event(result(3))])
    tape.post(request(3, "ping"), events=[message_event(result(2))])
    assert tape.verdict("jsonrpc.id-echo") is Verdict.PASS


def test_in_the_modern_era_an_unknown_method_was_read_so_its_error_has_the_id() -> None:
    for status in (200, 404):
        tape = Tape("2026-07-28")
        tape.ask("no/such-method", id=7, answer=error(None, -32601), status=status)
        assert tape.verdict("jsonrpc.id-echo") is Verdict.FAIL
    tape = Tape("2026-07-28")
    tape.ask("no/such-method", id=7, answer=error(None, -32020), status=400)
    assert tape.verdict("jsonrpc.id-echo") is not Verdict.FAIL
