"""What requests and results say of themselves: basic/index, "Result Responses", "Statelessness" and `_meta`."""

from collections.abc import Iterator

from conformance.checks.discovery import names_somebody
from conformance.checks.extensions import CORE_TYPES, declared_extensions
from conformance.checks.mirrors import tool_lists
from conformance.checks.offers import entries
from conformance.checks.reading import shown
from conformance.checks.rounds import is_retry, outcome, wanted
from conformance.checks.standing import (
    code,
    first_error,
    identity,
    is_addressed,
    is_right,
    is_served,
    lacks,
    missing,
    modern_calls,
    required_capabilities,
    told,
    unclear,
    with_status,
)
from conformance.checks.traces import FORMS
from conformance.evidence.era import (
    CLIENT_INFO,
    HEADER_MISMATCH,
    MISSING_CAPABILITY,
    SERVER_INFO,
    TASKS,
    UNSUPPORTED_VERSION,
    VERSION,
    declared_capabilities,
    meta_of,
)
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, Findings, bent, check, expect, moot, undecided

CAPABILITY_OF = {"elicitation/create": "elicitation", "sampling/createMessage": "sampling", "roots/list": "roots"}
NEEDS_A_MODEL = "test_missing_capability"  # a fixture known by its name, which does nothing for who cannot sample


def _results(session: Session) -> Iterator[Call]:
    """The results of requests that said which modern version they are of."""
    for call in session.calls if session.modern else ():
        if is_served(call) and meta_of(call.request).get(VERSION) == session.revision:
            yield call


@check("result.type")
def every_result_has_a_type(session: Session) -> Findings:
    """Every result says in `resultType` of what type it is."""
    for call in _results(session):
        kind = call.response.result.get("resultType") if call.response else None
        yield expect(isinstance(kind, str), call.response or call, f"{call.request.method}: resultType {shown(kind)}")


@check("result.type-known")
def the_types_of_results_are_known(session: Session) -> Findings:
    """The type of a result is `complete`, `input_required`, or one of an extension that the server declares.

    `task` belongs to the extension for tasks (SEP-2663, "Reservations"); what others bring along is not known here.
    """
    extensions = declared_extensions(session.server_capabilities)
    for call in _results(session):
        kind = call.response.result.get("resultType") if call.response else None
        if not isinstance(kind, str):
            continue
        seen = f"{call.request.method}: resultType {shown(kind)}"
        if kind not in CORE_TYPES and session.discovery is None:
            yield undecided(call, f"{seen}, and nobody asked what the server can do")
        elif kind == "task":
            yield expect(TASKS in extensions, call, seen)
        elif kind not in CORE_TYPES and extensions:
            yield undecided(call, f"{seen}, which may be of {' or '.join(map(shown, extensions))}")
        else:
            yield expect(kind in CORE_TYPES, call, seen)


@check("meta.missing")
def missing_metadata_is_refused(call: Call) -> Findings:
    """A request without its version or without the client's capabilities gets 400 and -32602.

    -32020 is a warning where the version is missing: the header has what the body lacks. Who the client is may be
    left unsaid.
    """
    if not call.session.modern or not is_addressed(call):
        return
    lacking = missing(call)
    if not lacking and (CLIENT_INFO in meta_of(call.request) or call.request.method != "server/discover"):
        return
    if not lacking and not is_right(call):
        return
    seen = f"without {' and '.join(lacking or (CLIENT_INFO,))}, {told(call)}"
    if reason := unclear(call):
        yield undecided(call, reason)
    elif not lacking:
        if is_served(call) or code(call) == INVALID_PARAMS:
            yield expect(is_served(call), call, seen)
    elif code(call) == UNSUPPORTED_VERSION and VERSION not in lacking and not _is_of(call):
        yield undecided(call, f"{seen}, which may be about the version that it names")
    elif code(call) == HEADER_MISMATCH and VERSION in lacking and call.exchange.status == 400:
        yield bent(call, f"{seen}, as the version is in the header only")
    elif code(call) == INVALID_PARAMS:
        yield with_status(call, 400, seen)
    else:
        yield expect(False, call, seen)


