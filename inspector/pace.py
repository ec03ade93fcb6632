"""How often to look: soon after something new, and never so often that looking is all there is to do."""

from dataclasses import dataclass

_SOONEST = 0.25  # seconds between two looks
_REST = 2.0  # times as long as the last look took


@dataclass(slots=True)
class Pace:
    """Times in seconds, by any clock that never goes back."""

    _next: float = 0.0

    def wait(self, now: float) -> float:
        """How long to wait before the next look."""
        return max(0.0, self._next - now)

    def looked(self, began: float, ended: float) -> None:
        """A look took place."""
        self._next = ended + max(_SOONEST, _REST * (ended - began))
