"""How late the proxy is. It says so once a second, in a line of its own that no recording has.

What is measured is how much too late a timer fires in the loop that everything passes through: whatever came at that
moment waited for as long. It tells of pauses: a burst, a collection of garbage, a machine that is busy with other
things. It does not tell how long mitmproxy takes for what it passes on (some tenths of a millisecond for an event, a
millisecond for a request), nor of the network. Of the inspector's own work is told how much it is.
"""

import asyncio
import dataclasses
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from conformance.evidence.lines import Object, line_of, wanted

_PAUSE = 0.1  # seconds; whole milliseconds, because the loop rounds them up
_TIMES = 10  # pauses that are told together
_REMEMBERED = 60  # seconds


@dataclass(frozen=True, slots=True)
class Delay:
    """One second, which ended at `at` by the clock of the proxy's machine. All times are in seconds.

    `late` is by how much the latest timer was. `own` is the inspector's work on answers, of which `pieces` came.
    """

    at: float
    late: float
    own: float
    pieces: int


def delay_line(delay: Delay) -> bytes:
    """A delay as a line."""
    return line_of(dataclasses.asdict(delay))


def is_delay(line: Object) -> bool:
    """Whether a line of the proxy's is one of these."""
    return "late" in line


def delay_of(line: Object) -> Delay:
    """Read a delay. Raises Wrong."""
    at, late, own = (wanted(line, name, float) for name in ("at", "late", "own"))
    return Delay(at, late, own, wanted(line, "pieces", int))


class Meter:
    """The proxy's end: measures while `run` runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._own = 0.0
        self._pieces = 0

    def worked(self, seconds: float) -> None:
        """The inspector has looked at a piece of an answer for so long."""
        self._own += seconds
        self._pieces += 1

    async def run(self, tell: Callable[[Delay], None]) -> None:
        """Tell how late it is, once a second, until it is cancelled."""
        while True:
            late = 0.0
            for _ in range(_TIMES):
                due = self._clock() + _PAUSE
                await asyncio.sleep(_PAUSE)
                late = max(late, self._clock() - due)
            tell(Delay(self._clock(), late, self._own, self._pieces))
            self._own, self._pieces = 0.0, 0


class Delays:
    """The viewer's end: what it was told in the last minute, and how far it is `behind` the proxy itself, in seconds.

    Lines come in order, so one that takes long has waited behind records. As two machines' clocks need not agree, how
    long is counted from the fastest line ever.
    """

    def __init__(self) -> None:
        self._told: deque[Delay] = deque(maxlen=_REMEMBERED)
        self._fastest = math.inf
        self.behind = 0.0

    def heard(self, delay: Delay, now: float) -> None:
        """A line came."""
        self._fastest = min(self._fastest, now - delay.at)
        self.behind = now - delay.at - self._fastest
        self._told.append(delay)

    @property
    def late(self) -> float | None:
        """By how much the proxy was late in the last second; None if it has not said so yet."""
        return self._told[-1].late if self._told else None

    @property
    def latest(self) -> float:
        """The same, at worst in the last minute."""
        return max((delay.late for delay in self._told), default=0.0)

    @property
    def own(self) -> float | None:
        """The inspector's work on a piece of an answer, in the mean of the last minute; None if nothing came."""
        pieces = sum(delay.pieces for delay in self._told)
        return sum(delay.own for delay in self._told) / pieces if pieces else None
