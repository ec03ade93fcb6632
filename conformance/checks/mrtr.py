"""basic/patterns/mrtr: a server that needs something from its client says so in the result, and in no other way."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from conformance.checks.reading import shown
from conformance.checks.rounds import KINDS, asks, wanted
from conformance.evidence.era import MISSING_CAPABILITY
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call, Session
from conformance.judging import shapes
from conformance.judging.check import Findings, check, expect

OTHERS = (
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "completion/complete",
    "subscriptions/listen",
)
CAPABILITY_FOR = {"elicitation/create": "elicitation", "sampling/createMessage": "sampling", "roots/list": "roots"}


@check("mrtr.only-way")
def input_is_asked_for_in_the_result(session: Session) -> Findings:
    """What a server wants of its client stands in an InputRequiredResult, and is no request of its own."""
    if not session.modern:
        return
    for message in session.messages():
        if message.sender == "server" and message.kind == "request" and message.method in KINDS:
            yield expect(False, message, f"the server sent {message.method} as a request")
    for call in session.calls:
        if questions := wanted(call):
            yield expect(True, call, f"{call.request.method} was answered with {_count(questions)}")


@check("stream.no-requests")
def no_stream_carries_a_request(session: Session) -> Findings:
    """The server sends no requests, neither on streams nor elsewhere."""
    if not session.modern:
        return
    for message in session.messages():
        if message.sender == "server" and message.kind == "request":
            yield expect(False, message, f"the server sent the request {shown(message.method)}")
    for stream in session.streams:
        said = Counter(message.kind for message in stream.messages())
        if said and not said["request"]:
            yield expect(True, stream, f"a stream with {said.total()} messages and no request among them")


@check("mrtr.where-not")
def nothing_else_asks_for_input(call: Call) -> Findings:
    """Only tools/call, prompts/get and resources/read are answered with the wish for input."""
    if call.session.modern and call.request.method in OTHERS and call.response and call.response.kind == "result":
        kind = call.response.result.get("resultType")
        yield expect(not asks(call), call, f"{call.request.method} was answered with resultType {shown(kind)}")


@check("mrtr.keys")
def the_keys_of_questions_are_unique(call: Call) -> Findings:
    """No two questions of a result have the same key.

    A reader of JSON keeps one of two members of the same name and says nothing, so the text is read once more.
    """
    keys = _keys_as_written(call) if call.session.modern and wanted(call) else []
    if keys:
        twice = [key for key, number in Counter(keys).items() if number > 1]
        same = f", of which {', '.join(map(shown, twice))} stands there twice or more" if twice else ""
        yield expect(not twice, call, f"{len(keys)} keys in inputRequests{same}")


@check("mrtr.kinds")
def questions_are_of_three_kinds(call: Call) -> Findings:
    """A question is a request to elicit, to sample, or to list roots, in the shape that the schema gives it."""
    if not call.session.modern or call.response is None:
        return
    for key, question in wanted(call).items():
        method = question.get("method") if isinstance(question, dict) else None
        alone: dict[str, JSON] = {"resultType": "input_required", "inputRequests": {key: question}}
        body: dict[str, JSON] = {"jsonrpc": "2.0", "id": 0, "result": alone}
        wrong = shapes.explain(replace(call.response, body=body), call.session.revision, call.request)
        seen = f"inputRequests/{shown(key)} has the method {shown(method)}{f': {wrong}' if wrong else ''}"
        yield expect(method in KINDS and wrong is None, call, seen)


@check("mrtr.not-empty")
def the_wish_for_input_says_something(call: Call) -> Findings:
    """A result that wants input has questions, or state, or both."""
    if call.session.modern and asks(call) and call.response is not None:
        there = [name for name in ("inputRequests", "requestState") if call.response.result.get(name) is not None]
        seen = f"input_required came with {' and '.join(there) or 'neither inputRequests nor requestState'}"
        yield expect(bool(there), call, seen)


@check("caps.not-assumed")
def only_what_was_declared_is_asked_for(call: Call) -> Findings:
    """A server asks only for what the client declared in this very request.

    An empty `elicitation` stands for forms alone (client/elicitation, "Capabilities"), and a model gets tools only
    where `sampling.tools` is declared (client/sampling, "Capabilities"). To say with -32021 what is missing is right.
    """
    if not call.session.modern:
        return
    for key, question in wanted(call).items():
        for needed in _needed(question):
            declared = _declares(call.client_capabilities, needed)
            words = "declared" if declared else "not declared"
            yield expect(declared, call, f"inputRequests/{shown(key)} needs {'.'.join(needed)}, which was {words}")
    if call.response is not None and call.response.error.get("code") == MISSING_CAPABILITY:
        yield expect(True, call, f"{call.request.method} was refused for want of a capability, and nothing was asked")


def _count(questions: dict[str, JSON]) -> str:
    return "one question" if len(questions) == 1 else f"{len(questions)} questions"


def _needed(question: JSON) -> Iterator[tuple[str, ...]]:
    """The capabilities that a question needs, each as a path."""
    asked = question if isinstance(question, dict) else {}
    method, given = asked.get("method"), asked.get("params")
    params = given if isinstance(given, dict) else {}
    capability = CAPABILITY_FOR.get(method) if isinstance(method, str) else None
    if capability == "elicitation":
        yield capability, "url" if params.get("mode") == "url" else "form"
    elif capability is not None:
        yield (capability,)
    if capability == "sampling" and params.get("tools"):
        yield capability, "tools"


def _declares(capabilities: dict[str, JSON], needed: tuple[str, ...]) -> bool:
    declared = capabilities.get(needed[0])
    if not isinstance(declared, dict):
        return False
    return len(needed) == 1 or needed[1] in declared or (needed[1] == "form" and "url" not in declared)


class _Members(tuple[tuple[str, object], ...]):
    """The members of a JSON object as they are written, also those of the same name."""

    __slots__ = ()


def _keys_as_written(call: Call) -> list[str]:
    """The keys of `inputRequests` in the order and the number in which they stand in the answer."""
    place = call.response.place if call.response is not None else None
    if place is None or place.exchange != call.exchange.number or place.entry is not None:
        return []
    text = call.exchange.body if place.event is None else call.exchange.events[place.event].data or ""
    try:
        value: object = json.loads(text, object_pairs_hook=_Members, parse_int=str)
    except (ValueError, RecursionError):
        return []
    for name in ("result", "inputRequests"):
        value = dict(value).get(name) if isinstance(value, _Members) else None
    return [key for key, _ in value] if isinstance(value, _Members) else []
