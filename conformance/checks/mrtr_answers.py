"""basic/patterns/mrtr, "Error Handling": answers that are wrong, too many or too few, and answers that never come."""

from conformance.checks.deciding import is_silent
from conformance.checks.reading import shown
from conformance.checks.rounds import (
    answers,
    asked_before,
    asks,
    fits,
    has_only_fitting,
    is_retry,
    outcome,
    same_request,
    state_given,
    subject,
    wanted,
    words,
)
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided


@check("mrtr.no-assumption")
def nobody_waits_for_the_answers(session: Session) -> Findings:
    """A client that leaves a question unanswered, and asks the same anew, is served as at first."""
    for call in filter(asks, session.calls) if session.modern else ():
        fresh = next((c for c in session.calls if _begins_anew(c, call)), None)
        if fresh is None or any(is_retry(c) and same_request(c, call) for c in session.calls):
            continue
        who, came = f"{call.request.method} of {shown(subject(call))}", outcome(fresh)
        if came in ("asks", "complete"):
            yield expect(True, fresh, f"{who}, begun anew after an unanswered question, was {words(fresh)}")
        elif came == "error" or (is_silent(fresh.exchange) and _lives_on(fresh)):
            yield expect(False, fresh, f"{who} was begun anew after an unanswered question, and was {words(fresh)}")
        else:
            yield undecided(fresh, f"{who}, begun anew after an unanswered question: {words(fresh)}")


@check("mrtr.validate")
def answers_are_looked_at(call: Call) -> Findings:
    """A server does not take a value for an answer that is none to its question."""
    given = answers(call)
    before = asked_before(call) if call.session.modern and given is not None else None
    if given is None or before is None:
        return
    asked = wanted(before)
    wrong = [key for key in asked if key in given and not fits(asked[key], given[key])]
    if wrong:
        seen = f"a retry with the answer {shown(given[wrong[0]])} to the question {shown(wrong[0])}: {words(call)}"
        yield undecided(call, seen) if outcome(call) is None else expect(outcome(call) != "complete", call, seen)


@check("mrtr.errors")
def answers_that_cannot_be_read_are_an_error(call: Call) -> Findings:
    """Answers that are no object are refused with a JSON-RPC error.

    To ask once more is what the next sentences want for missing answers, so it decides nothing.
    """
    params = call.request.params
    if not call.session.modern or isinstance(params.get("inputResponses", {}), dict) or asked_before(call) is None:
        return
    seen = f"inputResponses is {shown(params['inputResponses'])}: {words(call)}"
    if outcome(call) in (None, "asks"):
        yield undecided(call, seen)
    else:
        yield expect(outcome(call) == "error", call, seen)


@check("mrtr.extra")
def answers_that_nobody_wants_are_ignored(call: Call) -> Findings:
    """More answers than were asked for do no harm.

    Where the server refuses, it may dislike the answers themselves; so the same answers alone must have been enough.
    """
    given = answers(call)
    before = asked_before(call) if call.session.modern and given is not None else None
    if given is None or before is None or not _answers_all(call, before):
        return
    extra = [key for key in given if key not in wanted(before)]
    if not extra:
        return
    seen = f"an answer to {shown(extra[0])}, which was not asked: {words(call)}"
    if outcome(call) == "complete" or (asks(call) and not wanted(call).keys() & given.keys()):
        yield expect(True, call, seen)
    elif outcome(call) is not None and any(_served_without(c, call, before) for c in call.session.calls):
        yield expect(False, call, f"{seen}; without it, the request was served")
    else:
        yield undecided(call, seen)


@check("mrtr.ask-again")
def what_is_missing_is_asked_for_again(call: Call) -> Findings:
    """Where answers are missing, the server asks for them again and does not fail."""
    given = answers(call)
    before = asked_before(call) if call.session.modern and given is not None else None
    if given is None or before is None or not _brings_its_state(call, before):
        return
    missing = [key for key in wanted(before) if key not in given]
    if not missing:
        return
    seen = f"a retry without an answer to {shown(missing[0])}: {words(call)}"
    if outcome(call) in (None, "complete"):
        yield undecided(call, f"{seen}; so it was not necessary" if outcome(call) else seen)
    else:
        yield expect(asks(call), call, seen)


def _begins_anew(call: Call, before: Call) -> bool:
    """Whether a call makes the same request after the answer to another, as if nothing had been asked."""
    if is_retry(call) or before.response is None or is_retry(before):
        return False
    alike = same_request(call, before) and call.client_capabilities == before.client_capabilities
    return alike and call.request.at > before.response.at


def _lives_on(call: Call) -> bool:
    """Whether the server answered somebody while this call waited in vain."""
    return any(x.ok and x.started > call.exchange.started for x in call.session.trace.exchanges)


def _answers_all(call: Call, before: Call) -> bool:
    """Whether a call answers everything that was asked, each in its kind, and brings the state that it was given."""
    asked = wanted(before)
    return bool(asked) and has_only_fitting(asked, answers(call) or {}) and _brings_its_state(call, before)


def _brings_its_state(call: Call, before: Call) -> bool:
    """Whether the state of a call is what the server gave with its questions, or there is none in both."""
    return call.request.params.get("requestState") == state_given(before)


def _served_without(other: Call, call: Call, before: Call) -> bool:
    """Whether the same request was served with the same answers to the same questions, and no others."""
    given, ours = answers(other), answers(call) or {}
    alike = given == {key: ours.get(key) for key in wanted(before)}
    return alike and same_request(other, call) and outcome(other) == "complete"
