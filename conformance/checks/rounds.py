"""Attempts at one request: what the server wanted to know, what was said to it, and what came of it. No checks here.

From 2026-07-28 on a server asks in the result of a request, and the client tries again with the answers
(basic/patterns/mrtr). The attempts are independent requests; they belong together by what they have in common.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from conformance.checks.deciding import says_nothing
from conformance.evidence.era import NAMED_BY
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call

Outcome: TypeAlias = Literal["asks", "complete", "failed", "error"]

ACTIONS = ("accept", "decline", "cancel")
KINDS = ("elicitation/create", "sampling/createMessage", "roots/list")
_COMMON = ("name", "uri", "arguments")
_WORDS: dict[Outcome, str] = {
    "asks": "asked for input",
    "complete": "served",
    "failed": "answered with a result that says isError",
    "error": "refused with a JSON-RPC error",
}


def asks(call: Call) -> bool:
    """Whether the answer says that input is required."""
    return outcome(call) == "asks"


def wanted(call: Call) -> dict[str, JSON]:
    """The questions in the answer to a call, by their keys; empty where there are none."""
    asked = call.response.result.get("inputRequests") if call.response is not None and asks(call) else None
    return asked if isinstance(asked, dict) else {}


def state_given(call: Call) -> JSON:
    """The `requestState` in the answer to a call."""
    return call.response.result.get("requestState") if call.response is not None and asks(call) else None


def is_retry(call: Call) -> bool:
    """Whether a request comes with answers, or with state, of an earlier attempt."""
    return "inputResponses" in call.request.params or "requestState" in call.request.params


def answers(call: Call) -> dict[str, JSON] | None:
    """The answers that a request comes with; None if there are none, or what is there is no object."""
    given = call.request.params.get("inputResponses")
    return given if isinstance(given, dict) else None


def outcome(call: Call) -> Outcome | None:
    """What came of a call; None if there is no response that decides anything, or one of a type of an extension."""
    if call.response is None:
        return None
    if call.response.kind == "error":
        return "error" if says_nothing(call.exchange) is None else None
    kind = call.response.result.get("resultType", "complete")
    if kind == "input_required":
        return "asks"
    if kind != "complete":
        return None
    return "failed" if call.response.result.get("isError") is True else "complete"


def words(call: Call) -> str:
    """What came of a call, for a sentence."""
    came = outcome(call)
    if came is None:
        return says_nothing(call.exchange) or f"answered with {call.exchange.status} and no result that is known"
    return _WORDS[came]


def same_request(left: Call, right: Call) -> bool:
    """Whether two calls are attempts at one request: same method, same name or URI, same arguments."""
    ours, theirs = left.request.params, right.request.params
    alike = all((ours.get(name) or None) == (theirs.get(name) or None) for name in _COMMON)
    return alike and left.request.method == right.request.method


def subject(call: Call) -> JSON:
    """The name or the URI that a request is about."""
    return call.request.params.get(NAMED_BY.get(call.request.method, ""))


def asked_before(call: Call) -> Call | None:
    """The attempt whose questions this one answers: the one that gave its state, else the latest that asked."""
    earlier = [c for c in call.session.calls if c.request.at < call.request.at and same_request(c, call) and asks(c)]
    heard = [c for c in earlier if c.response is not None and c.response.at <= call.request.at]
    state = call.request.params.get("requestState")
    same = [c for c in heard if isinstance(state, str) and state_given(c) == state]
    return next(reversed(same or heard), None)


def fits(question: JSON, answer: JSON) -> bool:
    """Whether an answer has the shape that a question of its kind wants (schema: InputResponse)."""
    if not isinstance(answer, dict):
        return False
    match question.get("method") if isinstance(question, dict) else None:
        case "elicitation/create":
            return answer.get("action") in ACTIONS
        case "sampling/createMessage":
            return isinstance(answer.get("content"), dict | list)
        case "roots/list":
            return isinstance(answer.get("roots"), list)
    return True


def has_only_fitting(questions: Mapping[str, JSON], given: Mapping[str, JSON]) -> bool:
    """Whether every question has an answer of its kind."""
    return all(key in given and fits(question, given[key]) for key, question in questions.items())
