"""What comes of calling a tool: server/tools."""

import json
from collections.abc import Iterator

from conformance.checks.deciding import is_right, other_cause
from conformance.checks.fitting import DEFAULT, DRAFT_7, Schema, Undecidable, misfit
from conformance.checks.offers import entries, has_introduced_itself, not_declared, walks
from conformance.checks.reading import shown
from conformance.checks.rounds import asks
from conformance.checks.wellformed import is_base64
from conformance.evidence.era import MODERN_CODES
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

NOBODY = "no-such-tool"  # a name with this in it is nobody's
FAILING = "test_error_handling"  # known by name: it fails by itself, and not for want of a tool or of arguments
METHOD_NOT_FOUND, INVALID_PARAMS = -32601, -32602
NOT_BY_THE_TOOL = (METHOD_NOT_FOUND, INVALID_PARAMS, *MODERN_CODES)
DEPTH = 20  # objects within objects in which null is looked for
LONGEST_TEXT = 1_000_000  # characters of a text that is read as JSON


@check("tools.unknown-error")
def an_unknown_tool_is_an_error(session: Session) -> Findings:
    """A call of a tool that there is not fails: it draws an error, or at least a result that is marked as one."""
    listed = _all_names(session)
    for call, name in _calls(session):
        if listed is None or name in listed or any(name.lower() == other.lower() for other in listed):
            continue
        seen = f"{shown(name)}, which is on no list, was answered with {_outcome(call)}"
        if asks(call):
            yield undecided(call, f"{seen}: what comes of it was not seen")
        elif _failed(call) or NOBODY in name:
            yield expect(_failed(call), call, seen)
        else:
            yield undecided(call, f"{seen}: it is there, although it is not listed")


@check("tools.name-case")
def tool_names_are_told_apart_by_case(session: Session) -> Findings:
    """Tool names are case-sensitive: another spelling is another tool."""
    listed = _all_names(session)
    for call, name in _calls(session):
        alike = [other for other in listed or () if name.lower() == other.lower()]
        if listed is not None and name not in listed and alike:
            seen = f"{shown(name)} was called, where only {shown(alike[0])} is listed, and answered with"
            yield _failure(call, f"{seen} {_outcome(call)}")


@check("tools.validate-inputs")
def arguments_are_validated(session: Session) -> Findings:
    """Arguments are validated: what the inputSchema of the tool rules out does not succeed."""
    tools = _definitions(session)
    for call, name in _calls(session):
        schema = tools.get(name, {}).get("inputSchema")
        if not isinstance(schema, dict):
            continue
        arguments = call.request.params.get("arguments", {})
        try:
            wrong = _wrong(arguments, schema, _defaults(session))
        except Undecidable as reason:
            yield undecided(call, f"whether {shown(name)} may be called like this cannot be said: {reason}")
            continue
        if wrong is not None:
            seen = f"{shown(name)} was called with wrong arguments ({wrong}) and answered with"
            yield _failure(call, f"{seen} {_outcome(call)}")


@check("tools.error-in-result")
def errors_of_a_tool_are_results(session: Session) -> Findings:
    """An error that comes from the tool itself is told in its result, by isError, and not as a JSON-RPC error."""
    tools = _definitions(session)
    for call, name in _calls(session):
        assert call.response is not None
        if name not in tools:
            continue
        if call.response.result.get("isError") is True:
            yield expect(True, call, f"{shown(name)} failed, and its result says so")
        elif name == FAILING and call.response.kind == "result":
            yield undecided(call, f"{shown(name)} did not fail")
        elif name == FAILING and call.response.error.get("code") not in NOT_BY_THE_TOOL:
            seen = f"{shown(name)} failed, and was answered with {_outcome(call)}"
            reason = other_cause(session, call.exchange)
            yield undecided(call, reason) if reason else expect(False, call, seen)


@check("tools.structured-matches")
def structured_results_match_their_schema(session: Session) -> Findings:
    """A tool with an outputSchema gives structured results that conform to it. Results of failure are exempt."""
    tools = _definitions(session)
    for call, name in _calls(session):
        schema = tools.get(name, {}).get("outputSchema")
        if not isinstance(schema, dict) or not _finished(call):
            continue
        result = _result(call)
        if "structuredContent" not in result:
            yield expect(False, call, f"{shown(name)} has an outputSchema, and its result no structuredContent")
            continue
        try:
            wrong = misfit(result["structuredContent"], schema, "structuredContent", default=_defaults(session))
        except Undecidable as reason:
            yield undecided(call, f"whether the result of {shown(name)} matches its outputSchema: {reason}")
            continue
        yield expect(wrong is None, call, f"the result of {shown(name)}: {wrong or 'as its outputSchema promises'}")
    if tools and not any("outputSchema" in tool for tool in tools.values()) and _all_names(session) is not None:
        yield moot(session, "no tool has an outputSchema")


@check("tools.structured-text")
def structured_content_comes_as_text_too(call: Call) -> Findings:
    """Structured content stands as JSON in a text block as well, for clients that do not know it."""
    if call.request.method != "tools/call" or not _finished(call) or "structuredContent" not in _result(call):
        return
    texts = [text for block in entries(call, "content") if isinstance(text := block.get("text"), str)]
    if sum(map(len, texts)) > LONGEST_TEXT:
        yield undecided(call, "there is too much text to be read as JSON")
        return
    wanted = _result(call)["structuredContent"]
    there = any(_says(text, wanted) for text in [*texts, "".join(texts)])
    told = (
        "a text block has the same as JSON" if there else f"no text block has the same as JSON: {shown(list(texts))}"
    )
    yield expect(there, call, f"{shown(call.request.params.get('name'))} gave structured content; {told}")


