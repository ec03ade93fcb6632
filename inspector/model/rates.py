"""How much goes over the wire: messages and bytes in each second, and how long answers take."""

import math
from collections import deque
from dataclasses import dataclass, field

SECONDS = 120  # of history
_RECENT = 5  # seconds that make the rate of a stream


@dataclass(slots=True)
class Pulse:
    """Events and bytes of one stream in its last seconds."""

    _seconds: deque[list[int]] = field(default_factory=lambda: deque(maxlen=_RECENT))

    def beat(self, at: float, size: int, is_event: bool = True) -> None:
        """One event of so many bytes, or a comment."""
        second = int(at)
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0, 0])
        self._seconds[-1][1] += is_event
        self._seconds[-1][2] += size

    def per_second(self, now: float) -> tuple[float, float]:
        """Events and bytes a second, in the mean of the last whole seconds."""
        wanted = range(int(now) - _RECENT + 1, int(now) + 1)
        recent = [entry for entry in self._seconds if entry[0] in wanted]
        return sum(e[1] for e in recent) / _RECENT, sum(e[2] for e in recent) / _RECENT


@dataclass(slots=True)
class Rates:
    """Counts by second of the recording, the newest last. Bytes are those of answers' bodies, unpacked."""

    _seconds: deque[list[int]] = field(default_factory=lambda: deque(maxlen=SECONDS))
    _latencies: deque[float] = field(default_factory=lambda: deque(maxlen=2_000))

    def message(self, at: float) -> None:
        """One message went by."""
        if bucket := self._bucket(at):
            bucket[1] += 1

    def bytes(self, at: float, size: int) -> None:
        """Bytes of an answer went by."""
        if bucket := self._bucket(at):
            bucket[2] += size

    def latency(self, seconds: float) -> None:
        """A request was answered."""
        self._latencies.append(seconds)

    def per_second(self, now: float) -> tuple[list[int], list[int]]:
        """Messages and bytes in each of the last seconds, the current one last."""
        found = {second: (messages, size) for second, messages, size in self._seconds}
        wanted = range(int(now) - SECONDS + 1, int(now) + 1)
        return [found.get(s, (0, 0))[0] for s in wanted], [found.get(s, (0, 0))[1] for s in wanted]

    def percentile(self, share: float) -> float | None:
        """The latency in seconds that this share of the recent answers did not exceed."""
        ordered = sorted(self._latencies)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None

    @property
    def answers(self) -> int:
        """How many answers the percentiles are of."""
        return len(self._latencies)

    def _bucket(self, at: float) -> list[int] | None:
        second = int(at)
        if not self._seconds or second > self._seconds[-1][0]:
            self._seconds.append([second, 0, 0])
            return self._seconds[-1]
        return next((bucket for bucket in reversed(self._seconds) if bucket[0] == second), None)
