"""A list of a few hundred or thousand things to choose from, made anew a few times a second."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message

from inspector.glyphs import UNICODE, Glyphs
from inspector.widgets.lines import Lines, Part


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the thing that it stands for; `key` is None for what only structures the list."""

    key: Hashable
    parts: tuple[Part, ...]


class Listing(Lines):
    """The cursor stays on its thing, wherever that moves. With `eager`, one click chooses."""

    headed: ClassVar[bool] = False

    class Pointed(Message):
        """The cursor is on another thing."""

        def __init__(self, listing: "Listing", key: Hashable) -> None:
            self.listing, self.key = listing, key
            super().__init__()

        @property
        def control(self) -> "Listing":
            return self.listing

    class Picked(Pointed):
        """Somebody wants to go there."""

    def __init__(
        self, glyphs: Glyphs = UNICODE, id: str | None = None, vacant: Sequence[str] = (), eager: bool = False
    ) -> None:
        super().__init__(glyphs, id)
        self._vacant = vacant
        self.eager = eager
        self.entries: Sequence[Line] = ()
        self._place: int | None = None

    @property
    def vacant(self) -> Sequence[str]:
        """What is said where there are no lines."""
        return self._vacant

    @property
    def pointed(self) -> Hashable:
        """The thing under the cursor."""
        return self.entries[self._place].key if self._place is not None else None

    def fill(self, entries: Sequence[Line], follow: bool = False) -> None:
        """Show other lines. With `follow`, the last ones as long as nobody is using the list."""
        if entries == self.entries:
            return
        was = self.pointed
        self.entries = entries
        self._place = _place_of(was, entries, self._place)
        self.measure()
        if follow and not self.has_focus:
            self.scroll_end(animate=False, immediate=True)
        if self.pointed != was:
            self.post_message(self.Pointed(self, self.pointed))
        self.refresh()

    def point(self, key: Hashable) -> None:
        """Put the cursor on a thing, if it is there."""
        place = next((at for at, line in enumerate(self.entries) if line.key == key), None)
        if place is not None and place != self._place:
            self._place = place
            self.reveal(place)
            self.refresh()

    def how_many(self) -> int:
        """The number of lines."""
        return len(self.entries)

    def parts_at(self, place: int) -> Iterable[Part]:
        """What a line says."""
        return self.entries[place].parts

    def here(self) -> int | None:
        """The line that the cursor is on."""
        return self._place

    def meant(self, place: int) -> int | None:
        """The line itself, or of those that only explain, the one that they explain."""
        lines = (place,) if self.eager else range(place, -1, -1)
        return next((at for at in lines if self.entries[at].key is not None), None)

    def go(self, place: int) -> None:
        """Put the cursor on a line, or on the next one that stands for something."""
        step = -1 if self._place is not None and place < self._place else 1
        wanted = place
        while 0 <= wanted < len(self.entries) and self.entries[wanted].key is None:
            wanted += step
        if 0 <= wanted < len(self.entries):
            self._place = wanted
            self.post_message(self.Pointed(self, self.pointed))
        self.reveal(place)
        self.refresh()

    def action_choose(self) -> None:
        """Go there."""
        if self.pointed is not None:
            self.post_message(self.Picked(self, self.pointed))


def _place_of(key: Hashable, entries: Sequence[Line], was: int | None) -> int | None:
    """Where a thing is now; else the line that took its place, else the first that stands for something."""
    found = next((at for at, line in enumerate(entries) if line.key is not None and line.key == key), None)
    if found is not None:
        return found
    after = range(min(was or 0, max(0, len(entries) - 1)), len(entries))
    return next((at for at in (*after, *range(len(entries))) if entries[at].key is not None), None)
