"""How a client sends: what is legal though it looks odd, and what is not."""

import pytest

from tests.checks.live import Live
from tests.tape import notification, request, result


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        ("application/json, text/event-stream", "ok"),
        ("text/event-stream;q=0.9,Application/JSON;charset=utf-8", "ok"),
        ("*/*, application/json, text/event-stream", "ok"),
        ("*/*", "bad"),
        ("application/json", "bad"),
        ("application/json, text/event-stream;q=0", "bad"),
    ],
)
def test_both_types_are_named_in_any_order_and_with_weights(accept: str, said: str) -> None:
    tape = Live("2025-03-26")
    tape.post(request(1, "ping"), answer=result(1), headers={"Accept": accept})
    assert tape.said("accept.post") == [said]


def test_accept_may_be_two_lines() -> None:
    tape = Live("2025-03-26")
    headers = (("Accept", "application/json"), ("accept", "text/event-stream"))
    tape.recorder.request("client", "POST", "http://127.0.0.1:8000/mcp", headers, b'{"jsonrpc":"2.0","method":"x"}')
    assert tape.said("accept.post") == ["ok"]


def test_a_browser_that_looks_at_the_address_is_no_client() -> None:
    tape = Live("2025-03-26")
    tape.exchange("GET", headers={"Accept": "text/html"}, status=405)
    assert tape.said("accept.get") == ["open"]


def test_a_request_for_a_token_is_no_message() -> None:
    tape = Live("2025-03-26")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    tape.post(b"grant_type=authorization_code&code=x", headers=form, answer={"access_token": "x"})
    tape.post({"redirect_uris": ["http://127.0.0.1/"], "client_name": "x"}, answer={"client_id": "x"}, status=201)
    assert tape.said("jsonrpc") == tape.said("accept.post") == []


def test_what_was_compressed_on_the_way_is_not_read() -> None:
    tape = Live("2025-03-26")
    tape.post(b"\x1f\x8b\x08\xff", headers={"Content-Encoding": "gzip"}, answer=result(1))
    assert tape.said("jsonrpc") == tape.said("utf8") == []


def test_messages_one_behind_the_other_are_one_mistake() -> None:
    tape = Live("2025-03-26")
    tape.post(b'{"jsonrpc":"2.0","method":"a"}\n{"jsonrpc":"2.0","method":"b"}\n')
    assert (tape.said("post.each"), tape.said("jsonrpc"), tape.said("post.body")) == (["bad"], [], [])


def test_a_batch_is_legal_where_the_revision_is_not_known() -> None:
    tape = Live("2025-03-26")
    tape.post([request(1, "ping"), notification("x")], answer=[result(1)])
    assert tape.said("post.body") == ["ok"]


def test_an_empty_batch_is_none_in_any_revision() -> None:
    tape = Live("2025-03-26")
    tape.post([])
    assert (tape.said("post.body"), tape.said("jsonrpc")) == (["bad"], [])


def test_a_batch_in_a_later_revision_is_wrong() -> None:
    tape = Live("2025-06-18")
    tape.initialize(session_id="s")
    tape.post([request(2, "ping"), notification("x")], answer=[result(2)])
    assert tape.said("post.body") == ["ok", "bad"]
