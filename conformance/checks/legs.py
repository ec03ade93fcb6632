"""What several checks want to know of a stream's connections. No checks here."""

from collections.abc import Callable, Iterator, Sequence

from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Call, Session, Stream, id_key, same_id
from conformance.judging.check import Findings, expect, moot, undecided

INCONCLUSIVE = (401, 403, 429, 502, 503, 504)  # say something about authorization or load, nothing about streams


def no_stream(session: Session) -> Findings:
    """The server was invited to send progress and answered with JSON."""
    for call in session.calls:
        if call.progress_token is not None and call.exchange.ok and call.exchange.media_type == "application/json":
            yield moot(call, f"{call.request.method} with a progress token was answered with JSON, not with a stream")


def plain(request: Message) -> tuple[str, dict[str, JSON]]:
    """What a request asks, whatever its id and its progress token are."""
    return request.method, {name: value for name, value in request.params.items() if name != "_meta"}


def is_progress_of(message: Message, call: Call) -> bool:
    """Whether a progress notification names the token that the call was sent with."""
    token = message.params.get("progressToken")
    named = isinstance(token, str | int) and same_id(call.progress_token, token)
    return named and message.method == "notifications/progress"


def owners_of_progress(session: Session) -> Callable[[Message], list[Call]]:
    """The same for all calls of a session: which of them a message is progress of, without asking each."""
    calls: dict[tuple[str, JSON], list[Call]] = {}
    for call in session.calls:
        if isinstance(call.progress_token, str | int | float):
            calls.setdefault(id_key(call.progress_token), []).append(call)

    def owners(message: Message) -> list[Call]:
        token = message.params.get("progressToken")
        named = isinstance(token, str | int) and message.method == "notifications/progress"
        return calls.get(id_key(token), []) if named else []

    return owners


def requests_of(stream: Stream) -> list[Message]:
    """The requests whose answer this stream is; several only in a batch, none for a GET."""
    return [m for m in stream.first.sent if isinstance(m, Message) and m.kind == "request"]


def post_streams(session: Session) -> Iterator[Stream]:
    """The streams that answer requests."""
    return (s for s in session.streams if s.opened_by == "POST" and requests_of(s))


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
    tries = (x for x in stream.session.exchanges if x.last_event_id in mine)
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
    """How a leg ended, to be read behind its name."""
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


def words_for_tail(leg: Exchange) -> str:
    """An event that no blank line ends does not count, which is easily overlooked by whoever wrote it."""
    cut = len(leg.tail) > 0 and leg.ending == "complete"
    return f"; its last {len(leg.tail)} bytes were no event, for no blank line follows them" if cut else ""


def ends_with_session(session: Session, leg: Exchange) -> bool:
    """Whether the client had ended the session before this connection ended, or the server may have, as it may."""
    deleted = session.deleted
    by_client = deleted is not None and (leg.ended is None or deleted.started <= leg.ended)
    return by_client or (leg.ended is not None and is_gone(session, leg.ended))


def is_gone(session: Session, since: float) -> bool:
    """Whether all that was heard of the session since then is that nobody knows it (404)."""
    later = [x for x in session.exchanges if session.names(x) and x.started >= since]
    return any(x.status == 404 for x in later) and not any(x.ok for x in later)


def is_taken_over(stream: Stream, leg: Exchange) -> bool:
    """Whether the client came back on a new connection while this one was open: then the old one may go."""
    return leg.ended is not None and any(leg.started < other.started <= leg.ended for other in stream.legs)


def is_open(leg: Exchange, at: float) -> bool:
    """Whether the answer had begun and not ended at this time."""
    return leg.head_at is not None and leg.head_at <= at and (leg.ended is None or leg.ended >= at)


def drops(stream: Stream) -> list[Exchange]:
    """The connections that the server closed in order although more followed when the client came back."""
    return [leg for leg in stream.legs if leg.ending == "complete" and _goes_on(stream, leg)]


def drops_are_announced(streams: Sequence[Stream]) -> Findings:
    """Each dropped connection had `retry` before; a single one that had not decides nothing."""
    silent: list[tuple[Exchange, str]] = []
    for stream in streams:
        for leg in drops(stream):
            until_now = (e.retry for x in stream.legs if x.number <= leg.number for e in x.events)
            told = next((retry for retry in until_now if retry is not None), None)
            if told is not None:
                yield expect(True, leg, f"`retry: {told}` came before the connection was closed")
            else:
                seen = "the connection was closed without `retry`, and the stream went on later"
                silent.append((leg, seen + words_for_tail(leg)))
    for leg, seen in silent:
        yield expect(False, leg, seen) if len(silent) > 1 else undecided(leg, f"{seen}; that was seen only once")


def _goes_on(stream: Stream, leg: Exchange) -> bool:
    """Whether the stream was not over at the end of this connection: answers were due, and something came after it.

    A resumed connection that stays open until the client leaves shows it too.
    """
    before = [x for x in stream.legs if x.number <= leg.number]
    later = [x for x in stream.legs if x.number > leg.number]
    had_id = any(event.id for x in before for event in x.events)
    more = any(x.ending in ("hung up", "open") or any(e.id or e.data for e in x.events) for x in later)
    if not (had_id and more) or is_taken_over(stream, leg) or is_shared(stream):
        return False
    answers = [response_on(stream, request) for request in requests_of(stream)]
    return not answers or any(answer is None or answer.place.exchange > leg.number for answer in answers)


def _is_refusal(exchange: Exchange) -> bool:
    status = exchange.status or 0
    return (status >= 400 and status not in INCONCLUSIVE) or (exchange.ok and not exchange.is_stream)
