"""Headers that repeat the body: basic/transports/streamable-http, "Request Metadata".

A request is judged by the one thing that is wrong with its headers, or by the way in which right ones are written;
where several are wrong, or something else is, nobody can tell what the answer is about.
"""

from collections.abc import Iterator

from conformance.checks.mirrors import METHOD_HEADER, NAME_HEADER, VERSION_HEADER, Flaw, Kind, Mirrored, error_code
from conformance.checks.reactions import Evidence, accepted, evidence, is_served, refused, told, unclear
from conformance.evidence.era import HEADER_MISMATCH, UNSUPPORTED_VERSION, VERSION, is_modern, meta_of
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Call, sessions
from conformance.judging.check import Finding, Findings, bent, check, expect, moot, undecided

HEADER_SINCE = "2025-06-18"  # older clients send no version header


def _named(all_: Evidence, *kinds: Kind) -> Iterator[tuple[Mirrored, Flaw]]:
    """The requests that are wrong in Mcp-Method or Mcp-Name only, and in one of these ways."""
    return ((read, flaw) for read, flaw in all_.flawed(*kinds) if flaw.header in (METHOD_HEADER, NAME_HEADER))


@check("hdr.required")
def a_missing_method_or_name_is_refused(trace: Trace) -> Findings:
    """A request without Mcp-Method is not served, nor one without Mcp-Name that calls, reads or gets something."""
    all_ = evidence(trace)
    for read, flaw in _named(all_, "missing"):
        yield refused(read, flaw, all_)


@check("hdr.mismatch")
def a_header_unlike_the_body_gets_400(trace: Trace) -> Findings:
    """A request whose Mcp-Method or Mcp-Name differs from its body is refused, and what is refused so gets 400.

    Values are compared letter by letter, capitals included.
    """
    all_ = evidence(trace)
    for read, flaw in _named(all_, "differs", "missing", "wrapping"):
        if is_served(read):
            if flaw.kind == "differs":
                yield refused(read, flaw, all_)
        elif reason := unclear(read, all_):
            yield undecided(read.call, reason)
        else:
            yield expect(read.call.exchange.status == 400, read.call, f"{flaw.seen}: {told(read)}")


@check("hdr.mismatch-code")
def the_refusal_names_the_header_mismatch(trace: Trace) -> Findings:
    """What is refused for its Mcp-Method or Mcp-Name gets a JSON-RPC error with the code -32020."""
    all_ = evidence(trace)
    for read, flaw in _named(all_, "differs", "missing", "wrapping"):
        if is_served(read):
            continue
        if reason := unclear(read, all_):
            yield undecided(read.call, reason)
        else:
            yield expect(error_code(read.call.exchange) == HEADER_MISMATCH, read.call, f"{flaw.seen}: {told(read)}")


@check("hdr.decode")
def wrapped_names_are_decoded(trace: Trace) -> Findings:
    """Mcp-Name in its Base64 form is decoded before it is compared, and what is not exactly that form is not.

    A name that needs no wrapping may be wrapped as well. Marks in capitals are literal text, and Base64 that is
    cut short or has strange letters stands for nothing.
    """
    all_ = evidence(trace)
    for read in all_.written("wrapped name"):
        yield accepted(read, "wrapped name", "Mcp-Name is wrapped", all_)
    for read, flaw in all_.flawed("wrapping"):
        if flaw.header == NAME_HEADER:
            yield refused(read, flaw, all_)


@check("hdr.name-case")
def the_names_of_headers_have_no_case(trace: Trace) -> Findings:
    """mcp-method and MCP-METHOD are the same header as Mcp-Method."""
    all_ = evidence(trace)
    for read in all_.written("spelled"):
        yield accepted(read, "spelled", "names of headers are in other letters", all_)


@check("hdr.white-space")
def white_space_around_a_value_is_none_of_it(trace: Trace) -> Findings:
    """White space around the value of a header does not make it another value."""
    all_ = evidence(trace)
    for read in all_.written("spaced"):
        yield accepted(read, "spaced", "there is white space around the values of headers", all_)


