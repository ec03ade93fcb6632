"""Log messages and their level: server/utilities/logging."""

from conformance.checks.deciding import other_cause
from conformance.checks.reading import shown
from conformance.evidence.era import LISTEN, LOG_LEVEL, meta_of
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Call, Session, once_per_trace, sessions
from conformance.judging.check import Findings, check, expect, moot, undecided

LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")


@check("log.capability")
def a_server_that_logs_has_declared_it(session: Session) -> Findings:
    """A server that sends log messages declares the logging capability."""
    if not (session.discovered if session.modern else session.initialized):
        return
    declared = "logging" in session.server_capabilities
    logs = [m for m in session.messages() if m.sender == "server" and m.method == "notifications/message"]
    for message in logs:
        seen = "a log message came, and logging is declared" if declared else "a log message came undeclared"
        yield expect(declared, message, seen)
    if not logs and not declared:
        yield moot(session, "the server does not declare logging, and sent no log messages")


@check("log.errors")
def an_unknown_level_is_an_invalid_parameter(call: Call) -> Findings:
    """An unknown log level is answered with -32602. Levels below the one that was set are nobody's business.

    A response that does not come on a stream is judged elsewhere, and a session may end at any time. In the modern
    era the level comes with the request that wants to be told about.
    """
    named = _levels_named(call)
    if all(level in LEVELS for level in named):
        return
    if "logging" not in call.session.server_capabilities:
        yield moot(call, "the server does not declare logging")
        return
    response = call.response
    seen = f"the level {shown(named[0])} was answered with"
    if response is not None and response.kind == "error":
        code = response.error.get("code")
        if code != INVALID_PARAMS and (reason := other_cause(call.session, call.exchange)):
            yield undecided(response, reason)
        else:
            yield expect(code == INVALID_PARAMS, response, f"{seen} the error {shown(code)}")
    elif response is not None:
        yield expect(False, response, f"{seen} a result")
    elif reason := other_cause(call.session, call.exchange):
        yield undecided(call, reason)
    elif call.exchange.ending != "complete" or (call.exchange.ok and call.exchange.is_stream):
        yield undecided(call, f"{seen} nothing that was waited for")
    else:
        yield expect(False, call, f"{seen} {call.exchange.status} and no JSON-RPC error")


@check("log.only-on-request")
def nobody_hears_a_log_that_did_not_ask(session: Session) -> Findings:
    """A request that names no log level gets no log messages.

    A call that gets none shows it where the same tool logs for those who ask.
    """
    talkative = _talkative(session.trace) if session.modern else set()
    for call in session.calls if session.modern else ():
        logs = _logs_on(call)
        if call.request.method == LISTEN or asks_for_logs(call):
            continue
        for message in logs:
            yield expect(False, message, f"a log message came to {call.request.method}, which named no level")
        if not logs and call.response is not None and _tool(call) in talkative:
            yield expect(True, call, f"{_tool(call)} logs for those who ask, and did not for who did not")


@check("log.same-stream")
def a_log_comes_on_the_stream_of_its_request(session: Session) -> Findings:
    """Log messages come on the stream of the request that asked for them, never on a subscription's."""
    for call in session.calls if session.modern else ():
        for message in _logs_on(call):
            if call.request.method == LISTEN:
                yield expect(False, message, "a log message came on the stream of a subscription")
            elif asks_for_logs(call):
                yield expect(True, message, f"a log message came on the stream of {call.request.method}, which asked")


def asks_for_logs(call: Call) -> bool:
    """Whether a request of the modern era says how loud the server may be."""
    return LOG_LEVEL in meta_of(call.request)


def _logs_on(call: Call) -> list[Message]:
    received = (m for m in call.exchange.received if isinstance(m, Message))
    return [m for m in received if m.method == "notifications/message"]


@once_per_trace
def _talkative(trace: Trace) -> set[str]:
    """The tools that logged for somebody who asked."""
    calls = (call for session in sessions(trace) if session.modern for call in session.calls)
    return {_tool(call) for call in calls if asks_for_logs(call) and _logs_on(call)} - {""}


def _tool(call: Call) -> str:
    return shown(call.request.params.get("name")) if call.request.method == "tools/call" else ""


def _levels_named(call: Call) -> list[JSON]:
    """The log level that a request names, in whatever way its era has for it; none if it names none."""
    if call.session.modern:
        return [meta_of(call.request)[LOG_LEVEL]] if asks_for_logs(call) else []
    return [call.request.params.get("level")] if call.request.method == "logging/setLevel" else []
