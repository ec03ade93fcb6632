"""Tokens of clients: other ways to be authorized are free."""

import pytest

from tests.checks.live import Live


def begun(challenge: str | None) -> Live:
    tape = Live()
    if challenge is not None:
        tape.exchange("POST", b"{}", status=401, response_headers={"WWW-Authenticate": challenge})
    tape.initialize(session_id="s")
    return tape


@pytest.mark.parametrize(
    ("challenge", "given", "said"),
    [
        (None, "Basic eDp5", []),
        (None, "secret", []),
        ('Bearer resource_metadata="http://x/"', "bearer abc", ["ok"]),
        ('Bearer resource_metadata="http://x/"', "secret", ["bad"]),
        ("Basic", "Basic eDp5", []),
    ],
)
def test_a_bearer_token_is_due_where_nothing_else_is_wanted(
    challenge: str | None, given: str, said: list[str]
) -> None:
    tape = begun(challenge)
    tape.ask_for("ping", headers={"Authorization": given})
    assert tape.said("token.header") == said


def test_a_token_that_was_never_accepted_need_not_come_again() -> None:
    tape = begun(None)
    tape.ask_for("ping", id=2, headers={"Authorization": "Bearer old"}, status=401)
    tape.ask_for("ping", id=3)
    assert tape.said("token.every-request") == []
