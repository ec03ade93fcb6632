"""What a server has to say on behalf of a user: server/prompts."""

from collections.abc import Iterator

from conformance.checks.offers import (
    answered,
    declared_if_served,
    declines,
    entries,
    get_refused,
    has_introduced_itself,
    not_declared,
    notified,
    refused_before,
    seen_whole,
    served_if_declared,
    told_of_changes,
)
from conformance.checks.reading import shown
from conformance.checks.rounds import asks
from conformance.checks.wellformed import is_base64, is_media_type, is_uri
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

MEDIA = ("image", "audio")


@check("prompts.capability")
def a_server_with_prompts_declares_them(session: Session) -> Findings:
    """A server that serves prompts declares the prompts capability."""
    yield from declared_if_served(session, "prompts")


@check("prompts.list")
def declared_prompts_can_be_listed(session: Session) -> Findings:
    """A server that declares prompts answers prompts/list: it does not say that it knows no such method."""
    yield from served_if_declared(session, "prompts", "prompts/list")


@check("prompts.list-changed")
def a_changed_list_of_prompts_is_told(session: Session) -> Findings:
    """When the list of prompts changes, a server that declared listChanged says so."""
    yield from told_of_changes(session, "prompts", "name")


@check("prompts.negotiated")
def changes_of_prompts_are_told_only_where_declared(session: Session) -> Findings:
    """A server tells of changed prompts only if it declared that it would."""
    yield from _if_declared(session)
    if not has_introduced_itself(session) or not_declared(session, "prompts"):
        return
    reason = not_declared(session, "prompts", "listChanged")
    told = notified(session, "notifications/prompts/list_changed")
    for message in told:
        yield expect(reason is None, message, f"the client was told of changed prompts, {reason or 'as declared'}")
    if not told and reason is not None:
        yield moot(session, reason)
    elif not told and not session.modern and (refused := get_refused(session)):
        yield moot(refused, "the server offers no GET stream (405) on which it could tell of changed prompts")


@check("prompts.unknown-error")
def an_unknown_prompt_is_an_invalid_parameter(session: Session) -> Findings:
    """A prompt that there is not is answered with -32602."""
    yield from _if_declared(session)
    if not_declared(session, "prompts"):
        return
    known = {repr(e.get("name")) for call in answered(session, "prompts/list") for e in entries(call, "prompts")}
    for call in _asked_for(session) if _is_listed(session) else ():
        assert call.response is not None
        name = call.request.params.get("name")
        if repr(name) in known:
            continue
        seen = f"the prompt {shown(name)}, which is not listed, was answered with"
        if call.response.kind == "result":
            yield undecided(call.response, f"{seen} a result: it is there all the same")
        else:
            yield _invalid_params(call, seen)


@check("prompts.missing-argument")
def a_missing_argument_is_an_invalid_parameter(session: Session) -> Findings:
    """A prompt without an argument that it requires is answered with -32602."""
    yield from _if_declared(session)
    if not_declared(session, "prompts"):
        return
    required = dict(_requirements(session))
    if _is_listed(session) and not required:
        yield moot(session, "no prompt that is listed has a required argument")
    for call in _asked_for(session):
        arguments = call.request.params.get("arguments")
        given = arguments if isinstance(arguments, dict) else {}
        missing = required.get(repr(call.request.params.get("name")), set()) - set(given)
        if missing:
            name, lacking = shown(call.request.params.get("name")), ", ".join(map(shown, sorted(missing)))
            yield _invalid_params(call, f"the prompt {name} without its argument {lacking} was answered with")


def _is_listed(session: Session) -> bool:
    """Whether all prompts were listed."""
    return seen_whole(session, "prompts/list")


