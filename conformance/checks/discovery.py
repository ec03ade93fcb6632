"""Versions and methods without a handshake: basic/versioning "Protocol Version Negotiation", server/discover, and
basic/transports/streamable-http "Protocol Version Header".
"""

import re

from conformance.checks.eras import OLDER_HEADERS, speaks_no_other
from conformance.checks.reading import shown
from conformance.checks.standing import (
    code,
    first_error,
    is_addressed,
    is_right,
    is_served,
    listed_versions,
    modern_calls,
    told,
    unclear,
    with_status,
)
from conformance.evidence.era import (
    CAPABILITIES,
    CLIENT_INFO,
    KNOWN_REVISIONS,
    SERVER_INFO,
    UNSUPPORTED_VERSION,
    VERSION,
    is_modern,
    meta_of,
)
from conformance.evidence.jsonrpc import METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call
from conformance.judging import shapes
from conformance.judging.check import Findings, bent, check, expect, undecided

OURS = "conformance/"  # methods under this name are made up by this suite, so nobody has them
PLAIN = re.compile(r"[A-Za-z0-9_-]+")
REMOVED = ("ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe")  # of the older revisions
BY_NAME = {  # methods that name something, and the capability that says that they are there
    "tools/call": "tools",
    "prompts/get": "prompts",
    "resources/read": "resources",
    "completion/complete": "completions",
}


@check("version.unsupported")
def an_unsupported_version_gets_the_list(call: Call) -> Findings:
    """A version that the server does not support gets 400 and -32022, with the list of those that it supports.

    The list is one of versions, has not the version that is refused, and is the one that `server/discover` gives.
    Only versions that nobody knows are judged: a known older one may lead to the rules of that revision.
    """
    version = meta_of(call.request).get(VERSION)
    if not call.session.modern or not isinstance(version, str) or not is_addressed(call):
        return
    if not isinstance(meta_of(call.request).get(CAPABILITIES), dict) or not _is_nobodys(version, call):
        return
    seen = f"version {shown(version)}: {told(call)}"
    if reason := unclear(call):
        yield undecided(call, reason)
    elif code(call) != UNSUPPORTED_VERSION:
        yield expect(False, call, seen)
    else:
        yield with_status(call, 400, seen)
        yield from _list_in_error(call, version)


def _is_nobodys(version: str, call: Call) -> bool:
    """Whether a version is neither known to us, nor listed by the server, nor the name of a draft."""
    known = (*KNOWN_REVISIONS, *listed_versions(call.session))
    return version not in known and not version.upper().startswith("DRAFT")


def _list_in_error(call: Call, version: str) -> Findings:
    error = first_error(call)
    data = error.error.get("data") if error is not None else None
    has: dict[str, JSON] = data if isinstance(data, dict) else {}
    listed = has.get("supported")
    good = isinstance(listed, list) and bool(listed) and all(isinstance(v, str) and v for v in listed)
    yield expect(good, call, f"the error's data.supported is {shown(listed)}")
    yield expect(
        has.get("requested") == version, call, f"the error's data.requested is {shown(has.get('requested'))}"
    )
    if good and isinstance(listed, list):
        yield expect(version not in listed, call, f"the list of supported versions is {shown(listed)}")
        yield from _same_list(call, {str(v) for v in listed}, set(listed_versions(call.session)))


def _same_list(call: Call, here: set[str], there: set[str]) -> Findings:
    """Modern versions are the same in both; which older ones are told to a modern client, nobody says."""
    if not there:
        return
    seen = f"the error lists {', '.join(sorted(here))}; server/discover lists {', '.join(sorted(there))}"
    if any(is_modern(version) for version in here ^ there):
        yield expect(False, call, seen)
    elif here != there:
        yield bent(call, seen)
    else:
        yield expect(True, call, seen)


