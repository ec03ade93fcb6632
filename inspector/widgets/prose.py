"""A pane of text that scrolls: parts of text in inks, one after another. Nothing in them is ever interpreted."""

from collections.abc import Iterable, Iterator, Mapping

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from inspector.widgets.frames import harmless
from inspector.widgets.lines import HUES, Part

STYLES: Mapping[str, str] = {
    "": "",
    "dim": "$dim",
    "text": "",
    "title": "bold",
    "client": "bold",
    "head": "bold $dim",
    "ours": "bold italic $accent",
    "must": "bold $error",
    "should": "bold $warning",
    "kept": "$success",
    "link": "underline $foreground 70%",
    **{f"stream-{hue}": f"$stream-{hue}" for hue in range(HUES)},
}


class Prose(VerticalScroll):
    """What is to be read about one thing."""

    can_focus = True

    DEFAULT_CSS = """
    Prose { background: $surface; padding: 0 1; scrollbar-size: 1 1; }
    Prose Static { width: 1fr; height: auto; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._body = Static(markup=False)
        self.told = ""

    def compose(self) -> Iterator[Static]:
        """The text."""
        yield self._body

    def tell(self, parts: Iterable[Part], stay: bool = False) -> None:
        """Show another text; `told` is what it says. With `stay` it may be scrolled, because it is about the same."""
        content = Content.assemble(*((harmless(self, text), STYLES[ink]) for text, ink in parts))
        if content.plain != self.told:
            self.told = content.plain
            self._body.update(content)
        if not stay:
            self.scroll_home(animate=False)
