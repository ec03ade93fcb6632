"""Resumability and redelivery: event ids, and what comes when a client returns with Last-Event-ID.

What an event id promises shows only when somebody comes back with it. A replay is told from a mistake by what the
messages are about: a response by the id of its request, progress by its token, any event by an id seen elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance import jsonrpc
from conformance.check import Finding, Findings, check, expect, moot, undecided
from conformance.trace import JSON, Event, Exchange, Message
from conformance.views import Call, Session, Stream, same_id


@check("event.id-unique")
def event_ids_are_unique_in_a_session(session: Session) -> Findings:
    """No event id stands for two events on the streams of a session, or of a client where there are no sessions.

    A replay on a resumed stream is the same event again, and an event without data that repeats its own stream's
    id says nothing new.
    """
    seen = _sightings(session)
    if not seen:
        yield from _no_ids(session)
        return
    repeated = [(id, where) for id, where in seen.items() if _stands_for_two(where)]
    for id, where in repeated:
        streams = len({s.stream.first.number for s in where})
        on = f"{streams} streams" if streams > 1 else "one stream, with different content or on one connection"
        yield expect(False, where[-1].leg, f"the event id {id[:80]!r} stands for several events on {on}")
    if not repeated:
        streams = len({s.stream.first.number for where in seen.values() for s in where})
        what = f"{len(seen)} event ids on {streams} streams of one session, each for one event"
        one = "only one stream of the session had event ids, so there was nothing to compare"
        yield expect(True, session, what) if streams > 1 else undecided(session, one)


@check("event.id-stream")
def event_ids_lead_to_their_stream(session: Session) -> Findings:
    """Coming back with an event id continues the stream on which that event was sent.

    How an id names its stream is the server's affair; only where it leads can be seen.
    """
    for resumption in _resumptions(session):
        match resumption:
            case Finding():
                yield resumption
            case Resumption(leg, id, proven=[message, *_]):
                yield expect(True, leg, f"Last-Event-ID {id[:80]!r} brought back its own stream: {_named(message)}")
            case Resumption(leg, id, strays=[(message, why), *_], due=True):
                yield expect(False, message, f"Last-Event-ID {id[:80]!r} brought another stream: {why}")
            case _:
                yield undecided(resumption.leg, "nothing came on the resumed stream that tells which stream it is")


@check("resume.same-stream")
def a_resumed_stream_replays_no_other(session: Session) -> Findings:
    """What comes on a resumed stream was not to be delivered on another one.

    Replaying is allowed, not asked for: a resumed stream that stays silent decides nothing. Nor does one while no
    other stream had anything to say.
    """
    yield from _from_elsewhere(session)
    for resumption in _resumptions(session):
        match resumption:
            case Finding():
                yield resumption
            case Resumption(leg, id, strays=[_, *_] as strays):
                for message, why in strays:
                    yield expect(False, message, f"on the stream resumed after {id[:80]!r} came {why}")
            case Resumption(leg, id, own=[]):
                yield undecided(leg, "nothing was replayed on the resumed stream, as a server may choose")
            case Resumption(leg, rivals=0):
                yield undecided(leg, "no other stream had messages that could have strayed onto the resumed one")
            case Resumption(leg, own=own, rivals=rivals):
                seen = f"on the resumed stream came {len(own)} messages, none of another stream's ({rivals} had some)"
                yield expect(True, leg, seen)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One event with an id, and where it was seen."""

    stream: Stream
    leg: Exchange
    event: Event

    def repeats(self, first: "Sighting") -> bool:
        """Whether this may be the very event that was seen before, or one that says nothing."""
        if not self.event.carries_message and self.stream is first.stream:
            return True
        return _is_resumed(self.leg) and _same_data(self.event.data, first.event.data)


@dataclass(frozen=True, slots=True)
class Resumption:
    """A stream that was continued after `id`, and what came on it then.

    `own` are all messages but the strays, `proven` those that are the stream's own for certain; `due` says whether
    the stream had more to bring for certain; `rivals` is the number of other streams with messages later than the
    event.
    """

    leg: Exchange
    id: str
    own: list[Message]
    proven: list[Message]
    strays: list[tuple[Message, str]]
    due: bool
    rivals: int


def _resumptions(session: Session) -> Iterator[Resumption | Finding]:
    """Every GET with the id of an event of this session, taken apart; a finding for one that decides nothing.

    What a server does with an id that it never gave is its own affair.
    """
    seen = _sightings(session)
    if not seen:
        yield from _no_ids(session)
    ambiguous = any(_stands_for_two(where) for where in seen.values())
    for leg in session.exchanges:
        origin = next((s for s in seen.get(leg.last_event_id or "", []) if s.leg.number < leg.number), None)
        if origin is None:
            continue
        if leg.status == 405:
            yield moot(leg, "GET with Last-Event-ID was answered with 405")
        elif not (leg.ok and leg.is_stream):
            yield undecided(leg, f"coming back with Last-Event-ID was answered with {leg.status or leg.ending}")
        elif ambiguous:
            yield undecided(leg, "event ids repeat in this session, so none of them tells its stream")
        else:
            yield _taken_apart(session, leg, origin, seen)


