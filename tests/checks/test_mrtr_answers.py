"""Answers that are wrong, too many or too few: what a server may make of them."""

import json

import pytest

from conformance.evidence.era import CAPABILITIES, VERSION
from conformance.evidence.trace import JSON
from tests.checks.test_mrtr import FORM, MODEL, ROOTS, TOOL, asking
from tests.tape import Tape, complete, error, request

YES: dict[str, JSON] = {"action": "accept", "content": {}}
FAILED: dict[str, JSON] = {"content": [], "isError": True}


def tape_with(*answers: tuple[JSON, dict[str, JSON]], questions: JSON = None, state: JSON = None) -> Tape:
    """A call that is asked `questions`, and attempts with answers and what they draw."""
    tape = Tape("2026-07-28")
    more: dict[str, JSON] = {} if state is None else {"requestState": state}
    tape.ask("tools/call", TOOL, id=1, answer=asking(1, {"k": FORM} if questions is None else questions, **more))
    for given, answer in answers:
        tape.ask("tools/call", TOOL | more | {"inputResponses": given}, id=2, answer=answer)
    return tape


@pytest.mark.parametrize("value", [12345, None, [], {}, {"action": "shrug"}, {"content": {}}])
def test_a_value_that_is_no_answer_is_not_taken_for_one(value: JSON) -> None:
    assert tape_with(({"k": value}, complete(2))).outcomes("mrtr.validate") == ["bad"]
    refused = (error(2, -32602), complete(2, FAILED), asking(2, {"k": FORM}))
    assert tape_with(*(({"k": value}, answer) for answer in refused)).outcomes("mrtr.validate") == ["ok", "ok", "ok"]


def test_a_user_who_declines_has_answered() -> None:
    assert tape_with(({"k": {"action": "decline"}}, complete(2))).outcomes("mrtr.validate") == []


def test_answers_are_looked_at_by_the_kind_of_their_question() -> None:
    questions: JSON = {"m": MODEL, "r": ROOTS, "x": {"method": "acme/ask"}, "n": None}
    wrong: dict[str, JSON] = {"m": {"roots": []}, "r": {"roots": "none"}, "x": {}, "n": {}}
    assert tape_with((wrong, complete(2)), questions=questions).outcomes("mrtr.validate") == ["bad"]
    right: dict[str, JSON] = {"m": {"role": "assistant", "content": [], "model": "m"}, "r": {"roots": []}}
    assert tape_with((right, complete(2)), questions=questions).outcomes("mrtr.validate") == []


def test_who_was_never_asked_has_nothing_to_answer() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/call", TOOL | {"inputResponses": {"k": 1}}, id=1, answer=complete(1))
    tape.ask("tools/call", TOOL | {"inputResponses": 7}, id=2, answer=complete(2))
    for key in ("mrtr.validate", "mrtr.errors", "mrtr.extra", "mrtr.ask-again"):
        assert tape.outcomes(key) == []


@pytest.mark.parametrize("value", [None, "text", 7, []])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(complete(2), "bad"), (complete(2, FAILED), "bad"), (error(2), "ok"), (asking(2, {"k": FORM}), "open")],
)
def test_answers_that_are_no_object_draw_an_error(value: JSON, answer: dict[str, JSON], outcome: str) -> None:
    assert tape_with((value, answer)).outcomes("mrtr.errors") == [outcome]


def test_one_answer_more_does_no_harm() -> None:
    more: dict[str, JSON] = {"k": YES, "x": YES}
    assert tape_with((more, complete(2))).outcomes("mrtr.extra") == ["ok"]
    assert tape_with((more, asking(2, {"next": FORM}))).outcomes("mrtr.extra") == ["ok"]
    assert tape_with((more, error(2))).outcomes("mrtr.extra") == ["open"]
    assert tape_with(({"k": YES}, complete(2)), (more, error(2))).outcomes("mrtr.extra") == ["bad"]
    assert tape_with(({"k": YES}, complete(2)), (more, asking(2, {"k": FORM}))).outcomes("mrtr.extra") == ["bad"]


def test_one_answer_more_beside_one_that_is_wrong_decides_nothing() -> None:
    assert tape_with(({"k": YES}, complete(2)), ({"k": 7, "x": YES}, error(2))).outcomes("mrtr.extra") == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(asking(2, {"k": FORM}), "ok"), (error(2), "bad"), (complete(2, FAILED), "bad"), (complete(2), "open")],
)
def test_what_is_missing_is_asked_for_again(answer: dict[str, JSON], outcome: str) -> None:
    assert tape_with(({}, answer)).outcomes("mrtr.ask-again") == [outcome]
    assert tape_with(({}, answer), state="s").outcomes("mrtr.ask-again") == [outcome]


def test_a_refusal_for_altered_state_is_not_about_missing_answers() -> None:
    tape = tape_with(state="s")
    tape.ask("tools/call", TOOL | {"requestState": "t", "inputResponses": {}}, id=2, answer=error(2))
    assert tape.outcomes("mrtr.ask-again") == []


def test_a_refusal_for_want_of_a_token_decides_nothing() -> None:
    tape = tape_with()
    tape.ask("tools/call", TOOL | {"inputResponses": {}}, id=2, status=401, answer=error(2))
    assert tape.outcomes("mrtr.ask-again") == ["open"]


def test_who_begins_anew_is_served() -> None:
    for answer, outcome in ((asking(2, {"k": FORM}), "ok"), (complete(2), "ok"), (error(2), "bad")):
        tape = tape_with()
        tape.ask("tools/call", TOOL, id=2, answer=answer)
        assert tape.outcomes("mrtr.no-assumption") == [outcome]


def test_who_has_answered_has_not_left_the_question_alone() -> None:
    tape = tape_with(({"k": YES}, complete(2)))
    tape.ask("tools/call", TOOL, id=3, answer=error(3))
    assert tape.outcomes("mrtr.no-assumption") == []


def test_who_declares_less_begins_something_else() -> None:
    tape = tape_with()
    tape.ask("tools/call", TOOL, id=2, meta={CAPABILITIES: {"x": {}}}, answer=error(2))
    assert tape.outcomes("mrtr.no-assumption") == []


def test_a_server_that_makes_the_client_wait_is_seen_when_it_serves_others() -> None:
    for serves, outcome in ((True, "bad"), (False, "open")):
        tape = tape_with()
        meta: JSON = {VERSION: tape.revision, CAPABILITIES: {}}
        waiting = tape.begin("POST", json.dumps(request(2, "tools/call", TOOL | {"_meta": meta})).encode())
        if serves:
            tape.ask("server/discover", id=3, answer=complete(3))
        tape.end(waiting, "timed out")
        assert tape.outcomes("mrtr.no-assumption") == [outcome]
