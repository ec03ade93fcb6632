"""Who is let in and what the others are told: basic/authorization, "Token Handling" and "Error Handling"."""

import pytest

from conformance.judging.check import Verdict
from tests.checks.doors import BEARER, INVALID, METADATA, SMALL, Door
from tests.tape import Tape, result

MODERN = "2026-07-28"
RULES = [
    "rs.statuses",
    "rs.validate",
    "rs.invalid-401",
    "rs.error-5-3",
    "rs.audience",
    "rs.validate-first",
    "rs.scope",
]


def protected(revision: str = "2025-11-25") -> Door:
    """A server that turned somebody away who showed no token, and let in who showed one."""
    door = Door(revision)
    door.knock()
    door.knock("full", 200)
    return door


# Whom the rules are about


@pytest.mark.parametrize("key", RULES)
def test_a_server_that_answers_without_a_token_has_nothing_to_keep(key: str) -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    assert tape.verdict(key) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("key", RULES)
@pytest.mark.parametrize("challenge", [None, 'Basic realm="x"', 'ApiKey in="header"', "Negotiate"])
def test_a_scheme_of_its_own_has_its_own_rules(key: str, challenge: str | None) -> None:
    door = Door()
    door.knock(challenge=challenge)
    door.knock("garbage", 403, None)
    assert door.verdict(key) is Verdict.NOT_APPLICABLE


def test_what_is_open_to_all_may_be_done_with_any_token() -> None:
    door = Door(MODERN)
    door.knock(None, 200, method="tools/list")
    door.knock("garbage", 200, method="tools/list")
    door.knock(method="tools/call")
    door.knock("garbage", challenge=INVALID, method="tools/call")
    assert door.outcomes("rs.validate") == ["ok"]
    assert door.outcomes("rs.validate-first") == ["ok", "ok"]


def test_a_public_server_may_say_403_for_other_reasons() -> None:
    door = Door()
    door.initialize()
    door.knock(None, 403, None, headers={"Origin": "http://evil.example"})
    assert door.verdict("rs.statuses") is Verdict.NOT_APPLICABLE


def test_an_open_server_may_refuse_some_requests_and_take_any_token() -> None:
    door = Door()
    door.initialize()
    door.knock("full", 200)
    door.knock("garbage", 200)
    door.knock(None, 403, None, headers={"Origin": "http://evil.example"})
    for key in RULES:
        assert door.verdict(key) is Verdict.NOT_APPLICABLE, key


# A missing token


def test_a_missing_token_draws_401() -> None:
    door = protected("2025-03-26")
    assert door.outcomes("rs.401") == ["ok"]
    assert door.outcomes("rs.statuses") == ["ok"]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_another_status_for_a_missing_token_is_wrong_where_a_token_would_have_helped(status: int) -> None:
    door = protected("2025-03-26")
    door.knock(None, status, None)
    assert door.outcomes("rs.401") == ["ok", "bad"]
    assert door.outcomes("rs.statuses") == ["ok", "bad"]


def test_a_missing_token_in_somebody_elses_session_may_make_it_an_unknown_session() -> None:
    door = protected("2025-03-26")
    door.session_id = "abc"
    door.knock(None, 404, None, method="tools/list")
    assert door.outcomes("rs.401") == ["ok", "open"]
    assert door.outcomes("rs.statuses") == ["ok"]


def test_a_session_is_no_token() -> None:
    door = protected()
    door.session_id = "abc"
    door.knock(None, 200, method="tools/list")
    assert door.outcomes("rs.validate-first") == ["ok", "bad"]


def test_a_refusal_with_data_in_it_is_none() -> None:
    door = protected()
    door.knock(method="tools/list", answer=result(1, {"tools": []}))
    assert door.outcomes("rs.validate-first") == ["ok", "bad"]


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_who_is_busy_or_leads_elsewhere_has_decided_nothing(status: int) -> None:
    door = protected()
    door.knock("garbage", status, None)
    assert door.outcomes("rs.validate") == ["open"]
    assert door.outcomes("rs.invalid-401") == ["open"]


# A wrong token


@pytest.mark.parametrize("role", ["garbage", "tampered", "expired"])
def test_an_invalid_token_draws_401_and_a_challenge(role: str) -> None:
    door = protected()
    door.knock(role, challenge=INVALID)
    for key in ("rs.validate", "rs.invalid-401", "rs.error-5-3"):
        assert door.outcomes(key) == ["ok"], key


@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_invalid_token_that_draws_something_else_is_wrong(status: int) -> None:
    door = protected()
    door.knock("expired", status, INVALID)
    assert door.outcomes("rs.invalid-401") == ["bad"]
    assert door.outcomes("rs.validate") == ["ok"]


def test_an_invalid_token_that_is_served_is_wrong() -> None:
    door = protected()
    door.knock("tampered", 200)
    assert door.outcomes("rs.validate") == ["bad"]
    assert door.outcomes("rs.validate-first") == ["ok"]


def test_a_tool_that_refuses_by_itself_has_given_nothing() -> None:
    door = protected(MODERN)
    door.knock(method="tools/call")
    door.knock("garbage", 200, method="tools/call", answer=result(1, {"content": [], "isError": True}))
    assert door.outcomes("rs.validate") == ["ok"]


def test_the_error_code_of_a_challenge_is_free_and_the_challenge_is_not() -> None:
    door = protected()
    door.knock("garbage", challenge="Bearer")
    door.knock("garbage", challenge=None)
    assert door.outcomes("rs.error-5-3") == ["ok", "bad"]


