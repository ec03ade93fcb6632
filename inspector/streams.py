"""Streams of a session: their columns, their legs, and what became of their events."""

from conformance.era import LISTEN
from conformance.trace import Event
from inspector.model import LiveExchange, LiveSession, LiveStream, Row

_PATIENCE = 15.0  # seconds for which the column of a severed stream is kept, in case that it is resumed
_IDS = 10_000  # event ids of a stream that are remembered


def open_stream(exchange: LiveExchange, row: int, at: float) -> LiveStream:
    """A new stream, in the first free column; column 0 is for streams that answer no single request."""
    session, call = exchange.session, exchange.call
    alone = call is None or call.method == LISTEN
    _expire(session, row, at, alone)
    stream = LiveStream(session, [exchange], _free_lane(session, 0 if alone else 1), row, at, call=call, last_at=at)
    while len(session.lanes) <= stream.lane:
        session.lanes.append([])
    session.lanes[stream.lane].append(stream)
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
    if stream.closed_row is not None:
        stream.lane = _free_lane(session, stream.lane)
        while len(session.lanes) <= stream.lane:
            session.lanes.append([])
        session.lanes[stream.lane].append(stream)
        stream.opened_row = exchange.asked_row
    stream.state, stream.closed_row = "open", None


def count(stream: LiveStream, exchange: LiveExchange, event: Event) -> bool:
    """Count an event in the stream's ledger. Returns whether it is one that a resumed leg caught up with."""
    stream.events += 1
    stream.last_at = event.at
    ledger, known = stream.ledger, event.id is not None and event.id in stream.seen
    if event.data:
        ledger.delivered += 1
        ledger.duplicated += known
        ledger.sent += not known
    resumed = exchange is not stream.legs[0]
    if event.id:
        stream.last_id = event.id
        if len(stream.seen) < _IDS:
            stream.seen.add(event.id)
        if event.id in stream.kept_back:
            stream.kept_back.discard(event.id)
            ledger.lost -= 1
    replayed = resumed and bool(event.data) and event.at - (exchange.facts.head_at or event.at) < _REPLAY
    ledger.replayed += replayed
    return replayed


def keep_back(stream: LiveStream, event: Event) -> None:
    """An event that came from the server and was not handed on, because we cut."""
    stream.ledger.sent += 1
    stream.ledger.lost += 1
    if event.id:
        stream.kept_back.add(event.id)


_REPLAY = 0.05  # seconds after the head in which what comes on a resumed leg counts as replayed


def close(stream: LiveStream, row: Row) -> None:
    """A leg is over. The stream is over too, unless its client has reason and means to come back."""
    answered = stream.call is not None and stream.call.answered_at is not None
    if stream.last_id is not None and not answered and not stream.session.ended:
        stream.state = "severed"
        stream.gaps.append([row.number])
    else:
        stream.state, stream.closed_row = "ended", row.number


def forget(stream: LiveStream) -> None:
    """Nothing of the stream is shown any more."""
    session = stream.session
    session.streams.remove(stream)
    for lane in session.lanes:
        if stream in lane:
            lane.remove(stream)


def _expire(session: LiveSession, row: int, at: float, primary: bool) -> None:
    """Give up severed streams nobody came back for; a new GET stream takes the place of the severed one at once."""
    for stream in session.streams:
        if stream.state == "severed" and (at - stream.last_at > _PATIENCE or (primary and stream.lane == 0)):
            stream.state, stream.closed_row = "ended", row - 1


def _free_lane(session: LiveSession, least: int) -> int:
    taken = {stream.lane for stream in session.streams if stream.closed_row is None}
    lane = least
    while lane in taken:
        lane = lane + 1 or 1
    return lane
