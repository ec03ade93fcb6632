"""Cancellation in both directions: basic/utilities/cancellation."""

from collections.abc import Iterator

from conformance.checks.asked import Key, Question, key_of, questions
from conformance.checks.deciding import ends_sessions_alone, is_right, lives_on, says_nothing
from conformance.checks.lagging import lag
from conformance.checks.leaving import work_stops_soon
from conformance.checks.reading import is_id, is_sound, shown
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Call, Session, once_per_trace, sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

BROKEN_OFF = ("hung up", "lost", "cut off", "timed out")
LONG = 0.5  # seconds that a call in the role `slow` works at least


@check("cancel.valid-id")
def the_server_cancels_only_its_own_running_requests(session: Session) -> Findings:
    """The server cancels only requests of its own that it believes to be running.

    If the answer was under way the server could not know; and a question that was lost with a connection which broke
    off was asked all the same. In the modern era only clients ask, and what the server cancels is a request of theirs
    that is not over.
    """
    if session.modern:
        yield from _cancelled_for_the_client(session)
        return
    asked = {key_of(question.request.id): question for question in questions(session)}
    for message in session.messages():
        if message.sender == "server" and message.method == "notifications/cancelled":
            yield _own_cancellation(session, message, asked)


def _cancelled_for_the_client(session: Session) -> Findings:
    """What the server cancelled of its client's requests: those on one stream have an order."""
    calls = {key_of(call.request.id): call for call in session.calls}
    for message in session.messages():
        if message.sender != "server" or message.method != "notifications/cancelled":
            continue
        named = message.params.get("requestId")
        call, seen = calls.get(key_of(named)), f"the server cancelled {shown(named)}"
        if call is None:
            yield expect(False, message, f"{seen}, which is no request of its client's")
        elif call.response is None or _comes_before(message, call.response):
            yield expect(True, message, f"{seen}, a {call.request.method} that was not answered")
        elif call.response.place.exchange == message.place.exchange:
            yield expect(False, message, f"{seen}, a {call.request.method} that it had answered before")
        else:
            yield undecided(message, f"{seen} when it was answered already, which may be a race")


def _comes_before(message: Message, other: Message) -> bool:
    """Whether a message was sent first: events of one stream have an order, even if they came at one time."""
    if message.place.exchange != other.place.exchange:
        return message.at < other.at
    return (message.place.event or 0) < (other.place.event or 0)


def _own_cancellation(session: Session, message: Message, asked: dict[Key, Question]) -> Finding:
    named = message.params.get("requestId")
    question = asked.get(key_of(named))
    seen = f"the server cancelled {shown(named)}"
    if question is not None and (question.answer is None or question.answer.at > message.at):
        return expect(True, message, f"{seen}, its own {question.request.method}")
    if question is not None:
        return undecided(message, f"{seen} when the answer was given already, which may be a race")
    if any(x.method == "GET" or x.is_stream for x in session.exchanges if _broke_off_before(x, message.at)):
        return undecided(message, f"{seen}, which it may have asked on a stream that broke off")
    return expect(False, message, f"{seen}, which is no request of its own")


def _broke_off_before(exchange: Exchange, time: float) -> bool:
    return exchange.ending in BROKEN_OFF and exchange.ended is not None and exchange.ended < time


@check("cancel.stop")
def a_cancelled_call_gets_no_response(session: Session) -> Findings:
    """A cancelled request stops and gets no response.

    A response that was under way is a race. It counts where the call shows that it went on: progress came after the
    cancellation had been accepted, or an error tells of the cancellation itself. A server that keeps no sessions
    cannot know what is cancelled. In the modern era a closed stream is the cancellation, and the work shows it.
    """
    if session.modern:
        yield from work_stops_soon(session)
        return
    for exchange, message, call in _cancellations(session):
        if call is None or _was_answered(call, message.at) or not exchange.ok or exchange.head_at is None:
            continue
        response = call.response
        if session.id is None:
            yield moot(message, "without sessions the server cannot know which request a cancellation is about")
        elif response is None:
            yield _no_response(call, exchange.head_at)
        elif response.kind == "error" and "cancel" in str(response.error.get("message")).lower():
            text = shown(response.error.get("message"))
            yield expect(False, response, f"the cancelled {call.request.method} was answered with the error {text}")
        elif _had_begun(call, message.at) and _went_on(call, exchange.head_at):
            seen = f"{call.request.method} went on after its cancellation was accepted, and was answered"
            yield expect(False, response, seen)
        else:
            yield undecided(response, "a response came after the cancellation, which may be a race")


def _no_response(call: Call, accepted: float) -> Finding:
    last = call.stream.last if call.stream else call.exchange
    if last.ending == "complete":
        return expect(True, call, f"the cancelled {call.request.method} ended without a response")
    until = last.ended or accepted
    if until - accepted >= LONG:
        return expect(
            True, call, f"no response to the cancelled {call.request.method} came in {until - accepted:.1f} s"
        )
    return undecided(call, f"no response to the cancelled {call.request.method} came as long as one listened")


