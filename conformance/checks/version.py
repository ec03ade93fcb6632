"""Protocol versions: basic/lifecycle "Version Negotiation" and basic/transports "Protocol Version Header"."""

import re
from collections.abc import Iterator

from conformance.checks.deciding import (
    fails_anyhow,
    is_silent,
    lives_on,
    names_another_request,
    says_nothing,
    was_let_in,
)
from conformance.checks.reading import shown
from conformance.evidence.era import KNOWN_REVISIONS, SESSION_REVISIONS
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.evidence.views import OLDEST, Call, Session, sessions
from conformance.judging.check import Finding, Findings, bent, check, expect, moot, undecided

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST = "2024"  # no version is older than the protocol; one that we do not know may be newer than we are
FAILURE = 500  # the first status that speaks of the server and not of the request
NEGOTIABLE = tuple(r for r in KNOWN_REVISIONS if r <= max(SESSION_REVISIONS))


def impossible(version: JSON) -> bool:
    """Whether this cannot be a version of the protocol: a date before there was one."""
    return isinstance(version, str) and bool(DATE.fullmatch(version)) and version < FIRST


def _may_be_a_version(version: JSON) -> bool:
    """A date, or the name that a draft of the specification gives itself."""
    named = isinstance(version, str) and (bool(DATE.fullmatch(version)) or version.upper().startswith("DRAFT"))
    return named and not impossible(version)


def asked_of(call: Call) -> JSON:
    """The version that a client named in `initialize`."""
    return call.request.params.get("protocolVersion")


def answered(call: Call) -> JSON:
    """The version in the result of `initialize`, None without one."""
    result = call.response.result if call.response else {}
    return result.get("protocolVersion")


def handshakes(trace: Trace) -> list[Call]:
    """Every `initialize` that got a result."""
    found = [session.handshake for session in sessions(trace) if session.handshake]
    return [call for call in found if call.response and call.response.kind == "result"]


def agreed_to(calls: list[Call]) -> set[str]:
    """The versions that were asked for and given."""
    return {version for call in calls if isinstance(version := answered(call), str) and version == asked_of(call)}


@check("version.same")
def a_supported_version_is_agreed_to(trace: Trace) -> Findings:
    """A client that asks for a version that the server supports gets that version.

    Another answer is a breach only where the server shows that it does support what was asked: it names the version
    in an error, or takes it in a header where it refuses a version that cannot exist. 2024-11-05 is left out: it
    knows no Streamable HTTP, so a server may support it elsewhere only.
    """
    evident = _shown_to_be_supported(trace)
    for call in handshakes(trace):
        asked, got = asked_of(call), answered(call)
        seen = f"asked for {shown(asked)}, the server answered {shown(got)}"
        if asked in NEGOTIABLE and got == asked:
            yield expect(True, call, seen)
        elif asked in SESSION_REVISIONS and str(asked) in evident:
            yield expect(False, call, f"{seen}, although {evident[str(asked)]}")
        elif asked in NEGOTIABLE:
            yield undecided(call, f"{seen}: it may not support what was asked")


def _shown_to_be_supported(trace: Trace) -> dict[str, str]:
    """Versions that the server cannot deny to support, and how it showed that."""
    evident: dict[str, str] = {}
    for message in trace.messages():
        if isinstance(message, Message) and message.kind == "error" and message.sender == "server":
            data = message.error.get("data")
            listed = data.get("supported") if isinstance(data, dict) else None
            for version in listed if isinstance(listed, list) else []:
                evident.setdefault(str(version), "it lists this version in an error")
    values = [(x, x.request_header("mcp-protocol-version")) for x in trace.exchanges if x.method == "POST"]
    if any(impossible(value) and x.status == 400 for x, value in values):
        for x, value in values:
            if x.ok and value:
                evident.setdefault(value, "it accepts this version in the header")
    return evident


@check("version.other")
def an_unsupported_version_is_answered_with_another(trace: Trace) -> Findings:
    """A client that asks for a version which the server does not support is offered one that it does support.

    An error that names the supported versions is a warning: an example on the same page shows just that.
    """
    calls = handshakes(trace)
    refused = {str(asked_of(call)) for call in calls if answered(call) != asked_of(call)} - agreed_to(calls)
    for session in sessions(trace):
        if session.handshake is not None and impossible(asked_of(session.handshake)):
            yield _counter_offer(session.handshake, refused)


def _counter_offer(call: Call, refused: set[str]) -> Finding:
    asked, got, exchange = asked_of(call), answered(call), call.exchange
    if call.response is None or call.response.kind == "error":
        seen = f"initialize with version {shown(asked)} got {exchange.status} and no result"
        said = exchange.body.decode("utf-8", "replace") + str(call.response.error if call.response else "")
        if is_silent(exchange) and _is_silent_for_nothing_else(call.session.trace):
            return expect(
                False, call, f"only initialize with version {shown(asked)} got no answer, and more than once"
            )
        if reason := says_nothing(exchange):
            return undecided(call, reason)
        if names_another_request(exchange):
            return undecided(call, f"{seen} under the request's own id")
        if exchange.ending != "complete":
            return undecided(call, f"{seen} until the recording of the answer ended")
        if (exchange.status or 0) >= FAILURE and _fails_now_and_then(call.session.trace):
            return undecided(call, f"{seen}, and the server fails at times with versions that it agrees to as well")
        if any(version in said for version in KNOWN_REVISIONS):
            told = f"{seen}, but an error that names the supported versions, as an example there has it"
            return bent(call, told) if call.response is not None else undecided(call, told)
        return expect(False, call, f"{seen}, so no other version was offered")
    seen = f"asked for {shown(asked)}, the server answered {shown(got)}"
    if str(got) in refused:
        return expect(False, call, f"{seen}, which it did not agree to when it was asked for it")
    return expect(got != asked and _may_be_a_version(got), call, seen)


