"""Who may talk to the server, and where it listens."""

import pytest

from conformance.judging.check import Verdict
from tests.tape import Tape, error, request, result

EVIL = {"Origin": "https://evil.example"}


def asked(url: str = "http://127.0.0.1:8000/mcp", origin: str = "https://evil.example", status: int = 200) -> Tape:
    tape = Tape()
    tape.post(request(1, "ping"), answer=result(1), headers={"Origin": origin}, status=status, url=url)
    return tape


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "192.168.0.7", "app.localhost"])
def test_a_private_server_may_not_serve_a_foreign_page(host: str) -> None:
    assert asked(f"http://{host}:8000/mcp").verdict("origin.validate") is Verdict.FAIL


@pytest.mark.parametrize("host", ["example.com", "8.8.8.8", "internal"])
def test_a_public_server_may_let_everybody_in(host: str) -> None:
    assert asked(f"http://{host}/mcp").verdict("origin.validate") is Verdict.NOT_SEEN


@pytest.mark.parametrize("origin", ["http://localhost:6274", "null", "https://app.company.com", "::", "http://[", ""])
def test_only_plainly_foreign_origins_count(origin: str) -> None:
    assert asked(origin=origin).outcomes("origin.validate") == []


@pytest.mark.parametrize("status", [401, 429, 502, 503, 307])
def test_what_comes_before_the_origin_decides_nothing(status: int) -> None:
    assert asked(status=status).outcomes("origin.validate") == ["open"]
    assert asked(status=status).outcomes("origin.403") == ["open"]


def test_a_get_that_nobody_is_served_says_nothing_of_the_origin() -> None:
    tape = Tape()
    tape.initialize()
    tape.get(status=404)
    tape.exchange("GET", headers=EVIL, status=404)
    assert tape.outcomes("origin.403") == ["open"]
    assert tape.outcomes("origin.validate") == ["open"]


def test_401_is_about_the_origin_where_the_same_credentials_were_good_without_one() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), headers=EVIL, status=401)
    assert tape.verdict("origin.validate") is Verdict.PASS
    assert tape.verdict("origin.403") is Verdict.FAIL


def test_a_host_that_only_begins_like_ours_is_foreign() -> None:
    assert asked(origin="http://localhost.evil.example").verdict("origin.validate") is Verdict.FAIL


def test_a_text_with_status_200_is_a_refusal_but_not_the_right_one() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer=b"bad origin", media_type="text/plain", headers=EVIL)
    assert tape.verdict("origin.validate") is Verdict.PASS
    assert tape.verdict("origin.403") is Verdict.FAIL


def test_any_refusal_shows_that_the_origin_is_checked_but_only_403_is_right() -> None:
    assert asked(status=421).verdict("origin.validate") is Verdict.PASS
    assert asked(status=421).verdict("origin.403") is Verdict.FAIL
    assert asked(status=403).verdict("origin.403") is Verdict.PASS


def test_an_error_with_status_200_is_a_refusal_but_not_the_right_one() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer=error(1), headers=EVIL)
    assert tape.verdict("origin.validate") is Verdict.PASS
    assert tape.verdict("origin.403") is Verdict.FAIL


def test_acceptance_is_one_finding_and_not_two() -> None:
    assert asked().verdict("origin.403") is Verdict.NOT_SEEN


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_method_that_is_not_offered_is_refused_to_everybody(method: str) -> None:
    tape = Tape()
    tape.exchange(method, headers=EVIL, status=405)
    assert tape.outcomes("origin.validate") == ["open"]
    assert tape.outcomes("origin.403") == ["open"]


def test_a_server_that_answers_at_another_address_listens_everywhere() -> None:
    tape = Tape()
    tape.post(request(1, "initialize"), answer=result(1), url="http://127.0.0.2:8000/mcp")
    assert tape.verdict("bind.loopback") is Verdict.WARN


def test_a_stranger_at_another_address_decides_nothing() -> None:
    tape = Tape()
    tape.post(request(1, "initialize"), answer=b"what?", status=404, url="http://127.0.0.2:8000/mcp")
    assert tape.outcomes("bind.loopback") == ["open"]


def test_only_a_refused_connection_shows_that_nobody_listens() -> None:
    for trouble, outcome in (("the connection was refused", "ok"), ("", "open")):
        tape = Tape()
        number = tape.begin("POST", b"", url="http://127.0.0.2:8000/mcp")
        tape.recorder.lost(number, trouble)
        assert tape.outcomes("bind.loopback") == [outcome]


def test_the_targets_own_address_is_no_other() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), answer=result(1))
    assert tape.outcomes("bind.loopback") == []
