"""Error codes that MCP keeps for itself: basic/index, "Error Codes".

Only errors that answer requests of the modern era are judged. Codes from -32019 to -32000 are left alone: whose they
are, and since when, nobody can tell.
"""

from collections.abc import Iterator

from conformance.checks.mirrors import Mirrored, listed_tools, mirrored
from conformance.checks.reading import heard
from conformance.checks.standing import first_error, lacks, listed_versions, required_capabilities
from conformance.evidence.era import (
    HEADER_MISMATCH,
    MISSING_CAPABILITY,
    MODERN_CODES,
    SESSION_REVISIONS,
    UNSUPPORTED_VERSION,
    VERSION,
    declared_version,
    meta_of,
    speaks_modern,
)
from conformance.evidence.trace import Message, Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, Findings, check, expect, undecided

JSONRPC_CODES = (-32700, -32600, -32601, -32602, -32603)
RETIRED = {-32002: "a resource that is not there", -32042: "an address that has to be opened"}
RESERVED = range(-32099, -32019)
LEGACY = range(-32019, -31999)
RANGE = range(-32768, -31999)  # what JSON-RPC keeps for itself


def _errors(session: Session) -> Iterator[tuple[Message, int]]:
    """The errors that answer modern requests, and their codes."""
    for exchange in session.exchanges if session.modern else ():
        if not speaks_modern(exchange) or declared_version(exchange) in SESSION_REVISIONS:
            continue
        for message in heard(exchange):
            code = message.error.get("code") if isinstance(message, Message) and message.kind == "error" else None
            if isinstance(message, Message) and isinstance(code, int) and not isinstance(code, bool):
                yield message, code


@check("codes.reserved")
def reserved_codes_are_those_of_the_specification(session: Session) -> Findings:
    """Of the codes from -32099 to -32020 only those are sent that the specification defines.

    What older revisions defined there is judged under a rule of its own.
    """
    for message, code in _errors(session):
        yield expect(
            code not in RESERVED or code in (*MODERN_CODES, *RETIRED), message, f"the error has the code {code}"
        )


@check("codes.retired")
def codes_of_older_revisions_are_not_sent(session: Session) -> Findings:
    """-32002 and -32042, which older revisions had, are no longer sent."""
    for message, code in _errors(session):
        meant = f", which once stood for {RETIRED[code]}" if code in RETIRED else ""
        yield expect(code not in RETIRED, message, f"the error has the code {code}{meant}")


@check("codes.app-range")
def other_codes_lie_outside_the_range(session: Session) -> Findings:
    """Codes that neither JSON-RPC nor MCP defines lie outside -32768 to -32000."""
    for message, code in _errors(session):
        known = code in JSONRPC_CODES or code in RESERVED or code in LEGACY
        yield expect(known or code not in RANGE, message, f"the error has the code {code}")


@check("codes.meaning")
def defined_codes_keep_their_meaning(trace: Trace) -> Findings:
    """-32020 is only about headers, -32021 only about capabilities, -32022 only about versions."""
    read = {(read.call.exchange.number, read.call.request.place.entry): read for read in mirrored(trace)}
    for session in sessions(trace):
        for call in session.calls if session.modern else ():
            error = first_error(call)
            match error.error.get("code") if error is not None else None:
                case int(code) if code == HEADER_MISMATCH:
                    yield _about_headers(call, read.get((call.exchange.number, call.request.place.entry)))
                case int(code) if code == MISSING_CAPABILITY:
                    yield _about_capabilities(call)
                case int(code) if code == UNSUPPORTED_VERSION:
                    yield _about_versions(call)


def _about_headers(call: Call, read: Mirrored | None) -> Finding:
    seen = f"{call.request.method} drew {HEADER_MISMATCH}"
    if read is None:
        return undecided(call, f"{seen}, and more than its headers was not as usual")
    if not read.flaws and _has_unknown_marks(call):
        return undecided(call, f"{seen}, and the tool was not listed, so nobody knows what its headers have to say")
    if not read.flaws and read.forms - {"plain param"}:
        return undecided(call, f"{seen}: its headers are right, but not written as usual")
    wrong = "; ".join(flaw.seen for flaw in read.flaws) or "its headers say what its body says"
    return expect(bool(read.flaws), call, f"{seen}: {wrong}")


def _has_unknown_marks(call: Call) -> bool:
    """Whether a tool may want headers that nobody saw it want: in live traffic it need not be listed again."""
    trace, named = call.session.trace, call.request.params.get("name")
    return trace.revision is None and call.request.method == "tools/call" and str(named) not in listed_tools(trace)


def _about_capabilities(call: Call) -> Finding:
    seen, required = f"{call.request.method} drew {MISSING_CAPABILITY}", required_capabilities(call)
    if not required:
        return undecided(call, f"{seen}, and no capability is named")
    return expect(lacks(required, call), call, f"{seen}, which asks for {' and '.join(required)}")


def _is_padded(call: Call) -> bool:
    """Whether there is more white space around the version in the header than usual, which is a rule of its own."""
    headers = ((name.lower(), value) for name, value in call.exchange.request_headers)
    return any(name == "mcp-protocol-version" and value != value.strip(" \t") for name, value in headers)


def _about_versions(call: Call) -> Finding:
    seen = f"{call.request.method} drew {UNSUPPORTED_VERSION}"
    asked = call.request.params.get("protocolVersion") if call.request.method == "initialize" else None
    header = call.exchange.request_header("mcp-protocol-version")
    told = {version for version in (meta_of(call.request).get(VERSION), header, asked) if isinstance(version, str)}
    supported = listed_versions(call.session)
    if not told or not supported:
        return undecided(call, f"{seen}, and nobody saw which versions are supported")
    if _is_padded(call):
        return undecided(call, f"{seen}: its version header is right, but not written as usual")
    named = " and ".join(map(str, told))
    return expect(
        not told <= set(supported), call, f"{seen} to version {named}; supported are {', '.join(supported)}"
    )
