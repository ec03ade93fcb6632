"""basic/transports: disconnection is no cancellation ("Sending Messages to the Server", 6)."""

from conformance.check import Findings, check, expect, undecided
from conformance.checks.legs import event_ids, is_cancelled, is_progress_of, is_shared, no_stream, plain, response_on
from conformance.trace import Message
from conformance.views import Call, Session, Stream

GRACE = 2.0  # seconds of silence on a resumed stream, beyond the time that an equal call took


@check("disconnect.not-cancel")
def a_dropped_connection_cancels_nothing(session: Session) -> Findings:
    """A dropped connection does not cancel the request.

    The response on the resumed stream, or later progress elsewhere, shows that the work went on. That it did not
    shows only beside an equal call that was left alone: it had its result, and the dropped one still has none.
    """
    yield from no_stream(session)
    for call in session.calls:
        dropped = next((leg for leg in call.stream.legs if leg.ending == "hung up"), None) if call.stream else None
        if call.stream is None or dropped is None or dropped.ended is None or is_cancelled(session, call.request):
            continue
        answer = response_on(call.stream, call.request)
        if answer is None:
            yield from _left_without_response(call, call.stream, dropped.ended)
        elif answer.kind == "result" and answer.at > dropped.ended:
            yield expect(True, call, "the connection was dropped, and the result came on the resumed stream")
        elif answer.at > dropped.ended:
            seen = f"after its connection was dropped {call.request.method} was answered with an error"
            equal = _equal_call(call)
            yield expect(False, call, f"{seen}, an equal call with a result") if equal else undecided(call, seen)


def _left_without_response(call: Call, stream: Stream, dropped: float) -> Findings:
    """No response came after the client had left: did the work stop, or does nothing show it?

    A server need not replay anything, so a resumed stream speaks only where it has brought something back.
    """
    seen = f"the connection of {call.request.method} was dropped"
    last, equal = stream.last, _equal_call(call)
    elsewhere = (m for s in call.session.streams if s is not stream for m in s.first.received)
    if any(isinstance(m, Message) and m.at > dropped and is_progress_of(m, call) for m in elsewhere):
        yield expect(True, call, f"{seen}, and progress came later on")
    elif not event_ids(stream):
        yield undecided(call, f"{seen}; without event ids nothing shows whether the work went on")
    elif is_shared(stream) or not any(e.data for leg in stream.legs if leg.started >= dropped for e in leg.events):
        yield undecided(call, f"{seen}; nothing was replayed on return, so nothing shows whether the work went on")
    elif equal is None or equal.response is None:
        yield undecided(call, f"{seen}; no equal call shows how long the work takes")
    else:
        over = call.request.at + (equal.response.at - equal.request.at)
        gone = last.ending == "complete" and last.started >= over and all(e.retry is None for e in last.events)
        silent = last.ending in ("hung up", "timed out") and (last.ended or 0) >= over + GRACE
        late = f"{seen}; an equal call had its result, and this one has none on the resumed stream"
        yield (
            expect(False, call, late) if gone or silent else undecided(call, f"{seen}; nobody waited for the result")
        )


def _equal_call(call: Call) -> Call | None:
    """A call of the same session that asks the same, was left alone, and has its result."""
    return next((other for other in call.session.calls if _has_result(other) and _asks_the_same(other, call)), None)


def _has_result(call: Call) -> bool:
    left_alone = call.exchange.ending == "complete"
    return left_alone and call.response is not None and call.response.kind == "result"


def _asks_the_same(left: Call, right: Call) -> bool:
    return left is not right and plain(left.request) == plain(right.request)
