"""The evidence that live traffic is judged by: all of it while there is little, then what still matters.

What is dropped first is what nothing later can refer to: answered requests that leave nothing behind, and the
middle of long streams. The rest of a session stays as long as there is room: its beginning, what is still open, what
made tasks, subscriptions or state.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.recorder import Limits
from conformance.recording import About, Playback, Record
from conformance.trace import Exchange, Message, Trace

_PASSING = {
    *("ping", "tools/call", "prompts/get", "resources/read", "completion/complete"),
    *("notifications/progress", "notifications/cancelled"),
}  # methods that leave nothing behind, once they are answered
_BEGINNINGS = ("initialize", "server/discover")
_FIRST = 16  # events of a shortened stream that are kept from its beginning
_OPEN_ENDED = Limits(exchange=64 * 2**20, events=10**7, trace=256 * 2**20, trace_events=10**7)  # the window bounds it


@dataclass(frozen=True, slots=True)
class Size:
    """How much is kept, once there is more: exchanges, and events on all answers together.

    A look at as much takes about a third of a second.
    """

    exchanges: int = 1_000
    events: int = 3_000


class Window:
    """A playback that forgets. `horizon` is the time before which something may be missing, in seconds."""

    def __init__(self, about: About, size: Size | None = None) -> None:
        self._size = size or Size()
        self._playback = Playback(about, _OPEN_ENDED)
        self.shortened: dict[int, int] = {}
        self.horizon = 0.0
        self.unread = 0

    def take(self, record: Record) -> None:
        """Let one more thing have happened."""
        self._playback.play(record)
        self.unread += 1

    def trace(self) -> Trace:
        """The evidence as it stands now; `named` says what its exchanges are called in the recording."""
        self.unread = 0
        return self._playback.recorder.trace()

    def named(self, exchange: int) -> int:
        """What an exchange of the trace is called in the recording."""
        return self._playback.named.get(exchange, exchange)

    def event_of(self, exchange: int, event: int | None) -> int | None:
        """The position of an event in the whole answer, from its position in what was kept of it."""
        dropped = self.shortened.get(exchange, 0)
        return event if event is None or event < _FIRST else event + dropped

    def narrow(self, trace: Trace) -> None:
        """Drop what is too much, after all of it was judged."""
        self._forget_passing(trace)
        self._shorten_streams(trace)

    def _forget_passing(self, trace: Trace) -> None:
        """Forget what nothing refers to; where far too much is left, whatever is over but the beginnings."""
        left = self._forget(trace.exchanges, _is_passing, self._size.exchanges)
        self._forget(left, _is_over, 2 * self._size.exchanges)

    def _forget(
        self, exchanges: Sequence[Exchange], may_go: Callable[[Exchange], bool], wanted: int
    ) -> list[Exchange]:
        """Forget the oldest that may go until so many are left, and return these."""
        excess, left = len(exchanges) - wanted, list[Exchange]()
        for exchange in exchanges:
            if excess > 0 and may_go(exchange):
                self._playback.forget(exchange.number)
                self.shortened.pop(exchange.number, None)
                self.horizon = max(self.horizon, exchange.ended or 0.0)
                excess -= 1
            else:
                left.append(exchange)
        return left

    def _shorten_streams(self, trace: Trace) -> None:
        events = sum(len(exchange.events) for exchange in trace.exchanges)
        if events <= self._size.events:
            return
        running = [x for x in trace.exchanges if x.ending == "open" and len(x.events) > _FIRST]
        last = max(1, (self._size.events // 2) // max(1, len(running)))
        for exchange in running:
            kept = len(exchange.events) - last
            dropped = self._playback.recorder.shorten(exchange.number, _FIRST, last)
            if dropped:
                self.shortened[exchange.number] = self.shortened.get(exchange.number, 0) + dropped
                self.horizon = max(self.horizon, exchange.events[kept - 1].at)


def _is_passing(exchange: Exchange) -> bool:
    """Whether all that an exchange asked is answered on it, and nothing can refer to it any more."""
    asked = [m for m in exchange.sent if isinstance(m, Message)]
    if exchange.ending != "complete" or not asked or len(asked) != len(exchange.sent):
        return False
    answered = {str(m.id) for m in exchange.received if isinstance(m, Message) and m.is_response}
    return all(
        m.method in _PASSING and "task" not in m.params and (m.kind != "request" or str(m.id) in answered)
        for m in asked
    )


def _is_over(exchange: Exchange) -> bool:
    """Whether nothing more will come, and it is not how a session or a client began."""
    began = any(isinstance(m, Message) and m.method in _BEGINNINGS for m in exchange.sent)
    return exchange.ending != "open" and not began
