"""The two lines on top: what is watched and the sum of it, and the screens there are."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from conformance.driving.target import shown
from conformance.report.text import count, short
from inspector.glyphs import Glyphs
from inspector.source import Recorder, Source
from inspector.widgets.prose import STYLES

_BROKEN = 4  # the digit of the violations
_BEHIND = 2_000  # records that wait for the judge, before it is said


class TopLine(Static):
    """Where we are, live or in a file, and how much went wrong."""

    def __init__(self, source: Source, recorder: Recorder | None, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.source = source
        self.recorder = recorder
        self.glyphs = glyphs
        self._told: list[tuple[str, str]] = []

    def catch_up(self, paused: bool, missed: int) -> None:
        """Show what has changed."""
        source, feed, glyphs = self.source, self.source.feed, self.glyphs
        parts = [self._state(paused, missed)]
        troubles = source.trouble, self.recorder.trouble if self.recorder is not None else ""
        parts += [(f"{short(trouble, 200)}   ", "should") for trouble in troubles if trouble]
        parts += [(f"{short(remark, 100)}   ", "ours") for remark in list(feed.remarks)[-1:]]
        if self.recorder is not None and self.recorder.path:
            parts.append((f"{glyphs.live} recording   ", "ours"))
        parts += self._broken()
        if source.unjudged > _BEHIND:
            parts.append((f"{source.unjudged:,} not judged yet   ", "should"))
        parts.append((f"{count(len(feed.sessions), 'session')}, {count(feed.rows.next_number, 'row')}   ", "dim"))
        arrow = "->" if self.app.has_class("ascii") else "→"
        parts.append((f"{shown(source.url)} {arrow} " if source.url else "", "dim"))
        parts.append((shown(feed.about.upstream), "text"))
        if parts != self._told:
            self._told = parts
            self.update(Content.assemble(*((text, STYLES[ink]) for text, ink in parts)))

    def _broken(self) -> Iterator[tuple[str, str]]:
        """How many rules were broken."""
        broken = self.source.feed.broken
        if broken["MUST"]:
            yield f"{self.glyphs.must} {broken['MUST']:,} MUST  ", "must"
        if broken["SHOULD"]:
            yield f"{self.glyphs.should} {broken['SHOULD']:,} SHOULD  ", "should"
        yield ("broken   ", "text") if broken.total() else ("no rule broken   ", "dim")

    def _state(self, paused: bool, missed: int) -> tuple[str, str]:
        if paused:
            return f"{self.glyphs.severed} paused{f' +{missed:,}' if missed else ''}   ", "should"
        name, ink = ("live", "kept") if self.source.live else ("file", "title")
        return f"{self.glyphs.live} {name}   ", ink


class Tabs(Static):
    """The views by their digits; a click goes there. `badges` are numbers after their names, `grave` reddens one."""

    chosen: reactive[int] = reactive(1)
    badges: reactive[tuple[int, ...]] = reactive(())
    grave: reactive[bool] = reactive(False)

    class Clicked(Message):
        """Somebody wants to see a screen."""

        def __init__(self, digit: int) -> None:
            self.digit = digit
            super().__init__()

    def __init__(self, names: Sequence[str], id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._names = names

    def render(self) -> Content:
        """One line."""
        parts: list[tuple[str, str]] = []
        for digit, text in enumerate(self._texts(), 1):
            name, badge = text.rstrip("0123456789,"), text[len(text.rstrip("0123456789,")) :]
            under = " on $primary 35%" if digit == self.chosen else ""
            parts.append((f" {name}", f"bold $foreground{under}" if under else "$dim"))
            parts.append((f"{badge} ", f"bold {'$error' if self.grave and digit == _BROKEN else '$warning'}{under}"))
        return Content.assemble(*parts)

    def _texts(self) -> list[str]:
        badges = (*self.badges, *([0] * len(self._names)))
        return [
            f"{digit} {name}{f' {badge:,}' if badge else ''}"
            for digit, (name, badge) in enumerate(zip(self._names, badges, strict=False), 1)
        ]

    def on_click(self, event: Click) -> None:
        """Find the name under the mouse."""
        end = self.content_region.x - self.region.x
        for digit, text in enumerate(self._texts(), 1):
            end += len(text) + 2
            if event.x < end:
                self.post_message(self.Clicked(digit))
                return
