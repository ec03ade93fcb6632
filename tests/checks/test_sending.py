"""POST: what is no breach, and what is."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result

READY = notification("notifications/initialized")
GOOD, BAD, UNSEEN = Verdict.PASS, Verdict.FAIL, Verdict.NOT_SEEN


def posted(key: str, body: JSON | bytes = READY, revision: str = "2025-11-25", **options: Any) -> Verdict:
    """The verdict on one POST after the handshake, of which nothing else tells."""
    tape = Tape(revision)
    tape.initialize()
    number = tape.post(body, **options)
    found = [f for f in tape.judge(key).findings if f.place and f.place.exchange == number]
    outcomes = {finding.outcome for finding in found}
    return BAD if "bad" in outcomes else GOOD if "ok" in outcomes else UNSEEN


@pytest.mark.parametrize("body", [READY, result("s1"), error("s1"), [READY, READY]])
def test_accepted_is_202_and_nothing_more(body: JSON) -> None:
    assert posted("post.202", body) is GOOD
    assert posted("post.202", body, media_type="application/json", status=202) is GOOD


@pytest.mark.parametrize("status", [200, 201, 204])
def test_accepted_is_no_other_success(status: int) -> None:
    assert posted("post.202", status=status, media_type="text/plain") is BAD


@pytest.mark.parametrize("body", [b"null", b" ", b"{}", b"Accepted"])
def test_accepted_has_no_body(body: bytes) -> None:
    assert posted("post.202", answer=body, status=202) is BAD


def test_accepted_is_no_stream() -> None:
    assert posted("post.202", events=[": hello\n\n"], status=202) is BAD
    assert posted("post.202", events=["data"], status=202) is BAD


@pytest.mark.parametrize("status", [400, 401, 404, 406, 429, 500, 503])
def test_a_refusal_decides_nothing_about_what_is_accepted(status: int) -> None:
    assert posted("post.202", status=status) is UNSEEN


@pytest.mark.parametrize("status", [301, 307, 401, 429, 502, 503, 504])
def test_what_never_reached_the_server_decides_nothing(status: int) -> None:
    assert posted("post.202", status=status) is UNSEEN
    assert posted("post.reject-status", status=status) is UNSEEN


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 500])
@pytest.mark.parametrize("answer", [None, error(None), b"no"])
def test_any_error_status_is_a_refusal(status: int, answer: JSON | bytes) -> None:
    assert posted("post.reject-status", status=status, answer=answer) is GOOD


def test_an_error_in_the_body_of_a_success() -> None:
    assert posted("post.reject-status", answer=error(None)) is BAD
    assert posted("post.reject-status", answer=error(None), status=202) is BAD
    assert posted("post.202", answer=error(None)) is UNSEEN


def test_what_is_accepted_says_nothing_about_refusals() -> None:
    assert posted("post.reject-status") is UNSEEN
    assert posted("post.reject-status", answer=result(None)) is UNSEEN


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"jsonrpc":"2.0","id":5}', request(5, "ping")])
def test_only_notifications_and_responses_count(body: JSON | bytes) -> None:
    assert posted("post.202", body, answer=error(None)) is UNSEEN
    assert posted("post.reject-status", body, answer=error(None)) is UNSEEN


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/json;"])
def test_json_is_json_whatever_its_parameters(kind: str) -> None:
    assert posted("post.content-type", request(2, "ping"), answer=result(2), media_type=kind) is GOOD


def test_a_stream_is_an_answer_even_before_anything_came() -> None:
    assert posted("post.content-type", request(2, "ping"), events=[], ending="hung up") is GOOD
    assert posted("post.content-type", request(2, "ping"), events=[message_event(result(2))]) is GOOD


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json-rpc", "application/octet-stream"])
def test_success_of_another_type(kind: str) -> None:
    assert posted("post.content-type", request(2, "ping"), answer=result(2), media_type=kind) is BAD


@pytest.mark.parametrize("status", [200, 202, 204])
def test_success_without_an_answer(status: int) -> None:
    assert posted("post.content-type", request(2, "ping"), status=status, media_type="application/json") is BAD
    assert posted("post.content-type", request(2, "ping"), status=202) is BAD


@pytest.mark.parametrize("status", [400, 404, 500])
def test_refusals_have_any_form(status: int) -> None:
    assert posted("post.content-type", request(2, "ping"), answer=b"no", status=status) is UNSEEN


def test_a_body_that_was_cut_is_not_judged() -> None:
    assert posted("post.content-type", request(2, "ping"), answer=b"", ending="lost") is UNSEEN


def test_what_is_no_sound_request_may_be_answered_as_the_server_likes() -> None:
    assert posted("post.content-type", request(2, "ping") | {"jsonrpc": "1"}, status=202) is UNSEEN


def test_an_array_is_one_document_only_where_there_are_batches() -> None:
    ping = request(2, "ping")
    assert posted("post.content-type", [ping], "2025-03-26", answer=[result(2)]) is GOOD
    assert posted("post.content-type", ping, "2025-03-26", answer=[result(2)]) is GOOD
    assert posted("post.content-type", ping, answer=[result(2)]) is BAD