@check("hdr.version-mismatch")
def two_versions_in_one_request_are_refused(trace: Trace) -> Findings:
    """A version header that differs from the version in the body gets 400 and -32020.

    If one of the two is not supported, that too is an error, and no order is given: -32022 is a warning. A header
    that names an older revision may lead to the rules of that revision.
    """
    all_ = evidence(trace)
    for read, flaw in all_.flawed("differs"):
        if flaw.header == VERSION_HEADER:
            yield _two_versions(read, flaw, all_)


def _two_versions(read: Mirrored, flaw: Flaw, all_: Evidence) -> Finding:
    call, code = read.call, error_code(read.call.exchange)
    header = call.exchange.request_header(VERSION_HEADER) or ""
    right = call.exchange.status == 400
    if not is_served(read) and (reason := unclear(read, all_)) and code != UNSUPPORTED_VERSION:
        return undecided(call, reason)
    if code == HEADER_MISMATCH:
        return expect(right, call, f"{flaw.seen}: {told(read)}")
    if _is_of_sessions(header):
        return undecided(call, f"{flaw.seen}: {told(read)}; the header names a revision with rules of its own")
    if code == UNSUPPORTED_VERSION and right and {header, meta_of(call.request).get(VERSION)} - _offered(call):
        return bent(call, f"{flaw.seen}: {told(read)}; one of the versions is not supported, and no order is given")
    return expect(False, call, f"{flaw.seen}: {told(read)}")


def _is_of_sessions(version: str) -> bool:
    return version.startswith("20") and not is_modern(version)


def _offered(call: Call) -> set[JSON]:
    """The versions that the server says it supports, or else the one that was agreed to."""
    listed = call.session.discovered.get("supportedVersions")
    return {v for v in listed if isinstance(v, str)} if isinstance(listed, list) else {call.session.revision}


@check("hdr.version-missing")
def a_missing_version_header_is_refused(trace: Trace) -> Findings:
    """A request without a version header gets 400 and -32020 from a server that has no clients of 2025-03-26.

    A server that also serves those, who send no such header, may take the request for one of theirs.
    """
    all_ = evidence(trace)
    older, asked = _serves_older(trace)
    for read, flaw in all_.flawed("missing"):
        if flaw.header != VERSION_HEADER:
            continue
        status, code = read.call.exchange.status, error_code(read.call.exchange)
        if (status, code) == (400, HEADER_MISMATCH):
            yield expect(True, read.call, f"{flaw.seen}: {told(read)}")
        elif older:
            yield moot(read.call, f"{flaw.seen}: {told(read)}; the server {older}, without this header")
        elif not is_served(read) and (reason := unclear(read, all_)):
            yield undecided(read.call, reason)
        elif not asked:
            yield undecided(read.call, f"{flaw.seen}: {told(read)}; nobody asked whether it serves 2025-03-26 too")
        else:
            yield expect(False, read.call, f"{flaw.seen}: {told(read)}; the server serves no revision without it")


def _serves_older(trace: Trace) -> tuple[str | None, bool]:
    """How the server showed that it serves clients that send no version header, and whether one tried."""
    asked = False
    for session in sessions(trace):
        listed = session.discovered.get("supportedVersions")
        older = [v for v in listed if isinstance(v, str) and v < HEADER_SINCE] if isinstance(listed, list) else []
        if older:
            return f"supports {older[0]} too", True
        agreed = session.initialized.get("protocolVersion")
        if isinstance(agreed, str) and agreed < HEADER_SINCE:
            return f"agreed to {agreed}", True
        for call in session.calls:
            wanted = call.request.params.get("protocolVersion")
            done = call.response is not None or call.exchange.refused
            asked |= (
                call.request.method == "initialize" and isinstance(wanted, str) and wanted < HEADER_SINCE and done
            )
    named = _supported_in_errors(trace)
    return (f"lists {named} in an error", True) if named else (None, asked)


def _supported_in_errors(trace: Trace) -> str | None:
    for message in trace.messages():
        if isinstance(message, Message) and message.sender == "server":
            data = message.error.get("data")
            listed = data.get("supported") if isinstance(data, dict) else None
            for version in listed if isinstance(listed, list) else ():
                if isinstance(version, str) and version < HEADER_SINCE:
                    return version
    return None