@pytest.mark.parametrize(
    "challenge",
    [
        'bearer realm="a, b", ERROR=invalid_token',
        'Basic realm="x", BEARER Error = "invalid_token"',
        'Negotiate abc==,Bearer error_description="say \\"please\\"", error="invalid_token"',
    ],
)
def test_challenges_are_written_in_many_ways(challenge: str) -> None:
    door = protected()
    door.knock("garbage", challenge=challenge)
    assert door.outcomes("rs.error-5-3") == ["ok"]


def test_a_token_for_another_audience_is_refused() -> None:
    door = protected()
    door.knock("elsewhere", challenge=INVALID)
    for key in ("rs.audience", "rs.no-other-tokens", "rs.invalid-401"):
        assert door.outcomes(key) == ["ok"], key


def test_a_token_for_another_audience_that_is_called_forbidden_is_a_warning() -> None:
    door = protected()
    door.knock("elsewhere", 403, INVALID)
    assert door.outcomes("rs.audience") == ["ok"]
    assert door.verdict("rs.invalid-401") is Verdict.WARN


def test_a_token_for_another_audience_that_is_served_is_wrong() -> None:
    door = protected()
    door.knock("elsewhere", 200)
    assert door.outcomes("rs.audience") == ["bad"]
    assert door.outcomes("rs.no-other-tokens") == ["bad"]
    assert door.outcomes("rs.validate") == []


def test_a_token_in_the_query_is_ignored_or_draws_a_warning() -> None:
    door = protected()
    url = "http://127.0.0.1:8000/mcp?access_token=abc"
    door.knock(None, url=url)
    assert door.outcomes("rs.validate") == []
    door.knock(None, 200, url=url)
    assert door.verdict("rs.validate") is Verdict.WARN


# Scopes


def test_the_challenge_names_scopes_where_there_are_any() -> None:
    door = protected()
    assert door.outcomes("rs.scope") == ["ok"]
    door.knock(challenge=f'Bearer resource_metadata="{METADATA}"')
    assert door.outcomes("rs.scope") == ["ok", "bad"]


def test_who_speaks_of_scopes_nowhere_may_have_none() -> None:
    door = Door()
    door.knock(challenge="Bearer")
    assert door.outcomes("rs.scope") == ["open"]


def test_scopes_in_another_order_are_the_same() -> None:
    door = Door()
    door.knock(challenge='Bearer scope="a b"')
    door.knock(challenge='Bearer scope="b  a"')
    assert door.outcomes("rs.scope-consistent") == ["ok"]
    door.knock(challenge='Bearer scope="a"')
    assert door.verdict("rs.scope-consistent") is Verdict.WARN


def test_other_requests_may_take_other_scopes() -> None:
    door = Door(MODERN)
    door.knock(challenge='Bearer scope="a"', method="tools/list")
    door.knock(challenge='Bearer scope="b"', method="tools/call")
    assert door.outcomes("rs.scope-consistent") == []


def narrow(status: int, challenge: str | None) -> Door:
    door = protected(MODERN)
    door.knock(method="tools/call")
    door.knock("narrow", 200, method="tools/list")
    door.knock("narrow", status, challenge, method="tools/call")
    return door


def test_a_token_that_is_too_small_draws_403() -> None:
    door = narrow(403, SMALL)
    for key in ("rs.403-scope", "rs.403-scope-list"):
        assert door.outcomes(key) == ["ok"], key
    assert door.outcomes("rs.statuses") == ["ok", "ok", "ok"]


@pytest.mark.parametrize(
    ("status", "challenge"),
    [(401, SMALL), (403, None), (403, BEARER), (403, 'Bearer error="insufficient_scope", scope="write"')],
)
def test_another_refusal_of_a_small_token_is_a_warning(status: int, challenge: str | None) -> None:
    door = narrow(status, challenge)
    assert door.verdict("rs.403-scope") is Verdict.WARN
    assert door.verdict("rs.statuses") is (Verdict.WARN if status == 401 else Verdict.PASS)


def test_a_token_that_opens_nothing_may_not_be_valid_at_all() -> None:
    door = protected()
    door.knock("narrow", 401, INVALID)
    assert door.outcomes("rs.403-scope") == ["open"]
    assert door.outcomes("rs.statuses") == ["ok"]


def test_a_token_that_is_called_too_small_for_everything_is_valid() -> None:
    door = protected()
    door.knock("narrow", 403, SMALL)
    assert door.outcomes("rs.403-scope") == ["ok"]
    assert door.outcomes("rs.403-scope-list") == ["ok"]


def test_a_narrow_token_may_be_enough() -> None:
    door = protected()
    door.knock("narrow", 200)
    assert door.outcomes("rs.403-scope") == ["open"]


def test_offline_access_is_no_need_of_a_resource() -> None:
    door = Door(MODERN)
    door.knock()
    assert door.outcomes("rs.no-offline") == ["ok"]
    door.look_up("/.well-known/oauth-protected-resource", {"resource": "x", "scopes_supported": ["offline_access"]})
    assert door.verdict("rs.no-offline") is Verdict.WARN


def test_what_a_narrow_token_opens_the_full_one_opens_too() -> None:
    door = protected(MODERN)
    door.knock("narrow", 200, method="tools/list")
    door.knock("full", 200, method="tools/list")
    assert door.outcomes("rs.scope-hierarchy") == ["ok"]
    door.knock("full", 403, SMALL, method="tools/list")
    assert door.verdict("rs.scope-hierarchy") is Verdict.FAIL
