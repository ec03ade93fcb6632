"""Log messages and their level: server/utilities/logging."""

from conformance.check import Findings, check, expect, moot, undecided
from conformance.checks.deciding import lives_on, says_nothing
from conformance.checks.reading import shown
from conformance.trace import JSON, Exchange
from conformance.views import Call, Session

LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
INVALID_PARAMS = -32602


@check("log.capability")
def a_server_that_logs_has_declared_it(session: Session) -> Findings:
    """A server that sends log messages declares the logging capability."""
    if not session.initialized:
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

    A response that does not come on a stream is judged elsewhere, and a session may end at any time.
    """
    level: JSON = call.request.params.get("level")
    if call.request.method != "logging/setLevel" or level in LEVELS:
        return
    if "logging" not in call.session.server_capabilities:
        yield moot(call, "the server does not declare logging")
        return
    response = call.response
    seen = f"the level {shown(level)} was answered with"
    if response is not None and response.kind == "error":
        code = response.error.get("code")
        if code != INVALID_PARAMS and (reason := _another_cause(call.session, call.exchange)):
            yield undecided(response, reason)
        else:
            yield expect(code == INVALID_PARAMS, response, f"{seen} the error {shown(code)}")
    elif response is not None:
        yield expect(False, response, f"{seen} a result")
    elif reason := _another_cause(call.session, call.exchange):
        yield undecided(call, reason)
    elif call.exchange.ending != "complete" or (call.exchange.ok and call.exchange.is_stream):
        yield undecided(call, f"{seen} nothing that was waited for")
    else:
        yield expect(False, call, f"{seen} {call.exchange.status} and no JSON-RPC error")


def _another_cause(session: Session, exchange: Exchange) -> str | None:
    """Why the request may have been refused whatever it asked."""
    if exchange.status == 404 and not lives_on(session, exchange):
        return "logging/setLevel was answered with 404, and nothing later shows that the session was alive"
    return says_nothing(exchange)
