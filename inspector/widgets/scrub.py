"""A recording's time as a line: how dense the traffic was, where rules were broken, and the moment that is shown."""

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from inspector.glyphs import Glyphs
from inspector.source import Seekable

_LABEL = 11  # columns before and behind the line


class Scrub(Static):
    """A click goes to a moment."""

    class Sought(Message):
        """Somebody wants to see a moment."""

        def __init__(self, at: float) -> None:
            self.at = at
            super().__init__()

    def __init__(self, replay: Seekable, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.replay = replay
        self.glyphs = glyphs
        self._bars: list[int] = []

    @property
    def slots(self) -> int:
        """How many columns the line has."""
        width: int = self.content_size.width
        return max(10, width - 2 * _LABEL)

    def catch_up(self) -> None:
        """Show where we are."""
        if len(self._bars) != self.slots:
            self._bars = self.replay.density(self.slots)
        here, broken = self._slot(self.replay.now()), {self._slot(at) for at in self.replay.broken_at}
        most, bars = max(self._bars, default=0) or 1, self.glyphs.bars
        parts = [(f"{self.replay.now():>{_LABEL - 3}.3f} s ", "bold")]
        for slot, height in enumerate(self._bars):
            sign = bars[max(1, min(len(bars) - 1, height * len(bars) // (most + 1))) if height else 0]
            style = "$error" if slot in broken else "$primary" if slot <= here else "$foreground 35%"
            parts.append((self.glyphs.handle, "bold $accent") if slot == here else (sign, style))
        parts.append((f" {self.replay.ends:.3f} s", "$dim"))
        self.update(Content.assemble(*parts))

    def _slot(self, at: float) -> int:
        length = (self.replay.ends - self.replay.begins) or 1.0
        return min(self.slots - 1, max(0, int((at - self.replay.begins) / length * self.slots)))

    def on_click(self, event: Click) -> None:
        """The moment under the mouse."""
        share = (event.x - (self.content_region.x - self.region.x) - _LABEL + 0.5) / self.slots
        if 0 <= share <= 1:
            self.post_message(self.Sought(self.replay.begins + share * (self.replay.ends - self.replay.begins)))
