"""Rows of the recording as lines: of one session or of all, filtered, following the newest or standing still."""

import time
from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.message import Message
from textual.reactive import reactive

from inspector.filters import Filter
from inspector.glyphs import UNICODE, Glyphs
from inspector.model.nouns import LiveSession, Row
from inspector.source import Seekable, Source
from inspector.widgets.lines import Lines, Part

_SLICE = 0.02  # seconds of a frame in which rows are looked at; the others wait for the next one
_STRIDE = 256  # rows between two looks at the clock


class RowList(Lines):
    """The rows that are wanted. `index` are their numbers, which never change."""

    headed: ClassVar[bool] = True
    cursor: reactive[int | None] = reactive(None)
    follow: reactive[bool] = reactive(True)

    class Opened(Message):
        """Somebody wants to read all of a row."""

        def __init__(self, number: int) -> None:
            self.number = number
            super().__init__()

    class Chosen(Message):
        """The cursor is on another row."""

        def __init__(self, rows: "RowList", row: Row | None) -> None:
            self.rows, self.row = rows, row
            super().__init__()

        @property
        def control(self) -> "RowList":
            return self.rows

    def __init__(self, source: Source, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(glyphs, id)
        self.source = source
        self.session: LiveSession | None = None
        self.wanted = Filter()
        self.marked: set[int] = set()
        self.index: list[int] = []
        self.seen = 0
        self._epoch = source.epoch
        self._broken = 0
        self._drawn: object = None

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.source.feed.rows.get(self.cursor) if self.cursor is not None else None

    @property
    def vacant(self) -> Sequence[str]:
        """Why there are no rows."""
        if self.source.feed.rows.next_number and self.wanted:
            return ("no row is like that", "", *self.wanted.doubts)
        if not self.source.live:
            return ("nothing yet at this moment",) if isinstance(self.source, Seekable) else ()
        if not self.source.feed.about.upstream:
            return "waiting for a client: let it use this HTTP proxy", "", self.source.url
        return "waiting for a client: give it this URL instead of the server's", "", self.source.url

    @property
    def tally(self) -> str:
        """How many rows are wanted, and of how many."""
        all_rows = len(self.session.rows) if self.session is not None else len(self.source.feed.rows)
        return f"{len(self.index):,} of {all_rows:,} rows"

    @property
    def behind(self) -> int:
        """Rows that have come and were not looked at yet."""
        return self.source.feed.rows.next_number - self.seen

    def show(self, session: LiveSession | None) -> None:
        """Show the rows of a session, or of all sessions."""
        self.session = session
        self.start_over()

    def narrow(self, wanted: Filter) -> None:
        """Show only what a filter wants; the cursor stays near its row."""
        self.wanted = wanted
        self.start_over()

    def on_resize(self) -> None:
        """Another height: the row under the cursor stays in sight."""
        self.measure()
        if self.follow:
            self.scroll_end(animate=False, immediate=True)
            self.scroll_end(animate=False)  # and again when the scroll bar has come or gone
        elif (here := self.here()) is not None:
            self.reveal(here)

    def start_over(self) -> None:
        """Look at all rows anew."""
        self.index, self.seen, self._epoch = [], self.source.feed.rows.first, self.source.epoch
        self.catch_up()
        self.refresh()

    def catch_up(self) -> bool:
        """Take what is new into the index, as much as a frame has time for. Returns whether there was anything."""
        rows, feed = self.source.feed.rows, self.source.feed
        found = feed.verdicts
        if self._epoch != self.source.epoch or (self.wanted.looks_at_rules and found != self._broken):
            self._broken = found
            self.start_over()
            return True
        gone = bisect_left(self.index, rows.first)
        if not gone and self.seen >= rows.next_number:
            if self.follow and self.scroll_offset.y < self.max_scroll_y:  # the layout has changed since
                self.scroll_end(animate=False, immediate=True)
            return False
        del self.index[:gone]
        self._look(max(self.seen, rows.first))
        self.measure()
        if self.follow and self.index:
            self.cursor = self.index[-1]
            self.scroll_end(animate=False, immediate=True)
        elif gone:
            self.scroll_to(y=max(0, self.scroll_offset.y - gone), animate=False, force=True)
        return True

    def freshen(self) -> None:
        """Draw anew if something has happened to rows that are there: a status came, a rule was found broken."""
        feed = self.source.feed
        state = (self.source.epoch, feed.verdicts, feed.now)
        if state != self._drawn:
            self._drawn = state
            self.refresh()

    def _look(self, first: int) -> None:
        """Ask of rows from this one on whether they are wanted, until the time is over."""
        rows, until = self.source.feed.rows, time.perf_counter() + _SLICE
        self.seen = first
        while self.seen < rows.next_number and time.perf_counter() < until:
            after = min(self.seen + _STRIDE, rows.next_number)
            there = (row for number in range(self.seen, after) if (row := rows.get(number)) is not None)
            new = [row for row in there if self.session is None or row.session is self.session]
            self.take(new)
            self.index += [row.number for row in new if self.wanted.matches(row)]
            self.seen = after

    def take(self, rows: Sequence[Row]) -> None:
        """Rows are looked at for the first time, in their order, before it is asked which of them are wanted."""

    def how_many(self) -> int:
        """The number of lines."""
        return len(self.index)

    def here(self) -> int | None:
        """The line that the cursor is on."""
        if self.cursor is None:
            return None
        place = bisect_left(self.index, self.cursor)
        return place if place < len(self.index) and self.index[place] == self.cursor else None

    def is_marked(self, place: int) -> bool:
        """Whether the user has marked a row."""
        return self.index[place] in self.marked

    def parts_at(self, place: int) -> Iterator[Part]:
        """What a line says."""
        row = self.source.feed.rows.get(self.index[place])
        if row is not None:
            yield from self.parts_of(row)

    @abstractmethod
    def parts_of(self, row: Row) -> Iterator[Part]:
        """What the line of a row says."""

    def action_choose(self) -> None:
        """Read all of it."""
        if self.cursor is not None:
            self.post_message(self.Opened(self.cursor))

    def watch_cursor(self) -> None:
        """Say which row it is."""
        self.post_message(self.Chosen(self, self.row))
        self.refresh()

    def go(self, place: int) -> None:
        """Put the cursor on a line; whoever moves wants to stay there."""
        self.follow = False
        self.cursor = self.index[place]
        self.reveal(place)

    def go_to(self, number: int) -> bool:
        """Put the cursor on a row, or if it is not shown, on the next one that is."""
        while self.seen < self.source.feed.rows.next_number and self.seen <= number:
            self.catch_up()
        place = bisect_left(self.index, number)
        if place < len(self.index):
            self.go(place)
        return place < len(self.index)

    def action_move(self, step: int) -> None:
        """Up and down; beyond the last row it follows again."""
        here = self.here()
        if here is None and self.cursor is not None:
            here = bisect_left(self.index, self.cursor)
        at_end = here is not None and here + step >= len(self.index)
        super().action_move(step)
        self.follow = step > 0 and at_end

    def action_last(self) -> None:
        """The newest row, and follow what comes."""
        self.follow = True
        self.catch_up()
        if self.index:
            self.cursor = self.index[-1]
            self.scroll_end(animate=False, immediate=True)

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take the mark off."""
        if self.cursor is not None:
            self.marked ^= {self.cursor}
            self.refresh()
