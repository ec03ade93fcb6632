"""State that comes back: when to serve it is a breach, and when nobody can know."""

import pytest

from conformance.evidence.trace import JSON
from tests.checks.test_mrtr import FORM, asking
from tests.tape import Tape, complete, error

GUARDED = "test_input_required_result_tampered_state"
STATE = "v1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
FAILED: dict[str, JSON] = {"content": [], "isError": True}


def give(tape: Tape, name: str, state: str = STATE, token: str = "") -> None:
    headers: dict[str, str | None] | None = {"Authorization": token} if token else None
    tape.ask("tools/call", {"name": name}, answer=asking(1, {"k": FORM}, requestState=state), headers=headers)


def bring(tape: Tape, name: str, state: JSON, answer: dict[str, JSON], token: str = "") -> None:
    params: dict[str, JSON] = {"name": name, "requestState": state, "inputResponses": {"k": {"action": "accept"}}}
    tape.ask("tools/call", params, id=2, answer=answer, headers={"Authorization": token} if token else None)


def tape_with(state: JSON, answer: dict[str, JSON], name: str = GUARDED) -> Tape:
    """A client that is given `STATE` and brings another."""
    tape = Tape("2026-07-28")
    give(tape, name)
    bring(tape, name, state, answer)
    return tape


ALTERED = [f"{STATE}-TAMPERED", STATE[:20] + "b" + STATE[21:], STATE[:-4], "w" + STATE[1:]]
INVENTED: list[JSON] = ["eyJhIjoxfQ==", 42, False, {"a": 1}, ["v1"]]


@pytest.mark.parametrize("state", ALTERED)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(complete(2), "bad"), (error(2), "ok"), (complete(2, FAILED), "bent"), (asking(2, {"k": FORM}), "bent")],
)
def test_altered_state_that_matters_is_rejected(state: str, answer: dict[str, JSON], outcome: str) -> None:
    tape = tape_with(state, answer)
    assert tape.outcomes("mrtr.state-tampered") == [outcome]
    assert tape.outcomes("mrtr.state-untrusted") == []


@pytest.mark.parametrize("state", INVENTED)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(complete(2), "bad"), (error(2), "ok"), (complete(2, FAILED), "ok"), (asking(2, {"k": FORM}), "ok")],
)
def test_invented_state_is_not_believed(state: JSON, answer: dict[str, JSON], outcome: str) -> None:
    tape = tape_with(state, answer)
    assert tape.outcomes("mrtr.state-untrusted") == [outcome]
    assert tape.outcomes("mrtr.state-tampered") == []


def test_where_state_may_be_of_no_importance_nobody_has_to_protect_it() -> None:
    assert tape_with(ALTERED[0], complete(2), "t").outcomes("mrtr.state-tampered") == ["open"]
    assert tape_with(ALTERED[0], error(2), "t").outcomes("mrtr.state-tampered") == ["ok"]
    assert tape_with("made up", complete(2), "t").outcomes("mrtr.state-untrusted") == ["open"]


@pytest.mark.parametrize("state", ["", None])
def test_nothing_is_no_invention(state: JSON) -> None:
    assert tape_with(state, complete(2)).outcomes("mrtr.state-untrusted") == ["open"]
    assert tape_with(state, error(2)).outcomes("mrtr.state-untrusted") == ["ok"]


def test_state_that_comes_back_as_it_was_is_nobodys_attack() -> None:
    tape = tape_with(STATE, complete(2))
    for key in ("mrtr.state-tampered", "mrtr.state-untrusted", "mrtr.state-replay"):
        assert tape.outcomes(key) == []


def test_a_refusal_for_want_of_a_token_is_not_about_state() -> None:
    tape = Tape("2026-07-28")
    give(tape, GUARDED)
    tape.ask("tools/call", {"name": GUARDED, "requestState": ALTERED[0]}, id=2, status=401, answer=error(2))
    assert tape.outcomes("mrtr.state-tampered") == ["open"]


def test_short_state_that_is_replaced_has_no_half_to_be_known_by() -> None:
    tape = Tape("2026-07-28")
    give(tape, GUARDED, "")
    give(tape, GUARDED, "x")
    bring(tape, GUARDED, "y", error(2))
    assert tape.outcomes("mrtr.state-untrusted") == ["ok"]


@pytest.mark.parametrize(
    ("answer", "outcome"), [(complete(2), "bad"), (error(2), "ok"), (asking(2, {"k": FORM}), "ok")]
)
def test_state_of_another_request_is_not_for_this_one(answer: dict[str, JSON], outcome: str) -> None:
    tape = Tape("2026-07-28")
    give(tape, "t")
    bring(tape, GUARDED, STATE, answer)
    assert tape.outcomes("mrtr.state-replay") == [outcome]


def test_a_tool_that_takes_its_own_state_and_no_other_has_looked_at_it() -> None:
    tape = Tape("2026-07-28")
    give(tape, "t")
    give(tape, "u", "v1.bbbbbbbb")
    bring(tape, "u", STATE, error(2))
    assert tape.outcomes("mrtr.state-replay") == ["open"]
    bring(tape, "u", "v1.bbbbbbbb", complete(2))
    assert tape.outcomes("mrtr.state-replay") == ["ok"]


def test_two_tools_that_give_the_same_state_share_it() -> None:
    tape = Tape("2026-07-28")
    give(tape, "t")
    give(tape, GUARDED)
    bring(tape, GUARDED, STATE, complete(2))
    assert tape.outcomes("mrtr.state-replay") == []


@pytest.mark.parametrize(("token", "outcomes"), [("Bearer b", ["open"]), ("Bearer a", []), ("", ["open"])])
def test_another_token_may_be_that_of_the_same_client(token: str, outcomes: list[str]) -> None:
    tape = Tape("2026-07-28")
    give(tape, GUARDED, token="Bearer a")
    bring(tape, GUARDED, STATE, complete(2), token)
    assert tape.outcomes("mrtr.state-replay") == outcomes


def test_what_is_appended_may_not_be_read_by_a_server_that_rejects_other_alterations() -> None:
    tape = tape_with(ALTERED[1], error(2))
    bring(tape, GUARDED, ALTERED[0], complete(2))
    assert tape.outcomes("mrtr.state-tampered") == ["ok", "open"]
    bring(tape, GUARDED, ALTERED[2], complete(2))
    assert tape.outcomes("mrtr.state-tampered") == ["ok", "open", "bad"]
