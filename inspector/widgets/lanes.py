"""Lanes: time runs down, one row for each thing that happened, one column for each stream.

Only the lines that can be seen are made, from the rows themselves, so the cost does not depend on how many there are.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from inspector.feed import Feed
from inspector.glyphs import UNICODE, Glyphs
from inspector.model import LiveSession, LiveStream, Row

Wanted: TypeAlias = Callable[[Row], bool]
HUES = 6  # colours of streams, used in turn
_TIME = 9  # columns
_MARK = 2
_MOST = 8  # columns of streams that are shown; the others share one


class Lanes(ScrollView, can_focus=True):
    """The rows of one session, or of all. `index` are the numbers of those that are shown."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"lanes--stream-{hue}" for hue in range(HUES)),
        *("lanes--time", "lanes--words", "lanes--dim", "lanes--ours", "lanes--client"),
        *("lanes--must", "lanes--should", "lanes--cursor", "lanes--marked", "lanes--head"),
    }
    DEFAULT_CSS = """
    Lanes { scrollbar-gutter: stable; background: $surface; }
    Lanes .lanes--time, Lanes .lanes--dim { color: $text-muted; }
    Lanes .lanes--words { color: $text; }
    Lanes .lanes--client { color: $text; text-style: bold; }
    Lanes .lanes--ours { color: $accent; text-style: italic; }
    Lanes .lanes--must { color: $error; text-style: bold; }
    Lanes .lanes--should { color: $warning; text-style: bold; }
    Lanes .lanes--cursor { background: $primary-muted; }
    Lanes:focus .lanes--cursor { background: $primary 50%; }
    Lanes .lanes--marked { background: $accent 25%; }
    Lanes .lanes--head { color: $text-muted; text-style: bold; background: $boost; }
    Lanes .lanes--stream-0 { color: $text-primary; }
    Lanes .lanes--stream-1 { color: $text-success; }
    Lanes .lanes--stream-2 { color: $text-warning; }
    Lanes .lanes--stream-3 { color: $text-accent; }
    Lanes .lanes--stream-4 { color: $text-secondary; }
    Lanes .lanes--stream-5 { color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]

    cursor: reactive[int | None] = reactive(None)
    follow: reactive[bool] = reactive(True)

    class Chosen(TextualMessage):
        """The cursor is on another row."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    def __init__(self, feed: Feed, glyphs: Glyphs = UNICODE, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.feed = feed
        self.glyphs = glyphs
        self.session: LiveSession | None = None
        self.wanted: Wanted | None = None
        self.marked: set[int] = set()
        self.index: list[int] = []
        self._seen = 0

    def show(self, session: LiveSession | None, wanted: Wanted | None = None) -> None:
        """Show the rows of a session, or of all sessions, that are wanted."""
        self.session, self.wanted = session, wanted
        self.index, self._seen = [], self.feed.rows.first
        self.catch_up()
        self.follow = True

    def catch_up(self) -> bool:
        """Take what is new into the index. Returns whether anything has changed."""
        rows = self.feed.rows
        before = len(self.index), self._seen
        del self.index[: bisect_left(self.index, rows.first)]
        for number in range(max(self._seen, rows.first), rows.next_number):
            row = rows.get(number)
            if row is not None and self._is_wanted(row):
                self.index.append(number)
        self._seen = rows.next_number
        changed = before != (len(self.index), self._seen)
        if changed:
            self.virtual_size = Size(self.size.width, len(self.index) + 1)
        if self.follow and self.index:
            self.cursor = self.index[-1]
            self.scroll_end(animate=False)
        return changed

    def _is_wanted(self, row: Row) -> bool:
        mine = self.session is None or row.session is self.session
        return mine and (self.wanted is None or self.wanted(row))

    def render_line(self, y: int) -> Strip:
        """One line on the screen: the names of the streams on top, a row below."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self._heading(width)
        place = self.scroll_offset.y + y - 1
        if not 0 <= place < len(self.index):
            return Strip.blank(width, self.rich_style)
        row = self.feed.rows.get(self.index[place])
        if row is None:
            return Strip.blank(width, self.rich_style)
        base = self.rich_style
        if row.number == self.cursor:
            base += self.get_component_rich_style("lanes--cursor", partial=True)
        elif row.number in self.marked:
            base += self.get_component_rich_style("lanes--marked", partial=True)
        line = Strip([Segment(text, base + style) for text, style in self._parts(row)])
        return line.extend_cell_length(width, base).crop(0, width)

    @property
    def _columns(self) -> tuple[int, int]:
        """How many columns of streams there are, and how wide each is."""
        width = self.size.width
        wide = 8 if width >= 100 else 4 if width >= 60 else 2
        used = len(self.session.lanes) if self.session is not None else 0
        return max(1, min(used, _MOST, max(1, (width - 50) // wide))), wide

    def _parts(self, row: Row) -> Iterator[tuple[str, Style]]:
        style = self._style
        mark = {"MUST": self.glyphs.must, "SHOULD": self.glyphs.should}.get(row.weight or "", " ")
        yield f"{mark:<{_MARK}}", style("must" if row.weight == "MUST" else "should")
        began = self.session.began if self.session is not None else 0.0
        yield f"{row.at - began:>{_TIME - 1}.3f} ", style("time")
        if self.session is not None:
            yield from self._lanes(row, self.session)
        yield f"{self.glyphs.before_words(row)} ", style("client" if row.sender == "client" else "dim")
        kind = "ours" if row.sender == "observer" else "client" if row.sender == "client" else "words"
        yield row.words, style("dim" if row.kind in ("comment", "prime", "opened", "ended") else kind)
        if row.outcome:
            yield f"  {row.outcome}", style("must" if row.outcome >= "400" else "dim")
        if row.replayed:
            yield "  replayed", style("dim")
        for each in row.marks[:2]:
            yield f"  {each.key}", style("must" if each.level == "MUST" else "should")

    def _lanes(self, row: Row, session: LiveSession) -> Iterator[tuple[str, Style]]:
        count, wide = self._columns
        for lane in range(count):
            own = row.stream is not None and row.stream.lane == lane
            stream = row.stream if own else session.at_lane(lane, row.number)
            if stream is None:
                yield " " * wide, Style.null()
                continue
            sign = self.glyphs.on_stream(row) if own else self._idle(stream, row)
            label = _label(row, wide - 3) if own and wide > 4 else ""
            yield f"{sign} {label:<{wide - 2}}"[:wide], self._hue(stream)
        if row.stream is not None and row.stream.lane >= count:
            yield f"{self.glyphs.on_stream(row)}+{row.stream.lane} ", self._hue(row.stream)

    def _idle(self, stream: LiveStream, row: Row) -> str:
        return self.glyphs.severed if stream.severed_at(row.number) else self.glyphs.idle

    def _heading(self, width: int) -> Strip:
        style = self.rich_style + self._style("head")
        text = " " * _MARK + f"{'seconds':>{_TIME - 1}} "
        if self.session is not None:
            count, wide = self._columns
            at = self.cursor if self.cursor is not None else self.feed.rows.next_number
            for lane in range(count):
                stream = self.session.at_lane(lane, at)
                text += f"{stream.name if stream else '':<{wide}.{wide - 1}}"
        text += "  message"
        return Strip([Segment(text, style)]).extend_cell_length(width, style).crop(0, width)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"lanes--{name}", partial=True)

    def _hue(self, stream: LiveStream) -> Style:
        return self._style(f"stream-{stream.number % HUES if stream.lane else 0}")

    def watch_cursor(self, cursor: int | None) -> None:
        """Say which row it is, and keep it on the screen."""
        row = self.feed.rows.get(cursor) if cursor is not None else None
        if row is None:
            return
        self.post_message(self.Chosen(row))
        place = bisect_left(self.index, row.number)
        if not self.follow:
            self.scroll_to_region(Region(0, place, 1, 2), animate=False, force=True)
        self.refresh()

    def go_to(self, number: int) -> None:
        """Put the cursor on a row, if it is shown."""
        self.follow = False
        place = bisect_left(self.index, number)
        if place < len(self.index):
            self.cursor = self.index[place]

    def action_move(self, step: int) -> None:
        """Up and down; beyond the last row it follows again."""
        if not self.index:
            return
        here = bisect_left(self.index, self.cursor) if self.cursor is not None else len(self.index) - 1
        place = min(max(0, here + step), len(self.index) - 1)
        self.follow = step > 0 and here + step >= len(self.index)
        self.cursor = self.index[place]

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        self.action_move(step * max(1, self.size.height - 2))

    def action_first(self) -> None:
        """The oldest row."""
        if self.index:
            self.go_to(self.index[0])

    def action_last(self) -> None:
        """The newest row, and follow what comes."""
        self.follow = True
        self.catch_up()

    def on_click(self, event: object) -> None:
        """Choose the row under the mouse."""
        y = getattr(event, "y", 0) - 1 + self.scroll_offset.y
        if 0 <= y < len(self.index) and getattr(event, "y", 0) > 0:
            self.follow = False
            self.cursor = self.index[y]


def _label(row: Row, width: int) -> str:
    """The event's own id, where there is room for it."""
    if row.event is None or row.event.id is None or width < 3:
        return ""
    text = "".join(c if c.isprintable() else "?" for c in row.event.id)
    return text if len(text) <= width else f"…{text[-(width - 1) :]}"
