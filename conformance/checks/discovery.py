"""Versions, methods and extensions without a handshake: basic/versioning, server/discover, and "Protocol Version
Header" of basic/transports/streamable-http.
"""

from collections.abc import Iterator

from conformance import shapes
from conformance.check import Finding, Findings, bent, check, expect, moot, undecided
from conformance.checks.deciding import says_nothing
from conformance.checks.eras import initializing, older, speaks_no_other, supported
from conformance.checks.meta import ENDS, LABEL
from conformance.checks.offers import METHOD_NOT_FOUND
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
from conformance.era import (
    CAPABILITIES,
    KNOWN_REVISIONS,
    MODERN_REVISIONS,
    SERVER_INFO,
    UNSUPPORTED_VERSION,
    VERSION,
    declared_capabilities,
    is_modern,
    meta_of,
)
from conformance.trace import JSON, Exchange, Message, Trace
from conformance.views import Call

OURS = "conformance/"  # methods under this name are made up by this suite, so nobody has them
REMOVED = ("ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe")  # of the older revisions
BY_NAME = {"tools/call": "tools", "prompts/get": "prompts", "resources/read": "resources"}
COMPLETING = {"completion/complete": "completions"}
CORE_TYPES = ("complete", "input_required")


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
    """Whether nobody can be meant to support a version: neither known to us, nor to the server, nor a draft's name."""
    return version not in (*KNOWN_REVISIONS, *listed_versions(call.session)) and not version.upper().startswith(
        "DRAFT"
    )


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
    seen = f"the error lists {shown(sorted(here))}, server/discover {shown(sorted(there))}"
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
    for call in modern_calls(trace):
        if is_right(call) and call.request.method != "server/discover":
            yield from _not_found(call, alone)


def _not_found(call: Call, alone: bool) -> Findings:
    method, found, status = call.request.method, code(call), call.exchange.status
    strange = method.startswith(OURS)
    if found != METHOD_NOT_FOUND and status != 404 and not strange and not (method in REMOVED and found is not None):
        return
    if reason := unclear(call) or _about_a_name(call):
        yield undecided(call, reason)
    elif found == METHOD_NOT_FOUND:
        yield with_status(call, 404, told(call))
    elif status == 404 or strange:
        yield expect(False, call, told(call))
    elif alone and (method == "ping" or found != -32602):
        yield expect(False, call, f"{told(call)}, and this revision has no such method")
    else:
        yield undecided(call, f"{told(call)}: it may know the method from an older revision")


def _about_a_name(call: Call) -> str | None:
    """Why an error may be about what is named in the params, and not about the method."""
    capability = (BY_NAME | COMPLETING).get(call.request.method)
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
    elif any(name.lower() in _OLDER_HEADERS for name, _ in call.exchange.request_headers):
        yield undecided(call, f"{told(call)}, which may be about what an older client's header says")
    else:
        yield expect(False, call, told(call))


_OLDER_HEADERS = ("mcp-session-id", "last-event-id")


@check("discover.server-info")
def discovery_names_the_server(call: Call) -> Findings:
    """The answer to `server/discover` names the server and its version, in its `_meta`."""
    if call.request.method == "server/discover" and call.session.modern and is_served(call) and call.response:
        info = meta_of(call.response).get(SERVER_INFO)
        yield expect(names_somebody(info), call, f"serverInfo is {shown(info)}")


def names_somebody(info: JSON) -> bool:
    """Whether this is a name and a version."""
    return isinstance(info, dict) and isinstance(info.get("name"), str) and isinstance(info.get("version"), str)


@check("era.old-traffic")
def traffic_of_older_clients_is_turned_away(trace: Trace) -> Findings:
    """A server of this revision alone answers GET and DELETE with 405, and ignores session ids and event ids.

    To ignore an id is to serve the request as if it were not there, and to give out none.
    """
    if reason := older(trace):
        yield moot(_first(trace), reason)
        return
    alone = speaks_no_other(trace)
    for exchange in trace.exchanges:
        for finding in _old_traffic(exchange):
            yield finding if alone else undecided(exchange, "nobody saw whether `initialize` is refused")
    for call in modern_calls(trace):
        if alone and is_right(call):
            yield from _ignored(call)