@check("tools.embedded-capability")
def who_embeds_resources_has_resources(call: Call) -> Findings:
    """A server whose tools embed resources implements the resources capability."""
    if call.request.method != "tools/call" or not has_introduced_itself(call.session):
        return
    missing = not_declared(call.session, "resources")
    if any(block.get("type") == "resource" for block in entries(call, "content")):
        seen = f"{shown(call.request.params.get('name'))} gave an embedded resource"
        yield expect(missing is None, call, f"{seen}, and {missing or 'resources are declared'}")


@check("tools.content-base64")
def images_and_audio_are_base64(call: Call) -> Findings:
    """Images, audio and binary resources in a result are encoded as Base64."""
    for kind, data in _binaries(call) if call.request.method == "tools/call" else ():
        right = is_base64(data)
        seen = f"the {kind} that {shown(call.request.params.get('name'))} gave is"
        yield expect(right, call, f"{seen} {'Base64' if right else f'not Base64: {shown(data)}'}")


def _binaries(call: Call) -> Iterator[tuple[str, str]]:
    for block in entries(call, "content"):
        data, resource = block.get("data"), block.get("resource")
        if block.get("type") in ("image", "audio") and isinstance(data, str):
            yield str(block["type"]), data
        if isinstance(resource, dict) and isinstance(blob := resource.get("blob"), str):
            yield "blob", blob


def _calls(session: Session) -> Iterator[tuple[Call, str]]:
    """The calls of tools that got a response, each with the name that was called.

    Whatever comes of a request without the metadata or the headers that it needs may be about those.
    """
    for call in session.calls:
        if session.modern and not is_right(session, call.exchange):
            continue
        name = call.request.params.get("name")
        if call.request.method == "tools/call" and call.response is not None and isinstance(name, str):
            yield call, name


def _definitions(session: Session) -> dict[str, dict[str, JSON]]:
    """The tools that this session was told of, by name; those of which it was told different things left out."""
    found: dict[str, list[dict[str, JSON]]] = {}
    for call in session.calls:
        for tool in entries(call, "tools") if call.request.method == "tools/list" else ():
            name = tool.get("name")
            if isinstance(name, str):
                found.setdefault(name, []).append(tool)
    return {name: tools[0] for name, tools in found.items() if all(tool == tools[0] for tool in tools)}


def _all_names(session: Session) -> set[str] | None:
    """The names of all tools, None if the list was not seen to its end."""
    seen = walks(session, "tools/list")
    if not seen or not all(walk.is_complete for walk in seen):
        return None
    return {
        name for w in seen for c in w.calls for t in entries(c, "tools") if isinstance(name := t.get("name"), str)
    }


def _defaults(session: Session) -> tuple[str, ...]:
    """The dialects that a schema without a name may be meant in: the default is said since 2025-11-25 only."""
    return (DEFAULT,) if session.revision >= "2025-11-25" else (DEFAULT, DRAFT_7)


def _result(call: Call) -> dict[str, JSON]:
    return call.response.result if call.response is not None else {}


def _finished(call: Call) -> bool:
    """Whether a tool came to its end and succeeded: no error, no task, no question to the client."""
    result = _result(call)
    whole = result.get("resultType", "complete") == "complete" and "task" not in result
    return (
        call.response is not None and call.response.kind == "result" and whole and result.get("isError") is not True
    )


def _failed(call: Call) -> bool:
    """Whether a call was answered with an error, or with a result that is marked as one."""
    assert call.response is not None
    return call.response.kind == "error" or call.response.result.get("isError") is True


def _wrong(arguments: JSON, schema: Schema, dialects: tuple[str, ...]) -> str | None:
    """What is wrong with the arguments, whether null is a value of its own or stands for none.

    Who has no value for a parameter may say so by null (basic/transports/streamable-http, "Custom Headers from Tool
    Parameters"), and few schemas foresee that. Raises Undecidable.
    """
    wrong = misfit(arguments, schema, "the arguments object", default=dialects)
    without = _without_nulls(arguments)
    if wrong is None or without == arguments:
        return wrong
    return misfit(without, schema, "the arguments object", default=dialects)


def _without_nulls(value: JSON, depth: int = DEPTH) -> JSON:
    if not isinstance(value, dict) or not depth:
        return value
    return {name: _without_nulls(inner, depth - 1) for name, inner in value.items() if inner is not None}


def _failure(call: Call, seen: str) -> Finding:
    """That a call failed, as it should. A question may come before the failure."""
    return (
        undecided(call, f"{seen}: what comes of it was not seen") if asks(call) else expect(_failed(call), call, seen)
    )


def _outcome(call: Call) -> str:
    response: Message | None = call.response
    if response is not None and response.kind == "error":
        return f"the error {shown(response.error.get('code'))}"
    if asks(call):
        return "a question"
    return "a result that is marked as an error" if _failed(call) else "a result"


def _says(text: str, wanted: JSON) -> bool:
    """Whether a text is this value as JSON."""
    try:
        return _same(json.loads(text), wanted)
    except (ValueError, RecursionError):
        return False


def _same(left: JSON, right: JSON) -> bool:
    """Equality as JSON has it: 1 is 1.0 and not true."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[name], right[name]) for name in left)
    return left == right
