"""Long lists, line by line: only lines that can be seen are made, so the cost does not depend on how many there are.

A line is a sequence of parts, each a text and the name of an ink. Inks are component classes, so themes reach them.
"""

import textwrap
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from conformance.report.text import short, visible
from inspector.glyphs import UNICODE, Glyphs

Part: TypeAlias = tuple[str, str]
HUES = 6  # colours of streams, used in turn
INKS = ("dim", "text", "client", "ours", "must", "should", "kept", "head", "title")
_GUTTER = 1  # columns before each line, for the cursor


def fit(text: str, width: int) -> str:
    """A text that takes exactly so many columns, the last of them empty; wide characters take two."""
    kept = short(text, width - 1)
    missing: int = width - cell_len(kept)
    return kept + " " * missing


class Lines(ScrollView):
    """Lines with a cursor. Those who build on it say how many there are, and of what parts each is made."""

    can_focus = True

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"lines--stream-{hue}" for hue in range(HUES)),
        *(f"lines--{ink}" for ink in INKS),
        *("lines--cursor", "lines--marked"),
    }
    DEFAULT_CSS = """
    Lines { background: $surface; scrollbar-size: 1 1; overflow-x: hidden; }
    Lines .lines--dim { color: $dim; }
    Lines .lines--text { color: $foreground; }
    Lines .lines--title, Lines .lines--client { color: $foreground; text-style: bold; }
    Lines .lines--ours { color: $accent; text-style: bold italic; }
    Lines .lines--must { color: $error; text-style: bold; }
    Lines .lines--should { color: $warning; text-style: bold; }
    Lines .lines--kept { color: $success; }
    Lines .lines--cursor { background: $foreground 12%; }
    Lines:focus .lines--cursor { background: $primary 35%; }
    Lines .lines--marked { background: $accent 20%; }
    Lines .lines--head { color: $dim; text-style: bold; background: $panel; }
    Lines .lines--stream-0 { color: $stream-0; }
    Lines .lines--stream-1 { color: $stream-1; }
    Lines .lines--stream-2 { color: $stream-2; }
    Lines .lines--stream-3 { color: $stream-3; }
    Lines .lines--stream-4 { color: $stream-4; }
    Lines .lines--stream-5 { color: $stream-5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, tooltip="One line up"),
        Binding("down,j", "move(1)", "Down", show=False, tooltip="One line down"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A screenful up"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A screenful down"),
        Binding("home,g", "first", "First", show=False, tooltip="To the first line"),
        Binding("end,G", "last", "Last", show=False, tooltip="To the last line, and follow"),
        Binding("enter", "choose", "Go there", show=False, tooltip="Do what the line is for"),
    ]
    headed: ClassVar[bool] = False
    eager = False  # whether one click is enough

    def __init__(self, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self._inks: dict[str, Style] = {}

    @abstractmethod
    def how_many(self) -> int:
        """The number of lines."""

    @abstractmethod
    def parts_at(self, place: int) -> Iterable[Part]:
        """What a line says."""

    def heading(self) -> Iterable[Part]:
        """The line above all others, where there is one."""
        return ()

    @property
    def vacant(self) -> Sequence[str]:
        """What is said where there are no lines."""
        return ()

    @abstractmethod
    def here(self) -> int | None:
        """The line that the cursor is on."""

    @abstractmethod
    def go(self, place: int) -> None:
        """Put the cursor on a line that is there."""

    def meant(self, place: int) -> int | None:
        """The line that a click on a line is for."""
        return place

    def is_marked(self, place: int) -> bool:  # noqa: ARG002
        """Whether the user has marked a line."""
        return False

    def measure(self) -> None:
        """Tell the scroll bar how many lines there are."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.how_many() + self.headed)

    def on_resize(self) -> None:
        """Another width, or seen for the first time."""
        self.measure()

    def reveal(self, place: int) -> None:
        """Scroll as little as needed to show a line."""
        top, page = self.scroll_offset.y, max(1, self.scrollable_content_region.height - self.headed)
        if place < top:
            self.scroll_to(y=place, animate=False, force=True)
        elif place >= top + page:
            self.scroll_to(y=place - page + 1, animate=False, force=True)

    def ink(self, name: str) -> Style:
        """An ink as a style, mixed with the background where it is not opaque."""
        if name not in self._inks:
            styles, back = self.get_component_styles(f"lines--{name}"), self.background_colors[1]
            fore = (back + styles.color).rich_color if styles.has_rule("color") else None
            under = (back + styles.background).rich_color if styles.has_rule("background") else None
            self._inks[name] = Style.from_color(fore, under) + styles.text_style
        return self._inks[name]

    def notify_style_update(self) -> None:
        """Another theme, or the focus has come or gone."""
        self._inks.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line on the screen."""
        width = self.scrollable_content_region.width
        if self.headed and y == 0:
            return self._strip(self.heading(), self.ink("head"), width, " ")
        place = self.scroll_offset.y + y - self.headed
        base = self.rich_style
        if not self.how_many():
            return self._excuse(place, base, width)
        if not 0 <= place < self.how_many():
            return Strip.blank(width, base)
        if place == self.here():
            return self._strip(self.parts_at(place), base + self.ink("cursor"), width, self.glyphs.cursor)
        if self.is_marked(place):
            return self._strip(self.parts_at(place), base + self.ink("marked"), width, self.glyphs.mark)
        return self._strip(self.parts_at(place), base, width, " ")

    def _excuse(self, place: int, base: Style, width: int) -> Strip:
        """Where there are no lines, what is said instead, below an empty line."""
        said = [(text, "text" if at else "title") for at, text in enumerate(self.vacant)]
        lines = [(part, ink) for text, ink in said for part in textwrap.wrap(text, max(10, width - 4)) or [""]]
        parts = (("  ", ""), lines[place - 1]) if 1 <= place <= len(lines) else ()
        return self._strip(parts, base, width, " ")

    def _strip(self, parts: Iterable[Part], base: Style, width: int, gutter: str) -> Strip:
        segments = [Segment(gutter, base + self.ink("client"))]
        segments += [Segment(self._safe(text), base + self.ink(ink) if ink else base) for text, ink in parts]
        strip = Strip(segments)
        if strip.cell_length > width:
            strip = Strip([*strip.crop(0, width - 1), Segment(self.glyphs.more, base)])
        return strip.extend_cell_length(width, base)

    def _safe(self, text: str) -> str:
        """One line, in which nothing moves the terminal's cursor."""
        return visible(text).replace("\n", " ").replace("\t", " ").replace("…", self.glyphs.more)

    def action_move(self, step: int) -> None:
        """Up and down."""
        last = self.how_many() - 1
        if last >= 0:
            here = self.here()
            self.go(min(max(0, (here if here is not None else -1) + step), last))

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        self.action_move(step * max(1, self.scrollable_content_region.height - 2))

    def action_first(self) -> None:
        """To the first line."""
        if self.how_many():
            self.go(0)

    def action_last(self) -> None:
        """To the last line."""
        if self.how_many():
            self.go(self.how_many() - 1)

    def action_choose(self) -> None:
        """Do what the line is for."""

    def on_click(self, event: Click) -> None:
        """The mouse puts the cursor on a line; twice, and it is chosen."""
        place = event.y - self.headed + self.scroll_offset.y
        meant = self.meant(place) if event.y >= self.headed and 0 <= place < self.how_many() else None
        if meant is not None:
            self.go(meant)
            if event.chain > 1 or self.eager:
                self.action_choose()
