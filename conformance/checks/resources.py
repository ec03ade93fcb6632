"""What a server has to read: server/resources."""

from collections.abc import Iterator

from conformance.checks.offers import (
    answered,
    declared_if_served,
    declines,
    entries,
    has_introduced_itself,
    not_declared,
    refused_before,
    seen_whole,
    served_if_declared,
    told_of_changes,
)
from conformance.checks.reading import shown
from conformance.checks.rounds import asks
from conformance.checks.wellformed import URI, is_base64, is_uri
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, moot, undecided

RESOURCE_NOT_FOUND = -32002  # in the revisions with sessions


@check("resources.capability")
def a_server_with_resources_declares_them(session: Session) -> Findings:
    """A server that serves resources declares the resources capability."""
    yield from declared_if_served(session, "resources")


@check("resources.list")
def declared_resources_can_be_listed(session: Session) -> Findings:
    """A server that declares resources answers resources/list: it does not say that it knows no such method."""
    yield from served_if_declared(session, "resources", "resources/list")


@check("resources.list-changed")
def a_changed_list_of_resources_is_told(session: Session) -> Findings:
    """When the list of resources changes, a server that declared listChanged says so."""
    yield from told_of_changes(session, "resources", "uri")


@check("resources.uri-valid")
def uris_of_resources_are_uris(call: Call) -> Findings:
    """The URIs of resources are such by RFC 3986."""
    yield from declines(call, "resources")
    uris = list(_uris(call))
    wrong = [uri for uri in uris if not is_uri(uri)]
    for uri in wrong:
        yield expect(False, call, f"{call.request.method} names the resource {shown(uri)}, which is no URI")
    if uris and not wrong:
        yield expect(True, call, f"{len(uris)} URIs in the answer to {call.request.method}, such as {shown(uris[0])}")


def _uris(call: Call) -> Iterator[str]:
    """The URIs that the server gave; one that only repeats the client's is not the server's."""
    member = {"resources/list": "resources", "resources/read": "contents"}.get(call.request.method)
    for entry in entries(call, member) if member else ():
        uri = entry.get("uri")
        if isinstance(uri, str) and (is_uri(uri) or uri != call.request.params.get("uri")):
            yield uri


@check("resources.base64")
def binary_contents_are_base64(call: Call) -> Findings:
    """Binary contents of a resource are encoded as Base64."""
    yield from declines(call, "resources")
    contents = entries(call, "contents") if call.request.method == "resources/read" else []
    if contents and not any(isinstance(content.get("blob"), str) for content in contents):
        yield undecided(call, "no resource that was read is binary")
    for content in contents:
        blob = content.get("blob")
        if isinstance(blob, str):
            right = is_base64(blob)
            seen = f"the blob of {shown(content.get('uri'))} is {'Base64' if right else 'not Base64: ' + shown(blob)}"
            yield expect(right, call, seen)


@check("resources.not-found-code")
def a_missing_resource_is_told_by_its_code(session: Session) -> Findings:
    """A resource that there is not is answered with -32002, from 2026-07-28 on with -32602.

    That it is not there is told by the lists: no resource has this URI, and no template could make it.
    """
    if not has_introduced_itself(session):
        return
    if reason := not_declared(session, "resources"):
        yield moot(session, reason)
        return
    for call in session.calls:
        uri = call.request.params.get("uri")
        if call.request.method != "resources/read" or call.response is None or not is_uri(uri):
            continue
        if not _is_missing(session, str(uri)):
            continue
        seen = f"{shown(uri)}, which is on no list and of no template, was answered with"
        if reason := refused_before(call):
            yield undecided(call.response, reason)
        elif call.response.kind == "error":
            code = call.response.error.get("code")
            right = INVALID_PARAMS if session.modern else RESOURCE_NOT_FOUND
            yield expect(code == right, call.response, f"{seen} the error {shown(code)}")
        elif asks(call):
            yield undecided(call.response, f"{seen} the wish for input: it may look for the resource afterwards")
        elif entries(call, "contents"):
            yield undecided(call.response, f"{seen} contents: it is there, although it is not listed")
        else:
            yield expect(False, call.response, f"{seen} a result without contents")


def _is_missing(session: Session, uri: str) -> bool:
    """Whether the lists of this session, each seen to its end, rule out that there is such a resource."""
    lists = list(answered(session, "resources/list"))
    templates = [c for c in session.calls if c.request.method == "resources/templates/list" and c.response]
    unknown = bool(templates) and all(c.response and c.response.kind == "error" for c in templates)
    if not seen_whole(session, "resources/list") or not (unknown or seen_whole(session, "resources/templates/list")):
        return False
    listed = {repr(entry.get("uri")) for call in lists for entry in entries(call, "resources")}
    patterns = [entry.get("uriTemplate") for call in templates for entry in entries(call, "resourceTemplates")]
    return repr(uri) not in listed and not any(_may_make(pattern, uri) for pattern in patterns)


def _may_make(template: JSON, uri: str) -> bool:
    """Whether a template could stand for a URI: it begins as the template does before its first variable."""
    return not isinstance(template, str) or uri.startswith(template.partition("{")[0])


@check("resources.uri-checked")
def what_is_no_uri_is_not_read(call: Call) -> Findings:
    """A URI is validated: what is none is not served."""
    yield from declines(call, "resources")
    if call.request.method != "resources/read" or not_declared(call.session, "resources"):
        return
    uri = call.request.params.get("uri")
    if isinstance(uri, str) and URI.match(uri):  # what follows a scheme may be good enough for this server
        return
    if call.response is None:
        yield undecided(call, f"resources/read of {shown(uri)} got no response")
    elif call.response.kind == "error":
        yield expect(True, call.response, f"resources/read of {shown(uri)} was refused")
    elif entries(call, "contents"):
        yield expect(False, call.response, f"resources/read of {shown(uri)}, which is no URI, was served")
    else:
        yield undecided(call.response, f"resources/read of {shown(uri)} was answered without contents")
