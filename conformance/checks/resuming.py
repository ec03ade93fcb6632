"""Resumability and redelivery: event ids, and what comes when a client returns with Last-Event-ID.

What an event id promises shows only when somebody comes back with it; `replays` tells what came then.
"""

from conformance.checks.replays import (
    Resumption,
    from_a_common_store,
    from_elsewhere,
    named,
    no_ids,
    resumptions,
    sightings,
    stands_for_two,
)
from conformance.evidence.views import Session
from conformance.judging.check import Finding, Findings, check, expect, undecided


@check("event.id-unique")
def event_ids_are_unique_in_a_session(session: Session) -> Findings:
    """No event id stands for two events on the streams of a session, or of a client where there are no sessions.

    A replay on a resumed stream is the same event again, and an event without data that repeats its own stream's
    id says nothing new.
    """
    seen = sightings(session)
    if not seen:
        yield from no_ids(session)
        return
    repeated = [(id, where) for id, where in seen.items() if stands_for_two(where)]
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
    for resumption in resumptions(session):
        match resumption:
            case Finding():
                yield resumption
            case Resumption(leg, id, proven=[message, *_]):
                yield expect(True, leg, f"Last-Event-ID {id[:80]!r} brought back its own stream: {named(message)}")
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
    yield from from_elsewhere(session)
    yield from from_a_common_store(session)
    for resumption in resumptions(session):
        match resumption:
            case Finding():
                yield resumption
            case Resumption(leg, id, strays=[_, *_] as strays):
                for message, why in strays:
                    yield expect(False, message, f"on the stream resumed after {id[:80]!r} came {why}")
            case Resumption(leg, id, own=[]):
                yield undecided(leg, "nothing was replayed on the resumed stream, as a server may choose")
            case Resumption(leg, rivals=False):
                yield undecided(leg, "no other stream had messages that could have strayed onto the resumed one")
            case Resumption(leg, own=own):
                seen = f"of the {len(own)} messages on the resumed stream none is of another, though others had some"
                yield expect(True, leg, seen)