def _taken_apart(session: Session, leg: Exchange, origin: Sighting, seen: dict[str, list[Sighting]]) -> Resumption:
    own: list[Message] = []
    proven: list[Message] = []
    strays: list[tuple[Message, str]] = []
    for message in _messages(leg):
        caller = _call_of(message, session, origin.stream)
        event_id = leg.events[message.place.event or 0].id
        before = [s for s in seen.get(event_id or "", []) if s.leg.number < leg.number]
        if caller is not None and _is_answered_on(caller, origin.stream):
            own.append(message)
            proven.append(message)
        elif caller is not None and origin.stream.opened_by == "POST":
            strays.append((message, f"{_named(message)}, which belongs to exchange {caller.exchange.number}"))
        elif before and all(_is_another(origin.stream, s) for s in before):
            where = before[0].leg.number
            strays.append((message, f"{_named(message)}, the event {event_id!r} of exchange {where}"))
        else:
            own.append(message)
            proven += [message] if before else []
    due = _is_due(session, leg, origin)
    return Resumption(leg, origin.event.id or "", own, proven, strays, due, _rivals(session, origin))


def _is_due(session: Session, leg: Exchange, origin: Sighting) -> bool:
    """Whether a request on the resumed stream had not had its response before."""
    calls = [call for call in session.calls if _is_answered_on(call, origin.stream)]
    return any(call.response is None or call.response.place.exchange >= leg.number for call in calls)


def _is_another(stream: Stream, sighting: Sighting) -> bool:
    """Whether an event was seen on another stream for certain.

    A server may take all GETs of a session for one stream that is sometimes connected. Two of them are two streams
    only if the one was connected while the event came on the other.
    """
    if stream is sighting.stream or "POST" in (stream.opened_by, sighting.stream.opened_by):
        return stream is not sighting.stream
    at = sighting.event.at
    return any(leg.head_at is not None and leg.head_at < at < (leg.ended or at + 1) for leg in stream.legs)


def _rivals(session: Session, origin: Sighting) -> int:
    """How many other streams had messages later than the event after which the stream was resumed."""
    later = [
        Sighting(stream, leg, event)
        for stream in session.streams
        for leg, _, event in stream.events()
        if event.carries_message and event.at > origin.event.at
    ]
    return len({s.stream.first.number for s in later if _is_another(origin.stream, s)})


def _from_elsewhere(session: Session) -> Findings:
    """Where a client comes with the event id of another session, nothing of that session may come."""
    if session.id is None:
        return
    known = {event.id for stream in session.streams for _, _, event in stream.events()}
    ours = [call.request for call in session.calls]
    for leg in session.exchanges:
        theirs = _asked_elsewhere(session, leg) if leg.last_event_id not in known else []
        strays = [m for m in _messages(leg) if _is_about(m, theirs) and not _is_about(m, ours)]
        for message in strays:
            yield expect(False, message, f"on a stream of this session came {_named(message)} of another session")
        if theirs and not strays:
            yield undecided(leg, "the event id of another session brought nothing of that session")


def _asked_elsewhere(session: Session, leg: Exchange) -> list[Message]:
    """The requests of those sessions that had the event id with which this one came."""
    id, others = leg.last_event_id, [x for x in session.trace.exchanges if x.number < leg.number]
    homes = {x.request_header("mcp-session-id") for x in others if id and any(event.id == id for event in x.events)}
    homes -= {None, session.id}
    asked = [m for x in others if x.request_header("mcp-session-id") in homes for m in x.sent]
    return [m for m in asked if isinstance(m, Message) and m.kind == "request"]


def _sightings(session: Session) -> dict[str, list[Sighting]]:
    """Where each event id was seen, in order of time."""
    found = [
        Sighting(stream, leg, event) for stream in session.streams for leg, _, event in stream.events() if event.id
    ]
    by_id: dict[str, list[Sighting]] = {}
    for sighting in sorted(found, key=lambda s: s.event.at):
        by_id.setdefault(sighting.event.id or "", []).append(sighting)
    return by_id


def _stands_for_two(where: list[Sighting]) -> bool:
    return not all(later.repeats(where[0]) for later in where[1:])


def _no_ids(session: Session) -> Findings:
    if any(event.carries_message for stream in session.streams for _, _, event in stream.events()):
        yield moot(session.streams[0], "the events of the session's streams have no ids, so no stream can be resumed")


def _is_resumed(leg: Exchange) -> bool:
    return leg.last_event_id is not None


def _same_data(left: str | None, right: str | None) -> bool:
    """Whether two events say the same; JSON may be written in more than one way."""
    if left == right:
        return True
    try:
        return jsonrpc.parse((left or "").encode()) == jsonrpc.parse((right or "").encode())
    except (jsonrpc.NotJson, UnicodeEncodeError):
        return False


def _messages(leg: Exchange) -> list[Message]:
    return [m for m in leg.received if isinstance(m, Message)]


def _call_of(message: Message, session: Session, preferred: Stream) -> Call | None:
    """The call that a message is about, one of the preferred stream if there are several."""
    calls = [call for call in session.calls if _is_about(message, [call.request])]
    own = [call for call in calls if _is_answered_on(call, preferred)]
    streamed = [call for call in calls if call.stream is not None]
    return next(iter(own or streamed), None)


def _is_answered_on(call: Call, stream: Stream) -> bool:
    return call.exchange.number == stream.first.number


def _is_about(message: Message, requests: list[Message]) -> bool:
    """Whether a message is the response to one of these requests, or reports their progress."""
    if message.is_response:
        return any(same_id(message.id, request.id) for request in requests)
    token = message.params.get("progressToken")
    known = message.method == "notifications/progress" and token is not None
    return known and any(same_id(token, _token(request)) for request in requests)


def _token(request: Message) -> JSON:
    meta = request.params.get("_meta")
    return meta.get("progressToken") if isinstance(meta, dict) else None


def _named(message: Message) -> str:
    if message.is_response:
        return f"the response to request {message.id!r:.80}"
    if message.method == "notifications/progress":
        return f"progress for token {message.params.get('progressToken')!r:.80}"
    return f"{message.method[:80]}"
