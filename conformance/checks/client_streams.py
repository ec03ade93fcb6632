"""How a client comes back to a stream: basic/transports "Resumability and Redelivery"."""

import math
from itertools import pairwise

from conformance.checks.clientside import is_whole
from conformance.checks.reading import shown, what
from conformance.evidence.trace import Event, Exchange
from conformance.evidence.views import Session, Stream
from conformance.judging.check import Findings, check, expect, undecided

BY_THE_SERVER = ("complete", "lost")
EARLY = 0.9  # of `retry` that has to pass: clocks and timers are not exact


@check("resume.get", party="client")
def streams_are_resumed_by_get(session: Session) -> Findings:
    """A client resumes a stream by GET, with the id of an event that it received in the Last-Event-ID header."""
    came: dict[str, float] = {}
    for event in (event for x in session.exchanges for event in x.events if event.id):
        came[event.id or ""] = min(event.at, came.get(event.id or "", event.at))
    for exchange in session.exchanges:
        after = exchange.last_event_id
        if exchange.method == "POST" and exchange.request_header("last-event-id"):
            yield expect(False, exchange, f"{what(exchange)} was posted with a Last-Event-ID header")
        elif after is not None and came.get(after, math.inf) <= exchange.started:
            yield expect(True, exchange, f"GET resumed after event {shown(after)}")
        elif after is not None and is_whole(session):
            yield expect(False, exchange, f"GET wants to resume after event {shown(after)}, which no event had")
        elif after is not None:
            yield undecided(exchange, f"event {shown(after)} may have come before the recording")


@check("client.retry", party="client")
def clients_wait_before_they_come_back(stream: Stream) -> Findings:
    """A client waits as long as `retry` said before it reconnects to a stream that the server let go.

    Where somebody else broke the connection, or where another leg was still open, nothing is said.
    """
    for former, next_one in pairwise(stream.legs):
        told = _retry(stream, former)
        ended = former.ended
        if told is None or ended is None or former.ending not in BY_THE_SERVER or next_one.started < ended:
            continue
        waited = (next_one.started - ended) * 1000
        seen = f"the client came back after {waited:.0f} ms, and `retry` was {told}"
        yield expect(waited >= told * EARLY, next_one, seen)


def _retry(stream: Stream, until: Exchange) -> int | None:
    """The latest `retry` on the legs as far as this one, in milliseconds."""
    found: list[Event] = []
    for leg, _, event in stream.events():
        if leg.number <= until.number and event.retry is not None:
            found.append(event)
    return found[-1].retry if found else None