@check("method.404")
def an_unknown_method_gets_404(trace: Trace) -> Findings:
    """A method that the server does not implement gets 404 and the JSON-RPC error -32601.

    Methods of older revisions that still work are no breach. The answer to a request that is wrong elsewhere too,
    and what -32601 has to do with the name of a tool, decide nothing.
    """
    alone = speaks_no_other(trace)
    served = {call.request.method for call in modern_calls(trace) if is_served(call)}
    for call in modern_calls(trace):
        if is_right(call) and call.request.method != "server/discover":
            yield from _not_found(call, alone, call.request.method in served)


def _not_found(call: Call, alone: bool, is_known: bool) -> Findings:
    method, found, status = call.request.method, code(call), call.exchange.status
    strange = method.startswith(OURS)
    if found != METHOD_NOT_FOUND and status != 404 and not strange and not (method in REMOVED and found is not None):
        return
    if reason := unclear(call) or _about_a_name(call):
        yield undecided(call, reason)
    elif found == METHOD_NOT_FOUND:
        yield with_status(call, 404, told(call))
    elif is_known and found is not None:
        yield undecided(call, f"{told(call)}: the method is there, and the status of other errors is free")
    elif status == 404 or strange:
        yield expect(False, call, told(call))
    elif alone and (method == "ping" or found != -32602):
        yield expect(False, call, f"{told(call)}, and this revision has no such method")
    else:
        yield undecided(call, f"{told(call)}: it may know the method from an older revision")


def _about_a_name(call: Call) -> str | None:
    """Why an error may be about what is named in the params, and not about the method."""
    capability = BY_NAME.get(call.request.method)
    if capability in call.session.server_capabilities:
        return f"{told(call)}: {call.request.method} is there, and the error may be about what it names"
    return None


@check("discover")
def the_server_can_be_discovered(call: Call) -> Findings:
    """`server/discover` is there, and tells the supported versions and the capabilities."""
    if call.request.method != "server/discover" or not call.session.modern or not is_right(call):
        return
    if is_served(call) and call.response is not None:
        result = call.response.result
        versions, capabilities = result.get("supportedVersions"), result.get("capabilities")
        known = isinstance(versions, list) and meta_of(call.request).get(VERSION) in versions
        yield expect(known, call, f"supportedVersions is {shown(versions)}")
        yield expect(isinstance(capabilities, dict), call, f"capabilities are {shapes.kind_of_value(capabilities)}")
    elif reason := unclear(call):
        yield undecided(call, reason)
    elif code(call) == UNSUPPORTED_VERSION:
        yield undecided(call, f"{told(call)}: the version is not supported")
    elif call.response is None and call.exchange.ok:
        yield undecided(call, "the answer to server/discover is no response to it, which is judged elsewhere")
    elif CLIENT_INFO not in meta_of(call.request):
        yield undecided(call, f"{told(call)}, which may be about the client's name, which is judged elsewhere")
    elif any(call.exchange.request_header(name) is not None for name in OLDER_HEADERS):
        yield undecided(call, f"{told(call)}, which may be about what an older client's header says")
    elif not _has_a_plain_id(call):
        yield undecided(call, f"{told(call)}, which may be about the request's id {shown(call.request.id)}")
    else:
        yield expect(False, call, told(call))


def _has_a_plain_id(call: Call) -> bool:
    """Whether the id is one that everybody gives: a number, or a word of plain letters and digits."""
    return PLAIN.fullmatch(str(call.request.id)) is not None


@check("discover.server-info")
def discovery_names_the_server(call: Call) -> Findings:
    """The answer to `server/discover` names the server and its version, in its `_meta`."""
    if call.request.method == "server/discover" and call.session.modern and is_served(call) and call.response:
        info = meta_of(call.response).get(SERVER_INFO)
        yield expect(names_somebody(info), call, f"serverInfo is {shown(info)}")


def names_somebody(info: JSON) -> bool:
    """Whether this is a name and a version."""
    return isinstance(info, dict) and isinstance(info.get("name"), str) and isinstance(info.get("version"), str)
