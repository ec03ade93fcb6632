"""Streams of a session: their columns, their legs, and what became of their events."""

from conformance.evidence.era import LISTEN
from conformance.evidence.trace import Event
from inspector.model.ledger import Again
from inspector.model.nouns import Hold, LiveExchange, LiveSession, LiveStream, Row

_PATIENCE = 15.0  # seconds for which the column of a severed stream is kept, in case that it is resumed
_LEGS = 100  # of a stream that are kept


def open_stream(exchange: LiveExchange, row: int, at: float) -> LiveStream:
    """A new stream, in the first free column; column 0 is for streams that answer no single request."""
    session, call = exchange.session, exchange.call
    alone = call is None or call.method == LISTEN
    _expire(session, row, at, alone)
    stream = LiveStream(session, [exchange], _free_lane(session, 0 if alone else 1), row, call=call)
    stream.last_at = stream.said_at = at
    _hold(stream, row)
    session.streams.append(stream)
    return stream


def to_resume(session: LiveSession, after: str | None) -> LiveStream | None:
    """The stream that brought the event after which a client wants to go on.

    A server may use an event id twice, in breach of a rule: then it is most likely a stream that broke off there.
    """
    if after is None:
        return None
    found = [stream for stream in reversed(session.streams) if stream.ledger.knows(after)]
    likely = sorted(found, key=lambda stream: (stream.state == "open", stream.last_id != after))
    for stream in found if len(found) > 1 else ():
        stream.ledger.is_mixed = True
    return likely[0] if likely else None


def go_on(stream: LiveStream, exchange: LiveExchange) -> None:
    """Another leg of a stream, in the same column if that is still its own."""
    session, after = stream.session, exchange.facts.last_event_id
    exchange.leg = stream.leg_count + 1
    stream.legs.append(exchange)
    del stream.legs[1:-_LEGS]
    stream.shown += 1
    if after is not None and stream.ledger.knows(after):
        stream.ledger.resumed(after)
    if stream.gaps and len(stream.gaps[-1]) == 1:
        stream.gaps[-1].append(exchange.asked_row)
    _forget_the_past(stream)
    if session.in_lane.get(stream.lane) is not stream:
        stream.lane = _free_lane(session, stream.lane)
        _hold(stream, exchange.asked_row)
    stream.state = "open"


def count(stream: LiveStream, exchange: LiveExchange, event: Event) -> Again:
    """Count an event of a stream, and in its ledger. Returns whether it had come before."""
    is_event = event.data is not None  # else a comment, which keeps a connection alive and says nothing
    stream.last_at = event.at
    if is_event:
        stream.events += 1
        exchange.said += 1
        stream.said_at = event.at
    stream.pulse.beat(event.at, len(event.raw), is_event)
    if event.id is not None:
        stream.last_id = event.id or None  # an empty id takes the means to resume away (WHATWG HTML, 9.2.6)
    return stream.ledger.came(event, later=exchange.facts.last_event_id is not None)


def close(stream: LiveStream, row: Row) -> None:
    """A leg is over. The stream is over too, unless its client has reason and means to come back."""
    if any(not leg.ended for leg in stream.legs):
        return  # the client came back before we knew that it had gone
    answered = stream.call is not None and stream.legs[0].waiting == 0
    resumable = stream.last_id is not None and not stream.session.modern
    if resumable and not answered and not stream.session.ended:
        stream.state = "severed"
        stream.gaps.append([row.number])
    else:
        _release(stream, row.number)


def give_up(session: LiveSession, row: int) -> None:
    """The session is over: nobody will resume what broke off in it."""
    for stream in list(session.in_lane.values()):
        if stream.state == "severed":
            _release(stream, row)


def forget(exchange: LiveExchange) -> None:
    """Nothing of a leg is shown any more; its stream goes with the last one."""
    stream = exchange.stream
    if stream is None:
        return
    stream.shown -= 1
    if stream.shown > 0 or stream.state == "open":
        return
    _leave(stream)
    stream.state = "ended"
    for leg in (*stream.legs, exchange):  # what refers to itself would wait for the collector, which takes long
        leg.stream = None


def move(stream: LiveStream, session: LiveSession) -> None:
    """A stream turns out to begin a session of its own."""
    _leave(stream)
    stream.session, stream.lane = session, 0
    _hold(stream, stream.opened_row)
    session.streams.append(stream)


def _leave(stream: LiveStream) -> None:
    """Take a stream out of its session, and its columns."""
    session = stream.session
    session.streams.remove(stream)
    for hold in stream.holds:
        session.lanes[hold.lane].remove(hold)
    if session.in_lane.get(stream.lane) is stream:
        del session.in_lane[stream.lane]
    stream.holds.clear()


def _forget_the_past(stream: LiveStream) -> None:
    """Drop what only rows would show that are gone."""
    session = stream.session
    first = session.rows[0] if session.rows else 0
    while len(stream.gaps) > 1 and stream.gaps[0][1] < first:
        del stream.gaps[0]
    while len(stream.holds) > 1 and (stream.holds[0].last or 0) < first:
        hold = stream.holds.pop(0)
        session.lanes[hold.lane].remove(hold)


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
    stream.ledger.shorten()
    if stream.session.in_lane.get(stream.lane) is stream:
        del stream.session.in_lane[stream.lane]
        stream.holds[-1].last = row


def _free_lane(session: LiveSession, least: int) -> int:
    lane = least
    while lane in session.in_lane:
        lane += 1
    return lane
