"""Completion of arguments: server/utilities/completion."""

from collections.abc import Iterator

from conformance.checks.deciding import other_cause
from conformance.checks.offers import entries, has_introduced_itself, not_declared, walks
from conformance.checks.reading import shown
from conformance.evidence.jsonrpc import INVALID_PARAMS, METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, moot, undecided

COMPLETE = "completion/complete"
MOST_VALUES = 100
NO_COMPLETIONS = "the server does not declare completions"


@check("completion.capability")
def a_server_that_completes_declares_it(session: Session) -> Findings:
    """A server that completes arguments declares the completions capability. An empty suggestion is none."""
    if not has_introduced_itself(session):
        return
    declared = not_declared(session, "completions") is None
    for call, response in _answers(session):
        if _values(call) or (declared and response.kind == "result"):
            told = "declared" if declared else "not declared"
            yield expect(declared, response, f"completion/complete was served, and completions are {told}")
        elif not declared:
            yield moot(response, f"{NO_COMPLETIONS}, and gave no suggestions")


@check("completion.max-100")
def suggestions_are_few(session: Session) -> Findings:
    """An answer has at most 100 suggestions."""
    for call, response in _answers(session):
        if (values := _values(call)) is not None:
            yield expect(len(values) <= MOST_VALUES, response, f"the answer has {len(values)} suggestions")
    yield from _declined(session)


@check("completion.errors")
def errors_of_completion_have_their_codes(session: Session) -> Findings:
    """A prompt that there is not draws -32602, and any completion draws -32601 where completions are not offered."""
    if not has_introduced_itself(session):
        return
    for call, response in _answers(session):
        if not_declared(session, "completions"):
            wanted, seen = METHOD_NOT_FOUND, f"{NO_COMPLETIONS}, and answered completion/complete with"
            if response.kind == "result":
                continue
        elif (name := _unlisted_prompt(call)) is not None:
            wanted, seen = INVALID_PARAMS, f"a completion for the prompt {shown(name)}, which is on no list, got"
        else:
            continue
        code = response.error.get("code")
        if code != wanted and (reason := other_cause(session, call.exchange)):
            yield undecided(response, reason)
        elif response.kind == "error":
            yield expect(code == wanted, response, f"{seen} the error {shown(code)}")
        elif _values(call):
            yield undecided(response, f"{seen} suggestions: it is there, although it is not listed")
        else:
            yield expect(False, response, f"{seen} a result")


@check("completion.validate-inputs")
def what_is_to_be_completed_is_validated(session: Session) -> Findings:
    """The request is validated: one without a reference or an argument is answered with an error."""
    for call, response in _answers(session):
        params = call.request.params
        missing = [name for name in ("ref", "argument") if not isinstance(params.get(name), dict)]
        if missing and not not_declared(session, "completions"):
            told = "an error" if response.kind == "error" else "a result"
            seen = f"completion/complete without {' and '.join(missing)} was answered with {told}"
            yield expect(response.kind == "error", response, seen)
    yield from _declined(session)


def _answers(session: Session) -> Iterator[tuple[Call, Message]]:
    for call in session.calls:
        if call.request.method == COMPLETE and call.response is not None:
            yield call, call.response


def _declined(session: Session) -> Findings:
    if has_introduced_itself(session) and not_declared(session, "completions"):
        yield moot(session, NO_COMPLETIONS)


def _values(call: Call) -> list[JSON] | None:
    completion = call.response.result.get("completion") if call.response is not None else None
    values = completion.get("values") if isinstance(completion, dict) else None
    return values if isinstance(values, list) else None


def _unlisted_prompt(call: Call) -> str | None:
    """The prompt that a completion is for, if the server said that it has no such prompt."""
    ref = call.request.params.get("ref")
    name = ref.get("name") if isinstance(ref, dict) and ref.get("type") == "ref/prompt" else None
    if not isinstance(name, str) or not isinstance(call.request.params.get("argument"), dict):
        return None
    seen = walks(call.session, "prompts/list")
    if not_declared(call.session, "prompts") is None and not (seen and all(walk.is_complete for walk in seen)):
        return None
    listed = {repr(p.get("name")) for walk in seen for page in walk.calls for p in entries(page, "prompts")}
    return None if repr(name) in listed else name