def _had_begun(call: Call, time: float) -> bool:
    """Whether the answer had begun by then: a cancellation may overtake a request that is sent just before it."""
    return call.exchange.head_at is not None and call.exchange.head_at < time


def _went_on(call: Call, accepted: float) -> bool:
    """Whether progress of the call came after the cancellation had been accepted; one alone may be a straggler."""
    said = (m for x in call.session.exchanges for m in x.received if isinstance(m, Message))
    later = (m for m in said if m.at > accepted + lag(call.session.trace))
    token = call.progress_token
    named = (m.params.get("progressToken") for m in later if m.method == "notifications/progress")
    return token is not None and sum(key_of(value) == key_of(token) for value in named) > 1


@check("cancel.race")
def a_late_cancellation_does_no_harm(session: Session) -> Findings:
    """A cancellation that comes too late does no harm: what is asked next in the session is answered."""
    for exchange, message, call in _cancellations(session):
        if call is None or not _was_answered(call, message.at) or exchange.head_at is None:
            continue
        later = (c for c in session.calls if c.request.at > exchange.head_at)
        after = next((c for c in later if is_sound(c.request) and is_right(session, c.exchange)), None)
        if after is None or (session.deleted is not None and session.deleted.started < after.request.at):
            yield undecided(message, "nothing was asked after the late cancellation")
        elif after.response is not None and not after.exchange.refused:
            yield expect(True, after, f"{after.request.method} after a late cancellation was answered")
        elif (reason := says_nothing(after.exchange)) or after.exchange.ending != "complete" or after.exchange.ok:
            yield undecided(after, reason or f"{after.request.method} after a late cancellation was not waited for")
        else:
            status = after.exchange.status
            seen = f"{after.request.method} after a late cancellation was not served ({status})"
            alone = status == 404 and ends_sessions_alone(session.trace)
            yield undecided(after, f"{seen}; it ends other sessions too") if alone else expect(False, after, seen)


@check("cancel.invalid-ignored")
def a_cancellation_of_nothing_is_ignored(session: Session) -> Findings:
    """A cancellation that names no running request is ignored: it is accepted like any other.

    In the modern era no client is expected to send one over HTTP, so it may be refused as well; what it may not do is
    to end a request that it does not name.
    """
    for exchange, message, call in _cancellations(session):
        running = call is not None and not _was_answered(call, message.at)
        if running or not is_right(session, exchange):
            continue
        what = "a finished request" if call else "an unknown request"
        seen = f"the cancellation of {what} was answered with {exchange.status}"
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif session.modern:
            yield from _disturbs_nothing(session, exchange, seen)
        elif exchange.status in (403, 404) and not lives_on(session, exchange):
            yield undecided(exchange, f"{seen}, which may be about the session")
        else:
            yield expect(exchange.ok, exchange, seen)


def _disturbs_nothing(session: Session, exchange: Exchange, seen: str) -> Findings:
    """Whether it was taken without a word, and what became of the requests that were running when it came."""
    if exchange.status == 202:
        yield expect(True, exchange, seen)
    for call in session.calls:
        if call.request.at < exchange.started and not _was_answered(call, exchange.head_at or exchange.started):
            if call.response is not None:
                yield expect(True, call, f"{seen}, and {call.request.method}, which was running, got its response")
            elif _is_lost(call) and _is_lost_undisturbed(session.trace):
                yield undecided(call, f"{seen}; calls lose their responses where nothing is cancelled, too")
            elif _is_lost(call):
                yield expect(False, call, f"{seen}, and {call.request.method}, which was running, got no response")


def _is_lost(call: Call) -> bool:
    """Whether a right request was accepted, and the answer ended in order without its response."""
    in_order = call.exchange.ok and call.exchange.ending == "complete"
    return call.response is None and in_order and is_right(call.session, call.exchange)


@once_per_trace
def _is_lost_undisturbed(trace: Trace) -> bool:
    """Whether calls lose their responses in sessions where nothing is cancelled."""
    calm = (session for session in sessions(trace) if session.modern and not any(_cancellations(session)))
    return any(_is_lost(call) for session in calm for call in session.calls)


def _cancellations(session: Session) -> Iterator[tuple[Exchange, Message, Call | None]]:
    """The client's cancellations, each alone in its POST, and the call that each names."""
    for exchange in session.exchanges:
        for message in exchange.sent if len(exchange.sent) == 1 else ():
            if isinstance(message, Message) and message.method == "notifications/cancelled" and is_sound(message):
                named = message.params.get("requestId")
                if message.kind == "notification" and is_id(named):
                    yield exchange, message, _named(session, message)


def _named(session: Session, cancellation: Message) -> Call | None:
    """The latest call before the cancellation that has the id which it names."""
    named = key_of(cancellation.params.get("requestId"))
    earlier = (c for c in session.calls if c.request.at <= cancellation.at and key_of(c.request.id) == named)
    return max(earlier, key=lambda call: call.request.at, default=None)


def _was_answered(call: Call, time: float) -> bool:
    """Whether the response had come by then, or the answer had ended without one."""
    response = call.response
    over = call.exchange.ended is not None and call.exchange.ended < time and call.stream is None
    return over or (response is not None and response.at < time)
