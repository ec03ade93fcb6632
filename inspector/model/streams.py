"""Streams of a session: their columns, their legs, and what became of their events."""

from conformance.evidence.era import LISTEN
from conformance.evidence.trace import Event
from inspector.model.nouns import Hold, LiveExchange, LiveSession, LiveStream, Row

_PATIENCE = 15.0  # seconds for which the column of a severed stream is kept, in case that it is resumed
_IDS = 10_000  # event ids of a stream that are remembered, the newest ones
_BURST = 0.05  # seconds between two events that the server had ready


def open_stream(exchange: LiveExchange, row: int, at: float) -> LiveStream:
    """A new stream, in the first free column; column 0 is for streams that answer no single request."""
    session, call = exchange.session, exchange.call
    alone = call is None or call.method == LISTEN
    _expire(session, row, at, alone)
    stream = LiveStream(session, [exchange], _free_lane(session, 0 if alone else 1), row, call=call, last_at=at)
    _hold(stream, row)
    session.streams.append(stream)
    return stream


def to_resume(session: LiveSession, after: str | None) -> LiveStream | None:
    """The stream that brought the event after which a client wants to go on."""
    if after is None:
        return None
    return next((stream for stream in reversed(session.streams) if after in stream.seen), None)


def go_on(stream: LiveStream, exchange: LiveExchange) -> None:
    """Another leg of a stream, in the same column if that is still its own."""
    session = stream.session
    stream.legs.append(exchange)
    if stream.gaps and len(stream.gaps[-1]) == 1:
        stream.gaps[-1].append(exchange.asked_row)
    if session.in_lane.get(stream.lane) is not stream:
        stream.lane = _free_lane(session, stream.lane)
        _hold(stream, exchange.asked_row)
    stream.state = "open"


def count(stream: LiveStream, exchange: LiveExchange, event: Event) -> bool:
    """Count an event in the stream's ledger. Returns whether it is one that a resumed leg caught up with."""
    ledger, known, kept_back = stream.ledger, event.id in stream.seen, event.id in stream.kept_back
    replayed = _is_replayed(stream, exchange, event.at, known or kept_back) and bool(event.data)
    stream.events += 1
    stream.last_at = event.at
    stream.pulse.beat(event.at, len(event.raw))
    if event.data:
        ledger.delivered += 1
        ledger.duplicated += known
        ledger.sent += not (known or kept_back)
        ledger.replayed += replayed
    if event.id:
        stream.last_id = event.id
        stream.seen[event.id] = None
        if len(stream.seen) > _IDS:
            del stream.seen[next(iter(stream.seen))]
        ledger.lost -= kept_back
        stream.kept_back.discard(event.id)
    return replayed


def keep_back(stream: LiveStream, event_id: str | None) -> None:
    """An event that came from the server and was not handed on, because we cut."""
    if event_id in stream.seen or event_id in stream.kept_back:
        return
    stream.ledger.sent += 1
    stream.ledger.lost += 1
    if event_id:
        stream.kept_back.add(event_id)


def _is_replayed(stream: LiveStream, exchange: LiveExchange, at: float, is_old: bool) -> bool:
    """Whether an event on a resumed leg was there before the leg: those come first, one right after the other."""
    if exchange is stream.legs[0]:
        return False
    if at - max(exchange.facts.head_at or at, stream.last_at) > _BURST and not is_old:
        exchange.caught_up = True
    return is_old or not exchange.caught_up


def close(stream: LiveStream, row: Row) -> None:
    """A leg is over. The stream is over too, unless its client has reason and means to come back."""
    answered = stream.call is not None and stream.call.answered_at is not None
    if stream.last_id is not None and not answered and not stream.session.ended:
        stream.state = "severed"
        stream.gaps.append([row.number])
    else:
        _release(stream, row.number)


def give_up(session: LiveSession, row: int) -> None:
    """The session is over: nobody will resume what broke off in it."""
    for stream in list(session.in_lane.values()):
        if stream.state == "severed":
            _release(stream, row)


def forget(stream: LiveStream) -> None:
    """Nothing of the stream is shown any more."""
    session = stream.session
    session.streams.remove(stream)
    for hold in stream.holds:
        session.lanes[hold.lane].remove(hold)
    _release(stream, 0)
    stream.holds.clear()
    for leg in stream.legs:  # what refers to itself would stay until the collector comes, and that takes long
        leg.stream = None


def _expire(session: LiveSession, row: int, at: float, primary: bool) -> None:
    """Give up severed streams nobody came back for; a new GET stream takes the place of the severed one at once."""
    for stream in list(session.in_lane.values()):
        if stream.state == "severed" and (at - stream.last_at > _PATIENCE or (primary and stream.lane == 0)):
            _release(stream, row - 1)


def _hold(stream: LiveStream, row: int) -> None:
    """The column is the stream's from this row on."""
    session, hold = stream.session, Hold(stream, stream.lane, row)
    while len(session.lanes) <= stream.lane:
        session.lanes.append([])
    session.lanes[stream.lane].append(hold)
    session.in_lane[stream.lane] = stream
    stream.holds.append(hold)


def _release(stream: LiveStream, row: int) -> None:
    """The stream is over, and this is the last row of its column."""
    stream.state = "ended"
    if stream.session.in_lane.get(stream.lane) is stream:
        del stream.session.in_lane[stream.lane]
        stream.holds[-1].last = row


def _free_lane(session: LiveSession, least: int) -> int:
    lane = least
    while lane in session.in_lane:
        lane += 1
    return lane
