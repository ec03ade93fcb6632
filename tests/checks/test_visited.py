"""News of visits: who is told, and under which id."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result


def told_of(name: JSON) -> str:
    return message_event(notification("notifications/elicitation/complete", {"elicitationId": name}))


def two_clients(name: JSON, **headers: str) -> Tape:
    """The first client is asked to visit the address `1`, the second is told of one."""
    tape = Tape()
    tape.initialize(session_id="a")
    wanted: dict[str, JSON] = {"mode": "url", "message": "Go.", "url": "https://a.example", "elicitationId": "1"}
    question = message_event(request("q", "elicitation/create", wanted))
    tape.post(request(2, "tools/call"), events=[question, told_of("1"), message_event(result(2))])
    tape.client = "story#2"
    tape.initialize(session_id="b")
    tape.exchange("GET", events=[told_of(name)], headers=headers)
    return tape


def test_the_client_that_was_asked_is_told() -> None:
    assert two_clients("2").outcomes("elicit.complete-client") == ["ok"]


def test_another_client_is_not_to_be_told() -> None:
    assert two_clients("1").verdict("elicit.complete-client") is Verdict.FAIL


def test_with_a_token_another_session_may_be_the_same_client() -> None:
    assert two_clients("1", Authorization="Bearer x").outcomes("elicit.complete-client") == ["ok", "open"]


def test_an_id_that_nobody_was_given() -> None:
    assert two_clients("2").outcomes("elicit.complete-id") == ["ok", "bad"]


def test_another_clients_id_is_another_matter() -> None:
    assert two_clients("1").outcomes("elicit.complete-id") == ["ok"]


@pytest.mark.parametrize("value", [None, 1, [], {"a": 1}])
def test_nonsense_is_nobodys_crash(value: JSON) -> None:
    tape = two_clients(value)
    assert tape.verdict("elicit.complete-id") is Verdict.FAIL
    assert tape.verdict("elicit.complete-client") is Verdict.PASS