def _is_of(call: Call) -> bool:
    """Whether a request names the version that it is judged by."""
    return meta_of(call.request).get(VERSION) == call.session.revision


@check("meta.server-info")
def every_result_names_the_server(trace: Trace) -> Findings:
    """Every result names the server and its version, in its `_meta`; `server/discover` has a rule of its own."""
    results = [call for s in sessions(trace) for call in _results(s) if call.request.method != "server/discover"]
    infos = [(call, meta_of(call.response).get(SERVER_INFO)) for call in results if call.response]
    unnamed = [(call, info) for call, info in infos if not names_somebody(info)]
    for call, info in infos:
        if names_somebody(info):
            yield expect(True, call, f"the result of {call.request.method} names the server")
    for call, info in unnamed[:1]:  # a server may be told not to name itself: that is one warning, not one a result
        many = f"{len(unnamed)} of {len(infos)} results do not name the server"
        yield expect(False, call, f"{many}; the first has the serverInfo {shown(info)}")


@check("meta.trace")
def trace_fields_are_as_w3c_has_them(session: Session) -> Findings:
    """`traceparent`, `tracestate` and `baggage` in `_meta` have the forms of W3C Trace Context and W3C Baggage."""
    found = False
    for message in session.messages() if session.modern else ():
        for key, is_good in FORMS.items():
            if message.sender == "server" and message.kind != "error" and key in meta_of(message):
                found, value = True, meta_of(message)[key]
                yield expect(isinstance(value, str) and is_good(value), message, f"{key} is {shown(value)}")
    sent = next((c for c in session.calls if is_served(c) and not FORMS.keys().isdisjoint(meta_of(c.request))), None)
    if session.modern and sent is not None and not found:
        yield moot(sent, "the server was given the context of a trace, and sent none")


@check("caps.missing")
def an_undeclared_capability_gets_an_error(trace: Trace) -> Findings:
    """What needs a capability that the client did not declare gets 400 and -32021, and is told what is missing.

    What is missing is named as a client would declare it. What a tool needs is told by its own questions to a client
    that did declare it, or by its name, where it is the fixture made for this.
    """
    listed = {str(tool.get("name")) for call in tool_lists(sessions(trace)) for tool in entries(call, "tools")}
    needs: dict[str, set[str]] = {}
    for call in modern_calls(trace):
        needs.setdefault(identity(call), set()).update(_asked_for(call))
    for call in modern_calls(trace):
        if code(call) == MISSING_CAPABILITY and is_right(call):
            yield with_status(call, 400, told(call))
            yield _named(call)
        elif is_right(call) and not is_retry(call):
            yield from _not_told(call, needs[identity(call)], listed)


def _asked_for(call: Call) -> Iterator[str]:
    """The capabilities that the questions in an answer need."""
    for question in wanted(call).values():
        method = question.get("method") if isinstance(question, dict) else None
        if isinstance(method, str) and method in CAPABILITY_OF:
            yield CAPABILITY_OF[method]


def _named(call: Call) -> Finding:
    error, required = first_error(call), required_capabilities(call)
    data = error.error.get("data") if error is not None else None
    whole = bool(required) and all(isinstance(value, dict) for value in required.values())
    return expect(whole and lacks(required, call), call, f"the error's data is {shown(data)}")


def _not_told(call: Call, needed: set[str], listed: set[str]) -> Findings:
    """An answer other than -32021, where one of the capabilities that the work needs was not declared."""
    params, declared = call.request.params, declared_capabilities(call.request)
    undeclared = sorted(name for name in needed if name not in declared)
    seen = f"without {' and '.join(undeclared or ['sampling'])} declared, {told(call)}"
    if reason := unclear(call):
        if undeclared:
            yield undecided(call, reason)
    elif params.get("name") == NEEDS_A_MODEL and NEEDS_A_MODEL in listed and "sampling" not in declared:
        yield expect(False, call, f"{seen}, although the tool needs it")
    elif undeclared and outcome(call) == "error":
        yield expect(False, call, f"{seen}; who declares it is asked for it")
    elif undeclared and outcome(call) == "failed":
        yield bent(call, f"{seen}, with a result that says isError; who declares it is asked for it")
