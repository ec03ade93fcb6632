"""Resumed streams taken apart: which messages are the stream's own, and which another stream's.

A message shows where it belongs by what it is about: a response by the id of its request, progress by its token, any
event by an id that was seen elsewhere before. What shows nothing counts as the stream's own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from conformance.checks.legs import plain
from conformance.checks.tasked import made_by
from conformance.evidence import jsonrpc
from conformance.evidence.trace import JSON, Event, Exchange, Message
from conformance.evidence.views import Call, Session, Stream
from conformance.judging.check import Finding, Findings, expect, moot, undecided

Subject: TypeAlias = tuple[str, bool, str | int | float]  # a response or progress, and the id or token that it names

NOTHING = (None, "", "{}")  # the data of a priming event, and what becomes of it in stores that keep messages only


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
        if self.leg.last_event_id is None:
            return False
        nothing = self.event.data in NOTHING and first.event.data in NOTHING
        return nothing or _same_data(self.event.data, first.event.data)


@dataclass(frozen=True, slots=True)
class Resumption:
    """A stream that was continued after `id`, and what came on it then.

    `own` are all messages but the strays, `proven` those that are the stream's own for certain; `due` says whether
    the stream had more to bring for certain, `rivals` whether other streams had messages later than the event.
    """

    leg: Exchange
    id: str
    own: list[Message]
    proven: list[Message]
    strays: list[tuple[Message, str]]
    due: bool
    rivals: bool


@dataclass(slots=True)
class _Index:
    """A session's calls and event ids, found at once however many there are."""

    seen: dict[str, list[Sighting]]
    calls_of: dict[int, list[Call]] = field(default_factory=dict)
    calls_about: dict[Subject | None, list[Call]] = field(default_factory=dict)
    times: dict[Stream, list[float]] = field(default_factory=dict)


def resumptions(session: Session) -> Iterator[Resumption | Finding]:
    """Every GET with the id of an event of this session, taken apart; a finding for one that decides nothing.

    What a server does with an id that it never gave is its own affair.
    """
    index = _Index(sightings(session))
    if not index.seen:
        yield from no_ids(session)
    ambiguous = any(stands_for_two(where) for where in index.seen.values())
    for call in session.calls:
        index.calls_of.setdefault(call.exchange.number, []).append(call)
        for subject in _subjects_of(call.request):
            index.calls_about.setdefault(subject, []).append(call)
    index.times = {stream: [m.at for m in stream.messages()] for stream in session.streams}
    for leg in session.exchanges:
        origin = next((s for s in index.seen.get(leg.last_event_id or "", []) if s.leg.number < leg.number), None)
        if origin is None:
            continue
        if leg.status == 405:
            yield moot(leg, "GET with Last-Event-ID was answered with 405")
        elif not (leg.ok and leg.is_stream):
            yield undecided(leg, f"coming back with Last-Event-ID was answered with {leg.status or leg.ending}")
        elif ambiguous:
            yield undecided(leg, "event ids repeat in this session, so none of them tells its stream")
        else:
            yield _taken_apart(leg, origin, index)


def from_elsewhere(session: Session) -> Findings:
    """Where a client comes with the event id of another session, nothing of that session may come.

    In a session that began before the recording, what seems to be of another may be its own.
    """
    known = {event.id for stream in session.streams for _, _, event in stream.events()}
    legs = [x for x in session.exchanges if x.last_event_id is not None and x.last_event_id not in known]
    if session.id is None or session.handshake is None or not legs:
        return
    ours = {subject for call in session.calls for subject in _subjects_of(call.request)}
    for leg, asked in zip(legs, _asked_elsewhere(session, legs), strict=True):
        theirs = {subject for request in asked for subject in _subjects_of(request)} - ours
        strays = [m for m in _messages(leg) if _subject(m) in theirs]
        for message in strays:
            yield expect(False, message, f"on a stream of this session came {named(message)} of another session")
        if asked and not strays:
            yield undecided(leg, "the event id of another session brought nothing of that session")


def from_a_common_store(session: Session) -> Findings:
    """Where a resumed stream brings several responses to one request, those of another session are strays.

    A store that names streams by request ids, and is one for all sessions, takes equal ids for one stream. That an
    event was seen in another session proves nothing by itself: ids need to be unique in their own session only.
    """
    for leg in (x for x in session.exchanges if x.last_event_id is not None and session.id is not None):
        responses = [m for m in _messages(leg) if m.is_response and _subject(m) is not None]
        counted = Counter(_subject(m) for m in responses)
        doubtful = [(m, leg.events[m.place.event or 0]) for m in responses if counted[_subject(m)] > 1]
        theirs = {(e.id, e.data) for x in _others(session) for e in x.events} if doubtful else set()
        for message, event in doubtful:
            if event.id and (event.id, event.data) in theirs:
                seen = f"on a resumed stream came {named(message)} of another session, the event {event.id!r:.80}"
                yield expect(False, message, seen)


def sightings(session: Session) -> dict[str, list[Sighting]]:
    """Where each event id was seen, in order of time; on resumed connections last.

    A replay can overtake the event itself: what is stored first and sent then may be replayed in between.
    """
    found = [
        Sighting(stream, leg, event) for stream in session.streams for leg, _, event in stream.events() if event.id
    ]
    by_id: dict[str, list[Sighting]] = {}
    for sighting in sorted(found, key=lambda s: (s.leg.last_event_id is not None, s.event.at)):
        by_id.setdefault(sighting.event.id or "", []).append(sighting)
    return by_id


