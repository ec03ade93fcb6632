"""Session ids: their letters, their strength, their absence and their end."""

import uuid
from typing import Any

import pytest

from conformance.judging.check import Verdict
from tests.tape import Tape, error, notification, request, result

PROPER = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}
LISTENING = {"Accept": "text/event-stream", "MCP-Protocol-Version": "2025-11-25"}


def given(*ids: str | None) -> Tape:
    tape = Tape()
    for id in ids:
        tape.initialize(session_id=id)
    return tape


# session.id-chars


@pytest.mark.parametrize("id", ["abc", "!~", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6", "eyJ0.eyJ1.c2ln", "  padded \t"])
def test_visible_ascii_is_good_and_white_space_around_a_header_does_not_count(id: str) -> None:
    assert given(id).outcomes("session.id-chars") == ["ok"]


@pytest.mark.parametrize("id", ["a b", "a\tb", "s\xe9ance", "a\x7f", "a\x00b", "\xa0a", "a\xa0"])
def test_anything_else_in_a_session_id_is_bad(id: str) -> None:
    assert given(id).verdict("session.id-chars") is Verdict.FAIL


def test_a_server_without_session_ids_is_not_judged_by_their_letters() -> None:
    assert given(None).verdict("session.id-chars") is Verdict.NOT_APPLICABLE


def test_a_session_id_on_a_refusal_or_on_later_answers_is_no_matter() -> None:
    tape = Tape()
    strange = {"Mcp-Session-Id": "a b"}
    tape.post(request(1, "initialize", {}), answer=error(1), response_headers=strange)
    tape.initialize(session_id="abc")
    tape.post(request(2, "ping"), answer=result(2), response_headers=strange)
    assert tape.outcomes("session.id-chars") == ["ok"]


def test_an_empty_session_id_decides_nothing() -> None:
    assert given("").outcomes("session.id-chars") == ["open"]


# session.id-quality


@pytest.mark.parametrize(
    "ids",
    [
        [f"{n}" for n in range(1, 9)],
        [f"session-{n}" for n in range(95, 105)],
        [f"s{n}" for n in (3, 9, 27, 81, 243)],
        [f"{1_718_900_000_000 + n * 7}" for n in range(6)],
        [f"conn:2025.{n}" for n in range(6)],
        ["x7Qa", "Zt-1", "b00k", "9aaQ", "zZzZ"],
        ["00ff31", "a1b2c3", "ffffff", "012345", "abcdef"],
    ],
)
def test_numbers_and_very_short_ids_can_be_guessed(ids: list[str]) -> None:
    assert given(*ids).verdict("session.id-quality") is Verdict.WARN


def _random(n: int) -> int:
    """A number of 8 hexadecimal digits that looks drawn, always the same."""
    return n * 0x9E3779B9 % 2**32 | 1 << 31


@pytest.mark.parametrize(
    "ids",
    [
        [str(uuid.UUID(int=n * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**128)) for n in range(1, 7)],
        [f"018f3c2a-1b0{n}-7000-8000-{_random(n):012x}" for n in range(1, 7)],
        [f"eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3MTg5MDAw{n}.{_random(n):x}" for n in range(1, 7)],
        [f"{_random(n):064x}" for n in range(1, 7)],
        [f"worker-7_{_random(n):08x}@eu" for n in range(1, 7)],
        [f"{3**40 * n}" + "0" * 10 for n in range(1, 7)],
        ["brave-otter-8fk2", "shy-mole-k2j4", "old-fox-00a1", "red-hen-zz19", "big-cat-1a2b"],
    ],
)
def test_uuids_tokens_and_hashes_are_taken_for_what_they_should_be(ids: list[str]) -> None:
    assert given(*ids).verdict("session.id-quality") is Verdict.PASS


@pytest.mark.parametrize(
    "pattern",
    ["{:032d}", "srv-5f2ac9d1b7e8-{}", "00000000-0000-4000-8000-{:012x}", "{}@worker-a7", "c2Vzc2lvbi0wM{}="],
)
def test_ids_that_differ_in_a_few_characters_can_be_tried(pattern: str) -> None:
    judgement = given(*(pattern.format(n) for n in range(6, 14))).judge("session.id-quality")
    assert judgement.verdict is Verdict.WARN
    assert "differ in" in judgement.decisive[0].seen or "number" in judgement.decisive[0].seen


def test_an_id_that_comes_twice_is_not_unique() -> None:
    same = str(uuid.uuid4())
    assert given(same, str(uuid.uuid4()), same).verdict("session.id-quality") is Verdict.WARN


def test_few_ids_tell_nothing_about_their_form() -> None:
    assert given("1", "2", "3").verdict("session.id-quality") is Verdict.NOT_SEEN


def test_initializing_again_within_a_session_is_no_second_session() -> None:
    tape = given(*(str(uuid.uuid4()) for _ in range(5)))
    tape.post(
        request(9, "initialize", {"protocolVersion": "2025-11-25"}),
        answer=result(9, {"protocolVersion": "2025-11-25"}),
        response_headers={"Mcp-Session-Id": tape.session_id or ""},
    )
    assert tape.verdict("session.id-quality") is Verdict.PASS


def test_a_server_without_session_ids_has_none_to_guess() -> None:
    assert given(None, None).verdict("session.id-quality") is Verdict.NOT_APPLICABLE


# session.missing-400


def nameless(**answer: Any) -> Tape:
    """A session, and then a ping that does not name it."""
    tape = given("abc")
    tape.session_id = None
    tape.post(request(2, "ping"), **{"headers": PROPER} | answer)
    return tape


def test_a_request_without_a_session_id_gets_400() -> None:
    assert nameless(status=400, answer=error(2)).outcomes("session.missing-400") == ["ok"]


@pytest.mark.parametrize("status", [401, 403, 404, 406, 409, 422, 500])
def test_another_refusal_is_a_warning(status: int) -> None:
    assert nameless(status=status).verdict("session.missing-400") is Verdict.WARN


@pytest.mark.parametrize("status", [301, 429, 503])
def test_who_is_busy_or_elsewhere_has_not_come_to_the_session_yet(status: int) -> None:
    assert nameless(status=status).verdict("session.missing-400") is Verdict.NOT_SEEN


@pytest.mark.parametrize("status", [401, 403])
def test_other_credentials_than_those_that_were_good_may_be_what_is_refused(status: int) -> None:
    tape = nameless(status=status, headers=PROPER | {"Authorization": "Bearer stale"})
    assert tape.verdict("session.missing-400") is Verdict.NOT_SEEN


def test_an_error_with_status_200_is_no_service() -> None:
    assert nameless(answer=error(2)).verdict("session.missing-400") is Verdict.WARN


def test_a_notification_that_is_taken_is_wrong_where_requests_need_a_session_id() -> None:
    tape = nameless(status=400)
    tape.post(notification("notifications/roots/list_changed"), status=202, headers=PROPER)
    assert tape.verdict("session.missing-400") is Verdict.WARN


def test_a_notification_that_is_taken_shows_nothing_by_itself() -> None:
    tape = given("abc")
    tape.session_id = None
    tape.post(notification("notifications/roots/list_changed"), status=202, headers=PROPER)
    assert tape.verdict("session.missing-400") is Verdict.NOT_SEEN


def test_a_get_that_nobody_is_served_says_nothing_of_session_ids() -> None:
    tape = given("abc")
    tape.exchange("GET", headers=LISTENING, status=404)
    tape.session_id = None
    tape.exchange("GET", headers=LISTENING, status=404)
    assert tape.verdict("session.missing-400") is Verdict.NOT_SEEN


def test_a_server_that_serves_it_needs_no_session_id() -> None:
    tape = nameless(answer=result(2))
    tape.get(status=404)
    assert tape.verdict("session.missing-400") is Verdict.NOT_APPLICABLE


def test_initialize_needs_no_session_id() -> None:
    tape = given("abc")
    tape.session_id = None
    tape.post(request(2, "initialize", {}), status=422, headers=PROPER)
    assert tape.outcomes("session.missing-400") == []


@pytest.mark.parametrize(
    "other",
    [{"Origin": "http://evil.example"}, {"MCP-Protocol-Version": "1999-01-01"}, {"Accept": "text/plain"}],
)
def test_a_request_with_another_mistake_shows_nothing(other: dict[str, str]) -> None:
    assert nameless(status=403, headers=PROPER | other).outcomes("session.missing-400") == []


def test_a_body_that_is_no_message_shows_nothing() -> None:
    tape = given("abc")
    tape.session_id = None
    tape.post(b"{", status=400, headers=PROPER)
    assert tape.outcomes("session.missing-400") == []


def test_get_without_a_session_id_where_get_is_not_offered_is_405() -> None:
    tape = given("abc")
    tape.session_id = None
    tape.exchange("GET", headers=LISTENING, status=405)
    assert tape.outcomes("session.missing-400") == ["moot"]


def test_a_server_without_sessions_needs_no_id() -> None:
    tape = given(None)
    tape.post(request(2, "ping"), status=404, headers=PROPER)
    assert tape.verdict("session.missing-400") is Verdict.NOT_APPLICABLE


# session.ended-404


def ended(status: int = 200) -> Tape:
    tape = given("abc")
    tape.exchange("DELETE", status=status, headers={"MCP-Protocol-Version": "2025-11-25"})
    return tape


@pytest.mark.parametrize("success", [200, 202, 204])
def test_an_ended_session_is_not_found(success: int) -> None:
    tape = ended(success)
    tape.post(request(2, "ping"), status=404, headers=PROPER)
    tape.exchange("GET", status=404, headers=LISTENING)
    tape.exchange("DELETE", status=404, headers={"MCP-Protocol-Version": "2025-11-25"})
    assert tape.outcomes("session.ended-404") == ["ok", "ok", "ok"]


@pytest.mark.parametrize("status", [400, 401, 403, 410, 409, 500])
def test_another_refusal_tells_the_client_nothing(status: int) -> None:
    tape = ended()
    tape.post(request(2, "ping"), status=status, headers=PROPER)
    assert tape.verdict("session.ended-404") is Verdict.FAIL


@pytest.mark.parametrize(("before", "verdict"), [(200, Verdict.FAIL), (405, Verdict.NOT_APPLICABLE)])
def test_after_the_end_405_is_right_only_where_there_never_was_a_stream(before: int, verdict: Verdict) -> None:
    tape = given("abc")
    tape.exchange("GET", status=before, headers=LISTENING, events=[": here\n\n"] if before == 200 else None)
    tape.exchange("DELETE", status=204, headers={"MCP-Protocol-Version": "2025-11-25"})
    tape.exchange("GET", status=405, headers=LISTENING)
    assert tape.verdict("session.ended-404") is verdict


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_get_and_delete_are_requests_too(method: str) -> None:
    tape = ended()
    tape.exchange(method, status=410, headers=LISTENING)
    assert tape.verdict("session.ended-404") is Verdict.FAIL


def test_a_session_that_is_served_after_its_end_is_bad() -> None:
    tape = ended()
    tape.now += 1
    tape.post(request(2, "ping"), answer=result(2), headers=PROPER)
    assert tape.verdict("session.ended-404") is Verdict.FAIL


def test_right_after_the_delete_a_server_may_still_be_ending_the_session() -> None:
    tape = given("abc")
    number = tape.begin("DELETE", headers={"Mcp-Session-Id": "abc"})
    tape.head(number, 202)
    tape.post(notification("notifications/roots/list_changed"), headers=PROPER)
    assert tape.outcomes("session.ended-404") == ["open"]
    tape.post(request(3, "ping"), status=404, headers=PROPER)
    assert tape.verdict("session.ended-404") is Verdict.PASS


def test_a_request_that_began_before_the_end_may_be_served() -> None:
    tape = given("abc")
    number = tape.begin("GET", headers={"Mcp-Session-Id": "abc", **LISTENING})
    tape.exchange("DELETE", status=204)
    tape.head(number, 200, {"Content-Type": "text/event-stream"})
    tape.end(number)
    assert tape.outcomes("session.ended-404") == []


@pytest.mark.parametrize("status", [405, 501, 401])
def test_a_server_that_lets_nobody_end_sessions_shows_nothing(status: int) -> None:
    tape = ended(status)
    tape.post(request(2, "ping"), answer=result(2), headers=PROPER)
    assert tape.verdict("session.ended-404") is Verdict.NOT_SEEN


def test_an_id_that_was_never_given_is_another_matter() -> None:
    tape = given("abc")
    tape.session_id = "never given"
    tape.post(request(2, "ping"), status=400, headers=PROPER)
    assert tape.verdict("session.ended-404") is Verdict.NOT_SEEN


def test_get_is_not_offered_at_all_to_whomever() -> None:
    tape = ended()
    tape.exchange("GET", status=405, headers=LISTENING)
    assert tape.outcomes("session.ended-404") == ["moot"]


def test_initialize_with_the_dead_id_begins_anew() -> None:
    tape = ended()
    tape.post(request(9, "initialize", {}), answer=result(9), headers=PROPER)
    assert tape.outcomes("session.ended-404") == []


def test_the_end_of_one_session_is_not_the_end_of_another() -> None:
    tape = ended()
    tape.initialize(session_id="def")
    tape.post(request(2, "ping"), answer=result(2), headers=PROPER)
    assert "bad" not in tape.outcomes("session.ended-404")
