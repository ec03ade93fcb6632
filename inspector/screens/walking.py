"""Keys that go from row to row, and the one that marks them."""

from abc import abstractmethod
from typing import ClassVar

from textual.binding import Binding

from inspector.model.nouns import Row
from inspector.source import Seekable, Source
from inspector.ways import next_broken, next_on_stream, partner_of
from inspector.widgets.rowlist import RowList
from inspector.widgets.scrub import Scrub

_LEAP = 0.05  # of a recording's time


class Walking:
    """Part of the screen."""

    KEYS: ClassVar[list[Binding]] = [
        Binding("n", "next_broken(1)", "Violation", tooltip="To the next row that broke a rule"),
        Binding("N", "next_broken(-1)", "Violation before", show=False, tooltip="To the one before"),
        Binding("p", "partner", "Partner", tooltip="From a request to its response and back"),
        Binding(
            "left_square_bracket",
            "on_stream(-1)",
            "Previous on stream",
            show=False,
            key_display="[",
            tooltip="To the row before on the same stream",
        ),
        Binding(
            "right_square_bracket",
            "on_stream(1)",
            "Next on stream",
            show=False,
            key_display="]",
            tooltip="To the next row on the same stream",
        ),
        Binding("m", "mark", "Mark", show=False, tooltip="Mark this row, or take the mark off"),
        Binding("comma", "step(-1)", "Step back", show=False, key_display=",", tooltip="In a file: one record back"),
        Binding("full_stop", "step(1)", "Step on", show=False, key_display=".", tooltip="In a file: one record on"),
        Binding("less_than_sign", "leap(-1)", "Far back", show=False, key_display="<", tooltip="In a file: far back"),
        Binding("greater_than_sign", "leap(1)", "Far on", show=False, key_display=">", tooltip="In a file: far on"),
    ]
    source: Source

    @property
    @abstractmethod
    def rows(self) -> RowList:
        """The rows that keys are about."""

    @abstractmethod
    def go_to(self, row: Row) -> None:
        """Show a row in this view."""

    @abstractmethod
    def tell(self, sentence: str) -> None:
        """Say something in a corner."""

    def action_next_broken(self, step: int) -> None:
        """The next row that broke a rule, here or in another session."""
        rows, here = self.source.feed.rows, self.rows
        number = next_broken(rows, here.index, here.cursor, step)
        if number is None:
            everywhere = sorted({v.row for v in self.source.feed.violations if v.row is not None})
            number = next_broken(rows, everywhere, here.cursor, step) or next_broken(rows, everywhere, None, step)
        if number is None:
            self.tell("no rule was broken")
        self._go(number)

    def action_partner(self) -> None:
        """From a request to its response and back; from progress to its call."""
        row = self.rows.row
        number = partner_of(row) if row is not None else None
        if number is None:
            self.tell("this row has no partner")
        self._go(number)

    def action_on_stream(self, step: int) -> None:
        """The next row on the same stream, or the one before."""
        row = self.rows.row
        if row is not None:
            self._go(next_on_stream(self.source.feed.rows, self.rows.index, row, step))

    def action_mark(self) -> None:
        """Mark this row."""
        self.rows.toggle_mark()

    async def action_step(self, records: int) -> None:
        """One record on or back."""
        if isinstance(self.source, Seekable):
            await self.source.step(records)
            self._follow()

    async def action_leap(self, step: int) -> None:
        """A twentieth of the recording on or back."""
        replay = self.source
        if isinstance(replay, Seekable):
            await replay.seek(replay.now() + step * _LEAP * (replay.ends - replay.begins))
            self._follow()

    async def on_scrub_sought(self, event: Scrub.Sought) -> None:
        """A moment was clicked."""
        if isinstance(self.source, Seekable):
            await self.source.seek(event.at)
            self._follow()

    def _follow(self) -> None:
        """The cursor is where the time is."""
        self.rows.follow = True
        self.rows.catch_up()

    def _go(self, number: int | None) -> None:
        row = self.source.feed.rows.get(number) if number is not None else None
        if row is not None:
            self.go_to(row)
