"""How often to look: soon after something new, and never so often that looking is all there is to do."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, islice

AT_ONCE = 2_500  # records that a look takes: so few that none is forgotten unseen
AT_ONCE_BYTES = 2**20  # of them, because one may hold hundreds of events
AGAIN = 0.5  # seconds after which a look is worth while though nothing has come
_SOONEST = 0.25  # seconds between two looks
_REST = 2.0  # times as long as the last look took
_BREATH = 0.66  # the same, where much has come since


def portion(sizes: Iterable[int]) -> int:
    """How many of the records that wait, of these sizes in bytes, the next look takes: one at least."""
    taken = 0
    for size in accumulate(islice(sizes, AT_ONCE)):
        if taken and size > AT_ONCE_BYTES:
            break
        taken += 1
    return taken


@dataclass(slots=True)
class Pace:
    """Times in seconds, by any clock that never goes back."""

    _next: float = 0.0
    _soonest: float = 0.0

    def wait(self, now: float) -> float:
        """How long to wait before the next look."""
        return max(0.0, self._next - now)

    def hurried(self, now: float) -> float:
        """The same, where enough has come for a look."""
        return max(0.0, self._soonest - now)

    def looked(self, began: float, ended: float) -> None:
        """A look took place."""
        self._next = ended + max(_SOONEST, _REST * (ended - began))
        self._soonest = ended + _BREATH * (ended - began)


@dataclass(slots=True)
class Clock:
    """What time it is in a recording that is made elsewhere, by the newest record that came."""

    _ahead: float = -math.inf

    def heard(self, at: float, now: float) -> None:
        """A record of this time came."""
        self._ahead = max(self._ahead, at - now)

    def now(self, now: float) -> float:
        """Its time now, in seconds since it began."""
        return max(0.0, now + self._ahead)