def _fails_now_and_then(trace: Trace) -> bool:
    """Whether a version that was agreed to drew the server's own failure another time."""
    agreed = agreed_to(handshakes(trace))
    begun = [session.handshake for session in sessions(trace) if session.handshake]
    return any(str(asked_of(call)) in agreed and (call.exchange.status or 0) >= FAILURE for call in begun)


def _is_silent_for_nothing_else(trace: Trace) -> bool:
    """Whether nothing was waited for in vain but versions that were never agreed to, one of them twice."""
    silent = [exchange for exchange in trace.exchanges if is_silent(exchange)]
    asked = [m.params.get("protocolVersion") for x in silent for m in x.sent if isinstance(m, Message)]
    never = [version for version in asked if impossible(version)]
    agreed = agreed_to(handshakes(trace))
    strange = [version for version in asked if isinstance(version, str) and version not in agreed]
    return len(never) > 1 and len(strange) == len(silent)


@check("version.server-latest")
def the_counter_offer_is_the_newest_version(trace: Trace) -> Findings:
    """The version that is offered in place of an unsupported one is the newest that the server supports."""
    calls = handshakes(trace)
    agreed, tried = agreed_to(calls), [asked_of(call) for call in calls]
    for call in calls:
        asked, offered = asked_of(call), answered(call)
        if asked == offered or offered not in NEGOTIABLE:
            continue
        newer = [version for version in NEGOTIABLE if version > str(offered)]
        better = [version for version in newer if version in agreed]
        untried = [version for version in newer if version not in tried]
        seen = f"asked for {shown(asked)}, the server offered {offered}"
        if better:
            yield expect(False, call, f"{seen}, but it also speaks {better[-1]}")
        elif untried:
            yield undecided(call, f"{seen}; nobody asked for {' or '.join(untried)}")
        else:
            yield expect(True, call, f"{seen}, the newest that it agrees to")


@check("version.header-default")
def a_missing_version_header_is_survived(session: Session) -> Findings:
    """A missing MCP-Protocol-Version header stands for 2025-03-26 where nothing else tells the version.

    A server with sessions may know the version from the session, so its refusal decides nothing: it is the client
    that has to send the header. A refusal counts where there is no session and the server speaks 2025-03-26, or where
    a session that has just this version is refused as well.
    """
    for exchange in _after_the_handshake(session):
        asks = len(exchange.sent) == 1 and isinstance(exchange.sent[0], Message) and exchange.sent[0].has_id
        if exchange.request_header("mcp-protocol-version") is not None or not asks:
            continue
        seen = f"a request without the version header was answered with {exchange.status}"
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif exchange.ok:
            yield expect(True, exchange, seen)
        elif exchange.status != 400:
            yield undecided(exchange, f"{seen}, which does not tell whether it is for the header's sake")
        elif session.id is None and OLDEST in agreed_to(handshakes(session.trace)):
            yield expect(False, exchange, f"{seen}, although the server keeps no sessions and speaks {OLDEST}")
        elif session.id is None:
            yield moot(exchange, f"{seen}; the server was not seen to speak {OLDEST}")
        elif _insists_on_a_header(session.trace):
            yield expect(False, exchange, f"{seen}, and so in a session of {OLDEST}, which knows no such header")
        else:
            yield undecided(exchange, f"{seen}; a server with sessions is free to insist on it")


def _insists_on_a_header(trace: Trace) -> bool:
    """Whether every request but `initialize` is refused with 400 in sessions whose version knows no such header."""
    told = [session for session in sessions(trace) if session.initialized.get("protocolVersion") == OLDEST]
    calls = [call for session in told for call in session.calls if call.request.method != "initialize"]
    bare = [c.exchange for c in calls if c.exchange.request_header("mcp-protocol-version") is None]
    return bool(bare) and all(exchange.status == 400 for exchange in bare)


@check("version.header-400")
def a_bad_version_header_gets_400(session: Session) -> Findings:
    """An MCP-Protocol-Version header that is malformed, or names a version that cannot exist, gets 400.

    A known version that was not negotiated is another matter, and on `initialize` the body decides.
    """
    negotiated = session.initialized.get("protocolVersion")
    for exchange in _after_the_handshake(session):
        value = exchange.request_header("mcp-protocol-version")
        if value is None or value == negotiated or (DATE.fullmatch(value) and not impossible(value)):
            continue
        seen = f"{exchange.method} with the version header {shown(value)} was answered with {exchange.status}"
        reason = None if exchange.status == 401 and was_let_in(session, exchange) else says_nothing(exchange)
        if reason or _has_another_cause(session, exchange):
            yield undecided(exchange, reason or f"{seen}, which may have another cause")
        else:
            yield expect(exchange.status == 400, exchange, seen)


def _has_another_cause(session: Session, exchange: Exchange) -> bool:
    """Whether a refusal can be about the method, about who is asking, or about the session."""
    match exchange.status:
        case 403:
            return not was_let_in(session, exchange)
        case 404:
            return not lives_on(session, exchange) or fails_anyhow(session, exchange)
    return exchange.status == 405 or fails_anyhow(session, exchange)


def _after_the_handshake(session: Session) -> Iterator[Exchange]:
    """What a client sent that had initialized, as long as the session lived."""
    if session.handshake is None or not session.initialized:
        return
    ended = session.deleted.started if session.deleted else None
    for exchange in session.exchanges:
        asks = any(isinstance(m, Message) and m.method == "initialize" for m in exchange.sent)
        if (
            not asks
            and exchange.started > session.handshake.request.at
            and (ended is None or exchange.started <= ended)
        ):
            yield exchange