def _requirements(session: Session) -> Iterator[tuple[str, set[str]]]:
    """From the name of each listed prompt to the arguments without which it cannot be had."""
    for call in answered(session, "prompts/list"):
        for prompt in entries(call, "prompts"):
            listed = prompt.get("arguments")
            arguments = [a for a in listed if isinstance(a, dict)] if isinstance(listed, list) else []
            names = {str(a.get("name")) for a in arguments if a.get("required") is True}
            if names:
                yield repr(prompt.get("name")), names


def _if_declared(session: Session) -> Iterator[Finding]:
    if has_introduced_itself(session) and (reason := not_declared(session, "prompts")):
        yield moot(session, reason)


def _asked_for(session: Session) -> Iterator[Call]:
    return (c for c in session.calls if c.request.method == "prompts/get" and c.response is not None)


def _invalid_params(call: Call, seen: str) -> Finding:
    assert call.response is not None
    code = call.response.error.get("code")
    if code != INVALID_PARAMS and (reason := refused_before(call)):
        return undecided(call.response, reason)
    if asks(call):
        return undecided(call.response, f"{seen} the wish for input, which may be what is missing")
    said = "a result" if call.response.kind == "result" else f"the error {shown(code)}"
    return expect(code == INVALID_PARAMS, call.response, f"{seen} {said}")


@check("prompts.media")
def images_and_sounds_of_prompts_are_base64_with_a_type(call: Call) -> Findings:
    """Images and sounds in a prompt are Base64 and have a media type."""
    yield from declines(call, "prompts")
    blocks = list(_blocks(call))
    if blocks and not any(block.get("type") in MEDIA for block in blocks):
        yield undecided(call, "no prompt that was got holds an image or a sound")
    for block in blocks:
        kind, data, mime = block.get("type"), block.get("data"), block.get("mimeType")
        if kind not in MEDIA or not isinstance(data, str) or not isinstance(mime, str):
            continue
        wrong = [] if is_base64(data) else [f"the data {shown(data)} is not Base64"]
        wrong += [] if is_media_type(mime) else [f"{shown(mime)} is no media type"]
        yield expect(
            not wrong, call, f"of the {kind} in a prompt {' and '.join(wrong) or f'data and {mime} are right'}"
        )


@check("prompts.embedded")
def resources_in_prompts_have_a_uri_and_contents(call: Call) -> Findings:
    """A resource in a prompt has a valid URI, and text or Base64."""
    yield from _no_resources(call)
    for resource in _resources(call):
        uri, text, blob = resource.get("uri"), resource.get("text"), resource.get("blob")
        wrong = [] if is_uri(uri) else [f"{shown(uri)} is no URI"]
        if not isinstance(text, str) and not is_base64(blob):
            wrong.append("there is neither text nor Base64")
        yield expect(
            not wrong, call, f"of the resource in a prompt: {' and '.join(wrong) or f'{shown(uri)} is whole'}"
        )


@check("prompts.embedded-type")
def resources_in_prompts_have_a_media_type(call: Call) -> Findings:
    """A resource in a prompt has a media type."""
    yield from _no_resources(call)
    for resource in _resources(call):
        mime = resource.get("mimeType")
        said = f"the media type {shown(mime)}" if "mimeType" in resource else "no media type"
        yield expect(is_media_type(mime), call, f"the resource {shown(resource.get('uri'))} in a prompt has {said}")


def _no_resources(call: Call) -> Iterator[Finding]:
    yield from declines(call, "prompts")
    if any(_blocks(call)) and not any(_resources(call)):
        yield undecided(call, "no prompt that was got holds a resource")


def _resources(call: Call) -> Iterator[dict[str, JSON]]:
    for block in _blocks(call):
        resource = block.get("resource")
        if block.get("type") == "resource" and isinstance(resource, dict):
            yield resource


def _blocks(call: Call) -> Iterator[dict[str, JSON]]:
    """The content blocks of a prompt's messages."""
    for message in entries(call, "messages") if call.request.method == "prompts/get" else ():
        content = message.get("content")
        if isinstance(content, dict):
            yield content