def _first(trace: Trace) -> Exchange:
    return next(iter(initializing(trace)), trace.exchanges[0])


def _old_traffic(exchange: Exchange) -> Iterator[Finding]:
    if exchange.method in ("GET", "DELETE") and exchange.request_header("origin") is None:
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif exchange.status == 403:
            yield undecided(exchange, f"{exchange.method} was answered with 403: who may ask is another question")
        else:
            yield expect(exchange.status == 405, exchange, f"{exchange.method} was answered with {exchange.status}")
    if exchange.response_header("mcp-session-id") is not None:
        yield expect(False, exchange, f"{exchange.method} was answered with a session id")


def _ignored(call: Call) -> Iterator[Finding]:
    """Only methods whose refusal cannot be about their params tell."""
    given = [name for name in _OLDER_HEADERS if call.exchange.request_header(name) is not None]
    if not given or call.request.method != "server/discover":
        return
    seen = f"with {' and '.join(given)}, {told(call)}"
    if reason := unclear(call):
        yield undecided(call, reason)
    else:
        yield expect(is_served(call), call, seen)


@check("era.initialize-error")
def who_initializes_is_told_the_versions(trace: Trace) -> Findings:
    """A server of this revision alone names the versions that it supports in any error with which it answers `initialize`.

    Where in the error they stand is free.
    """
    if reason := older(trace):
        yield moot(_first(trace), reason)
        return
    versions = [v for v in supported(trace) if v in MODERN_REVISIONS] or list(MODERN_REVISIONS)
    for exchange in initializing(trace):
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif exchange.status == 403:
            yield undecided(exchange, "initialize was answered with 403: who may ask is another question")
        else:
            said = _words(exchange)
            named = [version for version in versions if version in said]
            seen = f"the error to initialize names {' and '.join(named) if named else 'no supported version'}"
            yield expect(len(named) == len(versions), exchange, f"{seen} ({exchange.status})")


def _words(exchange: Exchange) -> str:
    """All that an answer says, as text, however it is written down."""
    errors = (m.error for m in exchange.received if isinstance(m, Message))
    return exchange.body.decode("utf-8", "replace") + " ".join(map(str, errors))


@check("ext.names")
def extensions_have_names_with_a_prefix(call: Call) -> Findings:
    """The name of an extension is one as for a `_meta` key, with a prefix."""
    if (
        call.request.method != "server/discover"
        or not call.session.modern
        or not is_served(call)
        or not call.response
    ):
        return
    names = declared_extensions(call.response.result.get("capabilities"))
    for name in names:
        yield expect(_is_extension_name(name), call, f"the extension is named {shown(name)}")
    if not names:
        yield moot(call, "the server declares no extension")


def declared_extensions(capabilities: JSON) -> list[str]:
    """The names of the extensions among the capabilities of a server or client."""
    extensions = capabilities.get("extensions") if isinstance(capabilities, dict) else None
    return list(extensions) if isinstance(extensions, dict) else []


def _is_extension_name(name: str) -> bool:
    prefix, slash, rest = name.partition("/")
    labels = all(LABEL.fullmatch(label) for label in prefix.split("."))
    return bool(slash) and labels and "/" not in rest and (not rest or bool(ENDS.fullmatch(rest)))


@check("ext.fallback")
def extensions_are_not_forced_on_anybody(call: Call) -> Findings:
    """A client that declared no extension is answered as the core has it, or with an error."""
    if not call.session.modern or not is_right(call) or call.response is None:
        return
    if declared_extensions(declared_capabilities(call.request)):
        return
    extensions = declared_extensions(call.session.server_capabilities)
    if not extensions:
        if call is call.session.discovery:
            yield moot(call, "the server declares no extension")
        return
    kind = call.response.result.get("resultType", CORE_TYPES[0])
    core = call.response.kind == "error" or not isinstance(kind, str) or kind in CORE_TYPES
    what = "an error" if call.response.kind == "error" else f"a result of the type {shown(kind)}"
    yield expect(core, call, f"{call.request.method} of a client without extensions was answered with {what}")
