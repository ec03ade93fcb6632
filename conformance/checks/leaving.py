"""Closing the response stream: 2026-07-28, basic/transports/streamable-http "Cancellation".

A stream that is closed can show nothing any more, so the evidence comes from elsewhere: from a tool that tells how
far the work under some label has come, and from the other streams of the same client.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.checks.asked import key_of
from conformance.checks.deciding import is_silent
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Call, Session, same_id
from conformance.judging.check import Finding, Findings, check, expect, undecided

LAST_STEP = 1  # that may be under way when a busy server gets to know that its client left, and is asked
LABEL = 8  # characters that a text must have at least to be taken for the name of one piece of work


@dataclass(frozen=True, slots=True)
class Work:
    """A call that its client left, and what another tool told of it afterwards: when it was asked, and the number.

    `whole` is what an equal call came to that nobody disturbed, and `whole_at` when it had its response.
    """

    call: Call
    left_at: float
    counts: tuple[tuple[float, int], ...]
    whole: int | None
    whole_at: float

    @property
    def may_have_ended(self) -> bool:
        """Whether the first look found the work done: it may have been, when its client left."""
        return self.whole is None or self.counts[0][1] >= self.whole


@check("disconnect.cancels")
def leaving_cancels_the_request(session: Session) -> Findings:
    """A client that closes the response stream has cancelled the request: its work is not done to the end.

    Only the effect of a work that is left undone shows it, so a call that nobody disturbed must have come further.
    """
    for work in _works(session):
        told = [count for at, count in work.counts if at >= work.whole_at]
        if any(is_silent(exchange) for exchange in session.trace.exchanges):
            yield undecided(work.call, "answers were waited for in vain: the server may not have seen who left")
        elif work.whole is None or not told:
            yield undecided(work.call, "nothing tells how far the work would have come if nobody had left")
        else:
            seen = f"after its stream was closed the work came to {told[-1]} of {work.whole} steps"
            if work.may_have_ended:
                yield undecided(work.call, f"{seen}, and may have been over before")
            else:
                yield expect(told[-1] < work.whole, work.call, seen)
    if session.modern and not any(_works(session)) and (left := next(_left(session), None)):
        yield undecided(left, "the stream was closed, and no tool tells whether its work went on")


@check("cancel.silent")
def nothing_more_is_sent_for_a_cancelled_request(session: Session) -> Findings:
    """After the stream is closed nothing more is sent for its request, neither progress nor a response elsewhere.

    That counts only if another stream carried something afterwards.
    """
    for call in _left(session):
        later = [m for m in _elsewhere(session, call) if m.at > (call.exchange.ended or 0.0)]
        stray = [m for m in later if _is_about(session, call, m)]
        for message in stray:
            what = message.method or f"the {message.kind}"
            yield expect(False, message, f"{what} of a request came on another stream when its own was closed")
        if later and not stray:
            seen = f"{len(later)} messages came on other streams, none of them about the request that was left"
            yield expect(True, call, seen)
        elif not later:
            yield undecided(call, "when the stream was closed, no other stream was there on which more could come")


def work_stops_soon(session: Session) -> Findings:
    """Whether the work of each call that was left stood still from one look to the next.

    The first look after the stream was closed only tells where the work was: the server has to notice first.
    """
    for work in _works(session):
        if len(work.counts) < 3:
            yield undecided(work.call, "nobody looked often enough at what became of the work")
        else:
            yield _standing_still(work)


def _standing_still(work: Work) -> Finding:
    (_, at_first), (looked_at, then), (_, last) = work.counts[0], work.counts[1], work.counts[-1]
    since = looked_at - work.left_at
    whole = work.whole or last
    if last > then + LAST_STEP or 2 * at_first <= whole <= then:
        seen = f"after its stream was closed the work was at step {at_first}, {since:.1f} s later at {then}"
        return expect(False, work.call, f"{seen}, and it came to {last}")
    if work.whole is None or then >= whole:
        return undecided(work.call, "the work may have been over when its stream was closed")
    return expect(True, work.call, f"{since:.1f} s after its stream was closed the work stood still at step {then}")


def _left(session: Session) -> Iterator[Call]:
    """The calls whose stream the client closed before the response."""
    if session.modern:
        yield from (c for c in session.calls if c.exchange.ending == "hung up" and c.stream and c.response is None)


def _works(session: Session) -> Iterator[Work]:
    for call in _left(session):
        left_at = call.exchange.ended or 0.0
        for label in _labels(call):
            counts = _counts(session, call, label)
            after = tuple((at, count) for at, count in counts if at >= left_at)
            if after:
                yield Work(call, left_at, after, *_undisturbed(session, call))


def _undisturbed(session: Session, call: Call) -> tuple[int | None, float]:
    """How far an equal call came that had its response, and when that was there; 0 is no distance."""
    for other in session.calls:
        if _tool(other) == _tool(call) and other.response is not None and other.response.kind == "result":
            answered = other.response.at
            counts = [n for label in _labels(other) for at, n in _counts(session, other, label) if at >= answered]
            if any(counts):
                return max(counts), answered
    return None, 0.0


def _counts(session: Session, call: Call, label: str) -> list[tuple[float, int]]:
    """What another tool, called with the same label, told: when it was asked, and the whole number it answered."""
    told = ((c, _number(c)) for c in session.calls if _tool(c) not in ("", _tool(call)) and label in _labels(c))
    return sorted((c.request.at, number) for c, number in told if number is not None)


def _labels(call: Call) -> list[str]:
    arguments = call.request.params.get("arguments")
    values = arguments.values() if isinstance(arguments, dict) else ()
    return [value for value in values if isinstance(value, str) and len(value) >= LABEL]


def _tool(call: Call) -> str:
    name = call.request.params.get("name")
    return name if call.request.method == "tools/call" and isinstance(name, str) else ""


def _number(call: Call) -> int | None:
    """The whole number that a result's only text is."""
    content = call.response.result.get("content") if call.response else None
    block = content[0] if isinstance(content, list) and len(content) == 1 else None
    text = block.get("text") if isinstance(block, dict) else None
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _elsewhere(session: Session, call: Call) -> Iterator[Message]:
    others = (x for x in session.exchanges if x.is_stream and x.number != call.exchange.number)
    return (m for x in others for m in x.received if isinstance(m, Message))


def _is_about(session: Session, call: Call, message: Message) -> bool:
    """Whether a message on another stream is the response or the progress of this call, and of no other."""
    if message.is_response:
        return same_id(message.id, call.request.id) and not _carries(session, message.place.exchange, call)
    token = call.progress_token
    owners = [c for c in session.calls if c.progress_token is not None and key_of(c.progress_token) == key_of(token)]
    named = message.params.get("progressToken")
    return message.method == "notifications/progress" and len(owners) == 1 and key_of(named) == key_of(token)


def _carries(session: Session, number: int, call: Call) -> bool:
    """Whether an exchange carries a request of the same id, as it may when the first is over."""
    exchange: Exchange | None = next((x for x in session.exchanges if x.number == number), None)
    sent = exchange.sent if exchange else ()
    return any(isinstance(m, Message) and same_id(m.id, call.request.id) for m in sent)
