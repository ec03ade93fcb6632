"""The evidence that live traffic is judged by: all of it while there is little, then what still matters.

What goes first is what nothing later can refer to: answered requests that leave nothing behind, GET streams that are
over, and the middle of long streams. If that is not enough, the sessions go that were idle for longest, and at last
the beginning of a session that is too long: what is left is then like a recording that began later, and is judged
like one.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.evidence.recorder import Limits
from conformance.evidence.recording import About, Playback, Record
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Session, sessions

_PASSING = {
    *("ping", "tools/call", "prompts/get", "resources/read", "completion/complete"),
    *("notifications/progress", "notifications/cancelled"),
}  # methods that leave nothing behind, once they are answered
_URL_REQUIRED = -32042
_OPEN_ENDED = Limits(exchange=64 * 2**20, events=10**7, trace=10**12, trace_events=10**12)  # the window bounds it


@dataclass(frozen=True, slots=True)
class Size:
    """How much is kept, once there is more: exchanges, and events and bytes of all answers together.

    A look at as much takes about half a second. Of a stream that is shortened the `first` events stay.
    """

    exchanges: int = 600
    events: int = 2_400
    bytes: int = 32 * 2**20
    first: int = 16


@dataclass(slots=True)
class _Load:
    """What there is of everything that is bounded."""

    exchanges: int = 0
    events: int = 0
    bytes: int = 0

    def add(self, exchange: Exchange, times: int = 1) -> None:
        self.exchanges += times
        self.events += times * len(exchange.events)
        size = len(exchange.request_body) + len(exchange.body) + sum(len(event.raw) for event in exchange.events)
        self.bytes += times * size

    def exceeds(self, size: Size, times: float = 1) -> bool:
        most = times * size.exchanges, times * size.events, times * size.bytes
        return self.exchanges > most[0] or self.events > most[1] or self.bytes > most[2]


class Window:
    """A playback that forgets. `horizon` is the time before which something may be missing, in seconds.

    `shortened` has the exchanges of which events were dropped, and how many. `overlooked` counts the messages that
    were dropped though they had come after the last look.
    """

    def __init__(self, about: About, size: Size | None = None) -> None:
        self._size = size or Size()
        self._playback = Playback(about, _OPEN_ENDED)
        self.shortened: dict[int, int] = {}
        self.horizon = 0.0
        self.unread = 0
        self.overlooked = 0
        self._now = 0.0
        self._looked_at = -math.inf

    def take(self, record: Record) -> None:
        """Let one more thing have happened."""
        self._playback.play(record)
        self._now = max(self._now, record.at)
        self.unread += 1

    def trace(self) -> Trace:
        """The evidence as it stands now; `named` says what its exchanges are called in the recording."""
        self.unread = 0
        return self._playback.recorder.trace()

    def looked(self) -> None:
        """All that is there is about to be judged."""
        self._looked_at = self._now

    def named(self, exchange: int) -> int:
        """What an exchange of the trace is called in the recording."""
        return self._playback.named.get(exchange, exchange)

    def event_of(self, exchange: int, event: int | None) -> int | None:
        """The position of an event in the whole answer, from its position in what was kept of it."""
        dropped = self.shortened.get(exchange, 0)
        return event if event is None or event < self._size.first else event + dropped

    def narrow(self, trace: Trace) -> bool:
        """Drop what is too much, after all of it was judged. Returns whether anything was dropped."""
        load = _Load()
        for exchange in trace.exchanges:
            load.add(exchange)
        if not load.exceeds(self._size):
            return False
        running = [x for x in trace.exchanges if x.ending == "open"]
        over = [x for x in trace.exchanges if x.ending != "open"]
        dropped = self._shorten(running, load)
        dropped |= self._forget(filter(_is_passing, over), load, 1)
        if load.exceeds(self._size, 2):
            dropped |= self._forget(_oldest(trace), load, 1)
        return dropped

    def _forget(self, exchanges: Iterable[Exchange], load: _Load, times: float) -> bool:
        """Forget these, one by one, until there is no more than so many times what may be kept."""
        dropped = False
        for exchange in exchanges:
            if not load.exceeds(self._size, times):
                break
            self.overlooked += sum(message.at > self._looked_at for message in exchange.messages)
            self._playback.forget(exchange.number)
            self.shortened.pop(exchange.number, None)
            self.horizon = max(self.horizon, exchange.ended or 0.0)
            load.add(exchange, -1)
            dropped = True
        return dropped

    def _shorten(self, running: list[Exchange], load: _Load) -> bool:
        """Drop the middle of streams under way, if all streams together have too many events."""
        first = self._size.first
        long = [x for x in running if len(x.events) > first]
        if not long or load.events <= self._size.events:
            return False
        last = max(1, self._size.events // 2 // len(long))
        dropped = [self._shorten_one(exchange, first, last, load) for exchange in long]
        return any(dropped)

    def _shorten_one(self, exchange: Exchange, first: int, last: int, load: _Load) -> bool:
        dropped = self._playback.recorder.shorten(exchange.number, first, last)
        gone = exchange.events[first : first + dropped]
        if gone:
            self.overlooked += sum(bool(event.data) and event.at > self._looked_at for event in gone)
            self.shortened[exchange.number] = self.shortened.get(exchange.number, 0) + dropped
            self.horizon = max(self.horizon, gone[-1].at)
            load.events -= dropped
            load.bytes -= sum(len(event.raw) for event in gone)
        return bool(gone)


def _is_passing(exchange: Exchange) -> bool:
    """Whether all that an exchange asked is answered on it, and nothing can refer to it any more."""
    if exchange.method == "GET":
        return exchange.ok or exchange.status == 405
    asked = [m for m in exchange.sent if isinstance(m, Message)]
    if exchange.ending != "complete" or not asked or len(asked) != len(exchange.sent):
        return False
    told = [m for m in exchange.received if isinstance(m, Message)]
    if any("elicitationId" in m.params or m.error.get("code") == _URL_REQUIRED for m in told):
        return False  # that it is complete may be told at any time
    answers = [m for m in told if m.is_response]
    answered = {str(m.id) for m in answers if m.result.get("resultType") != "input_required"}
    return all(
        m.method in _PASSING and "task" not in m.params and (m.kind != "request" or str(m.id) in answered)
        for m in asked
    )


def _oldest(trace: Trace) -> Iterable[Exchange]:
    """What is over, by sessions, those first that were idle for longest; what servers can do comes last of all."""
    told = {s.revision: s.discovery.exchange.number for s in sessions(trace) if s.discovery is not None}
    seen: set[int] = set()
    for session in sorted(sessions(trace), key=_last_seen):
        mine = [x for x in session.exchanges if x.ending != "open" and x.number not in told.values()]
        seen |= {x.number for x in mine}
        yield from mine
    yield from (x for x in trace.exchanges if x.ending != "open" and x.number not in seen)


def _last_seen(session: Session) -> float:
    """When something of a session last happened."""
    return max(_last_of(exchange) for exchange in session.exchanges)


def _last_of(exchange: Exchange) -> float:
    last = exchange.events[-1].at if exchange.events else exchange.started
    return max(last, exchange.ended or 0.0)
