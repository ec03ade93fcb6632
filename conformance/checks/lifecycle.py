"""The handshake, what was agreed there, and time limits: basic/lifecycle."""

from collections import Counter

from conformance.checks.asked import Question, key_of, questions
from conformance.checks.reading import shown
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, moot, undecided

ASKS_FOR = {
    "sampling/createMessage": "sampling",
    "elicitation/create": "elicitation",
    "roots/list": "roots",
}


@check("init.result")
def initialize_is_answered_with_version_capabilities_and_name(call: Call) -> Findings:
    """`initialize` is answered with the version, the capabilities and the server's name and version."""
    if call.request.method != "initialize" or call.response is None:
        return
    if call.response.kind == "error":
        yield undecided(call.response, f"initialize was refused: {shown(call.response.error.get('message'))}")
        return
    result = call.response.result
    info = result.get("serverInfo")
    named: dict[str, JSON] = info if isinstance(info, dict) else {}
    missing = [name for name in ("name", "version") if not isinstance(named.get(name), str)]
    wrong = [f"serverInfo.{name}" for name in missing]
    wrong += [] if isinstance(result.get("protocolVersion"), str) else ["protocolVersion"]
    wrong += [] if isinstance(result.get("capabilities"), dict) else ["capabilities"]
    seen = f"missing or of the wrong type: {', '.join(wrong)}" if wrong else "version, capabilities, name and version"
    yield expect(not wrong, call.response, f"in the result of initialize: {seen}")


@check("init.server-waits")
def the_server_asks_nothing_before_initialized(session: Session) -> Findings:
    """Before the client said `initialized`, the server sends no requests but ping. Notifications are free.

    It is an occasion only if a stream was open on which the server could have asked.
    """
    if not session.initialized:
        return
    if session.id is None:
        yield moot(session, "the server keeps no sessions, so it cannot tell whether the client is ready")
        return
    ready = next((m.at for m in session.messages() if m.method == "notifications/initialized"), None)
    asked = [question.request for question in questions(session) if question.request.method != "ping"]
    early = [request for request in asked if ready is None or request.at < ready]
    for request in early:
        yield expect(False, request, f"{request.method} was asked before notifications/initialized was sent")
    for exchange in session.exchanges if not early else ():
        before = ready is None or (exchange.head_at is not None and exchange.head_at < ready)
        if before and exchange.ok and exchange.is_stream and not _initializes(exchange):
            yield expect(
                True, exchange, f"nothing was asked on this {exchange.method} stream before the client was ready"
            )
        elif before and exchange.method == "GET" and exchange.status == 405:
            yield moot(exchange, "the server offers no GET stream (405) on which it could ask before its time")


def _initializes(exchange: Exchange) -> bool:
    return any(isinstance(m, Message) and m.method == "initialize" for m in exchange.sent)


@check("negotiated")
def the_server_asks_only_for_what_the_client_declared(session: Session) -> Findings:
    """The server uses only what version and capabilities of both sides allow: it asks for nothing undeclared."""
    if session.handshake is None:
        return
    declared = session.client_capabilities
    for question in questions(session):
        request = question.request
        capability = ASKS_FOR.get(request.method)
        if capability is None:
            continue
        feature = _feature(request)
        offered = declared.get(capability)
        has = isinstance(offered, dict) and (feature is None or feature in offered)
        wanted = f"{capability}.{feature}" if feature else capability
        said = (
            "which the client declared"
            if has
            else f"and the client declared {shown(', '.join(declared)) if declared else 'nothing'}"
        )
        yield expect(has, request, f"{request.method} needs {wanted}, {said}")


def _feature(request: Message) -> str | None:
    """What a question needs beyond the capability itself: a URL to open, or tools in sampling."""
    if request.method == "elicitation/create" and request.params.get("mode") == "url":
        return "url"
    if request.method == "sampling/createMessage" and "tools" in request.params:
        return "tools"
    return None


@check("timeout.cancel")
def a_server_that_gives_up_cancels(session: Session) -> Findings:
    """A server that gives up waiting for an answer sends `notifications/cancelled`."""
    for question in _unanswered(session):
        request, went_on = question.request, _went_on(question)
        seen = f"{request.method} was not answered"
        if question.cancelled is not None:
            yield expect(True, request, f"{seen} and was cancelled")
        elif went_on is None or request.method == "ping":
            yield undecided(request, f"{seen}, but the server was not seen to give up")
        elif not _would_have_seen(session, request.at, went_on.at):
            yield undecided(request, f"{seen}; a cancellation may have gone to a GET stream that nobody listened to")
        else:
            yield expect(False, request, f"{seen}; the server went on, but sent no cancellation")


def _unanswered(session: Session) -> list[Question]:
    """Where several questions have one id, an answer or a cancellation may be meant for any of them."""
    asked = questions(session)
    times = Counter(key_of(question.request.id) for question in asked)
    return [question for question in asked if question.answer is None and times[key_of(question.request.id)] == 1]


def _went_on(question: Question) -> Message | None:
    """The response to the call in which the question was asked: the server no longer waits for the answer."""
    response = question.call.response if question.call else None
    return response if response is not None and response.at > question.request.at else None


def _would_have_seen(session: Session, asked: float, given_up: float) -> bool:
    """Whether a notification that concerns no request would have been seen: on a GET stream, or not at all."""
    for exchange in session.exchanges:
        if exchange.method == "GET" and exchange.status == 405:
            return True
        listens = exchange.method == "GET" and exchange.ok and exchange.is_stream and exchange.head_at is not None
        if listens and (exchange.head_at or 0) < asked and (exchange.ended is None or exchange.ended > given_up):
            return True
    return False