def stands_for_two(where: list[Sighting]) -> bool:
    """Whether the sightings of one id are of more than one event."""
    return not all(later.repeats(where[0]) for later in where[1:])


def no_ids(session: Session) -> Findings:
    """The events of a session have no ids, if there are any events."""
    if any(event.carries_message for stream in session.streams for _, _, event in stream.events()):
        yield moot(session.streams[0], "the events of the session's streams have no ids, so no stream can be resumed")


def named(message: Message) -> str:
    """A message in words."""
    if message.is_response:
        return f"the response to request {message.id!r:.80}"
    if message.method == "notifications/progress":
        return f"progress for token {message.params.get('progressToken')!r:.80}"
    return message.method[:80]


def _taken_apart(leg: Exchange, origin: Sighting, index: _Index) -> Resumption:
    own: list[Message] = []
    proven: list[Message] = []
    strays: list[tuple[Message, str]] = []
    answered: list[Call] = []
    calls = index.calls_of.get(origin.stream.first.number, [])
    for message in _messages(leg):
        event_id = leg.events[message.place.event or 0].id
        before = next((s for s in index.seen.get(event_id or "", []) if s.leg.number < leg.number), None)
        about = index.calls_about.get(_subject(message), [])
        other = next((call for call in about if call.stream is not None and not _goes_anywhere(message, call)), None)
        if any(call in calls for call in about):
            own.append(message)
            proven.append(message)
        elif other is not None and origin.stream.opened_by == "POST":
            strays.append((message, f"{named(message)}, which belongs to exchange {other.exchange.number}"))
            answered += [other] if message.is_response else []
        elif before is not None and _is_another(origin.stream, before.stream, before.event.at):
            strays.append((message, f"{named(message)}, the event {event_id!r:.80} of exchange {before.leg.number}"))
        else:
            own.append(message)
            proven += [message] if before is not None else []
    due = any(_is_overtaken(call, answered, leg) for call in calls)
    return Resumption(leg, origin.event.id or "", own, proven, strays, due, _has_rivals(origin, index))


def _goes_anywhere(message: Message, call: Call) -> bool:
    """Whether a message is about a task: these may come on any stream (2025-11-25, basic/utilities/tasks)."""
    return not message.is_response and made_by(call) is not None


def _is_overtaken(call: Call, answered: list[Call], leg: Exchange) -> bool:
    """Whether a call was still to be answered, while an equal one that began no earlier was answered on this leg."""
    if call.response is not None and call.response.place.exchange < leg.number:
        return False
    return any(
        other.request.at >= call.request.at and plain(other.request) == plain(call.request) for other in answered
    )


def _is_another(stream: Stream, other: Stream, at: float) -> bool:
    """Whether what came at that time on the other came on another stream for certain.

    A server may take all GETs of a session for one stream that is sometimes connected. Two of them are two streams
    only if the one was connected while something came on the other.
    """
    if stream is other or "POST" in (stream.opened_by, other.opened_by):
        return stream is not other
    return any(leg.head_at is not None and leg.head_at < at < (leg.ended or at + 1) for leg in stream.legs)


def _has_rivals(origin: Sighting, index: _Index) -> bool:
    """Whether another stream had messages later than the event after which the stream was resumed."""
    since = origin.event.at
    return any(
        at > since and _is_another(origin.stream, stream, at)
        for stream in reversed(index.times)
        if stream is not origin.stream
        for at in reversed(index.times[stream])
    )


def _asked_elsewhere(session: Session, legs: list[Exchange]) -> Iterator[list[Message]]:
    """For each leg the requests of those sessions in which the event id was seen with which it came."""
    wanted = {leg.last_event_id for leg in legs}
    homes: dict[str | None, set[str]] = {}
    asked: dict[str, list[Message]] = {}
    for exchange in _others(session):
        home = exchange.request_header("mcp-session-id") or ""
        asked.setdefault(home, []).extend(m for m in exchange.sent if isinstance(m, Message) and m.kind == "request")
        for event in exchange.events:
            if event.id in wanted:
                homes.setdefault(event.id, set()).add(home)
    for leg in legs:
        yield [m for home in sorted(homes.get(leg.last_event_id, ())) for m in asked[home]]


def _others(session: Session) -> Iterator[Exchange]:
    """The exchanges of all sessions but this one."""
    own = (None, session.id)
    return (x for x in session.trace.exchanges if x.request_header("mcp-session-id") not in own)


def _messages(leg: Exchange) -> Iterable[Message]:
    return [m for m in leg.received if isinstance(m, Message)]


def _subject(message: Message) -> Subject | None:
    """What a response or a progress notification is about, None for everything else."""
    if message.is_response:
        return _named_by("response", message.id)
    if message.method == "notifications/progress":
        return _named_by("progress", message.params.get("progressToken"))
    return None


def _subjects_of(request: Message) -> Iterator[Subject]:
    """What messages about a request name: its id, and the progress token that it gave."""
    meta = request.params.get("_meta")
    token = meta.get("progressToken") if isinstance(meta, dict) else None
    yield from filter(None, (_named_by("response", request.id), _named_by("progress", token)))


def _named_by(what: str, value: JSON) -> Subject | None:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return what, isinstance(value, str), value
    return None


def _same_data(left: str | None, right: str | None) -> bool:
    """Whether two events say the same; JSON may be written in more than one way."""
    if left == right:
        return True
    try:
        return jsonrpc.parse((left or "").encode()) == jsonrpc.parse((right or "").encode())
    except (jsonrpc.NotJson, UnicodeEncodeError):
        return False
