"""What several checks want to know of a stream's connections. No checks here."""

from collections.abc import Sequence

from conformance.check import Finding, Findings, expect, undecided
from conformance.trace import Exchange, Message
from conformance.views import Session, Stream, same_id

INCONCLUSIVE = (401, 403, 429, 502, 503, 504)  # say something about authorization or load, nothing about streams


def requests_of(stream: Stream) -> list[Message]:
    """The requests whose answer this stream is; several only in a batch, none for a GET."""
    return [m for m in stream.first.sent if isinstance(m, Message) and m.kind == "request"]


def response_on(stream: Stream, request: Message) -> Message | None:
    """The response to a request, if this stream carried it."""
    return next((m for m in stream.messages() if m.is_response and same_id(m.id, request.id)), None)


def event_ids(stream: Stream) -> set[str]:
    return {event.id for _, _, event in stream.events() if event.id}


def is_shared(stream: Stream) -> bool:
    """Whether an event id of this stream was seen on another one too: then nobody can tell what was resumed."""
    mine = event_ids(stream)
    return any(not mine.isdisjoint(event_ids(s)) for s in stream.session.streams if s is not stream)


def refusal_to_resume(stream: Stream) -> Exchange | None:
    """The answer to a client that wanted to come back to this stream, and could not."""
    mine = event_ids(stream)
    tries = (x for x in stream.session.exchanges if x.method == "GET" and x.request_header("last-event-id") in mine)
    return next((x for x in tries if _is_refusal(x)), None)


def is_cancelled(session: Session, request: Message) -> bool:
    """Whether the client cancelled this request."""
    return any(
        m.method == "notifications/cancelled" and same_id(m.params.get("requestId"), request.id)
        for x in session.exchanges
        for m in x.sent
        if isinstance(m, Message)
    )


def words_for_end(leg: Exchange) -> str:
    match leg.ending:
        case "complete":
            return "was closed by the server"
        case "hung up":
            return "was left by the client"
        case "lost":
            return "broke off, which may be a proxy's doing,"
        case "timed out":
            return "was given up after long silence"
    return "was still open when the recording ended"


def drops(stream: Stream) -> list[int]:
    """The legs that the server closed in order although more followed when the client came back."""
    return [number for number, leg in enumerate(stream.legs) if leg.ending == "complete" and _goes_on(stream, number)]


def drops_are_announced(streams: Sequence[Stream]) -> Findings:
    """Each dropped connection had `retry` before; a single one that had not decides nothing."""
    silent: list[Finding] = []
    for stream in streams:
        for number in drops(stream):
            told = next(
                (e.retry for leg in stream.legs[: number + 1] for e in leg.events if e.retry is not None), None
            )
            if told is not None:
                yield expect(True, stream, f"before the connection was closed `retry: {told}` came")
            else:
                seen = f"the connection was closed without `retry`, and the stream went on in {stream.last.place}"
                silent.append(expect(False, stream, seen))
    once = len(silent) == 1
    yield from [undecided(f.place, f"{f.seen}, but only once") for f in silent if f.place and once] or silent


def _goes_on(stream: Stream, number: int) -> bool:
    """Whether the stream was not over at the end of this leg: answers were due, and something came after it.

    A resumed connection that stays open until the client leaves shows it too.
    """
    before, later = stream.legs[: number + 1], stream.legs[number + 1 :]
    given = [m for leg in before for m in leg.received if isinstance(m, Message) and m.is_response]
    asked = requests_of(stream)
    due = not asked or any(not any(same_id(m.id, request.id) for m in given) for request in asked)
    had_id = any(event.id for leg in before for event in leg.events)
    more = any(leg.ending in ("hung up", "open") or any(e.id or e.data for e in leg.events) for leg in later)
    return due and had_id and more and not is_shared(stream)


def _is_refusal(exchange: Exchange) -> bool:
    status = exchange.status or 0
    return (status >= 400 and status not in INCONCLUSIVE) or (exchange.ok and not exchange.is_stream)
