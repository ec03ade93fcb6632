"""Calls that nobody has answered, or whose answer went astray, and why: what to look at when a client hangs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.report.text import count, duration, short
from inspector.model.nouns import LiveCall, LiveSession, LiveStream
from inspector.model.rows import Rows

Cause: TypeAlias = Literal[
    "astray",  # answered, on an answer where its asker does not look
    "refused",  # HTTP said no, without a response
    "accepted",  # 202, as if it were a notification
    "lost",  # the connection broke before there was any answer
    "left",  # its client hung up
    "silent",  # there is no answer yet
    "question",  # waits for the client
    "client",  # is a question, and waits for the client itself
    "severed",  # its stream broke off, and nobody has come back
    "ended",  # its answer is over, and the response was not in it
    "open",  # its stream is open, and may still bring it
    "cancelled",
]
_EVENT_ID = 40  # columns


@dataclass(frozen=True, slots=True)
class Hung:
    """A call that hangs, since when, and why in one sentence."""

    call: LiveCall
    session: LiveSession
    since: float
    cause: Cause
    why: str


def hung_calls(sessions: Iterable[LiveSession], rows: Rows, now: float) -> list[Hung]:
    """All calls that hang at this moment, the oldest first."""
    found = [each for session in sessions for each in _of(session, rows, now)]
    return sorted(found, key=lambda each: each.since)


def _of(session: LiveSession, rows: Rows, now: float) -> Iterator[Hung]:
    for call in session.pending:
        if not (session.ended and call.cancelled):
            cause, why = _over_http_sse(session, now) if _goes_well(call, session) else _why(call, session, now)
            yield Hung(call, session, call.started, cause, why)
    for call in () if session.place else session.done:
        if (where := _astray(call, rows)) is not None:
            why = f"answered on {where}, where a client that reads its own answer does not look"
            yield Hung(call, session, call.started, "astray", why)


def _goes_well(call: LiveCall, session: LiveSession) -> bool:
    """Whether 202 is no more than what HTTP+SSE asks for: there all responses come on the session's stream."""
    return bool(session.place) and call.exchange.facts.status == 202 and not call.cancelled and bool(session.streams)


def _over_http_sse(session: LiveSession, now: float) -> tuple[Cause, str]:
    return _on_stream(session.streams[-1], now)


def _why(call: LiveCall, session: LiveSession, now: float) -> tuple[Cause, str]:
    if call.cancelled:
        return "cancelled", "was cancelled, so no response is owed"
    if call.asker == "server":
        return "client", f"the server waits for the client's answer since {duration(now - call.started)}"
    exchange, status = call.exchange, call.exchange.facts.status
    if _client_left(call):
        if session.modern:
            return "cancelled", "was cancelled, as its client hung up, so no response is owed"
        return "left", "its client hung up, and nobody waits for the response any more"
    if status is None:
        if exchange.ended:
            return "lost", f"never accepted: the connection {_ending(call)} before any answer"
        return "silent", f"no answer for {duration(now - call.started)}: the server has not even sent a status"
    if status == 202:
        return "accepted", "answered with 202, as if it were a notification: no response will come"
    if status >= 400:
        return "refused", f"refused with status {status}, without a response to it"
    if session.ended:
        return "ended", "its session is over, and there was no response"
    waiting = next((question for question in call.questions if question.answered_at is None), None)
    if waiting is not None:
        asked = f"question {waiting.shown_id} ({waiting.title}), asked {duration(now - waiting.started)} ago"
        return "question", f"waits for the client's answer to {short(asked, 120)}"
    if exchange.stream is not None:
        cause, why = _on_stream(exchange.stream, now)
        return cause, f"{why}, progress {call.progress_words}" if call.progress and cause == "open" else why
    if exchange.ended:
        return "ended", f"the answer (status {status}) is over, and the response was not in it"
    return "silent", f"status {status} came, and no body for {duration(now - (exchange.facts.head_at or now))}"


def _client_left(call: LiveCall) -> bool:
    """Whether the client closed the connection, and has no means to come back for the rest."""
    stream = call.exchange.stream
    last = stream.legs[-1] if stream is not None else call.exchange
    return last.facts.ending == "hung up" and (stream is None or stream.state == "ended")


def _on_stream(stream: LiveStream, now: float) -> tuple[Cause, str]:
    quiet, last = duration(now - stream.said_at), short(stream.last_id or "", _EVENT_ID)
    if stream.state == "severed":
        return "severed", f"stream {stream.name} broke off after event {last}; nobody resumed it for {quiet}"
    if stream.state == "ended":
        return "ended", f"stream {stream.name} ended after {count(stream.events, 'event')}, without the response"
    alive = ", but for comments" if stream.last_at > stream.said_at else ""
    return "open", f"stream {stream.name} is open and silent for {quiet}{alive}"


def _astray(call: LiveCall, rows: Rows) -> str | None:
    """Where the response came, if it was not on the call's own answer."""
    row = rows.get(call.response_row) if call.response_row is not None else None
    if row is None or call.asker == "server" or row.exchange is call.exchange:
        return None
    if row.stream is not None and row.stream is call.exchange.stream:
        return None
    return f"stream {row.stream.name}" if row.stream is not None else f"exchange {row.exchange.number}"


def _ending(call: LiveCall) -> str:
    trouble = call.exchange.facts.trouble
    return f"was lost ({short(trouble, 80)})" if trouble else "was lost"
