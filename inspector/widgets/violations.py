"""What broke the rules, the newest last: rule, party, what was seen, and where to go to see it."""

from typing import ClassVar

from rich.text import Text
from textual.message import Message as TextualMessage
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from conformance.report.text import short
from inspector.feed import Feed
from inspector.glyphs import UNICODE, Glyphs
from inspector.model import Violation

_SHOWN = 500


class Violations(OptionList):
    """The latest violations."""

    DEFAULT_CSS = """
    Violations { border: none; padding: 0; background: $surface; height: 1fr; }
    """
    BORDER_TITLE: ClassVar[str] = "Violations"

    class Chosen(TextualMessage):
        """Somebody wants to see where it was."""

        def __init__(self, violation: Violation) -> None:
            self.violation = violation
            super().__init__()

    def __init__(self, feed: Feed, glyphs: Glyphs = UNICODE, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.feed = feed
        self.glyphs = glyphs
        self._shown: list[Violation] = []

    def catch_up(self) -> None:
        """Show what has changed. Called a few times a second."""
        wanted = self.feed.violations[-_SHOWN:]
        if wanted == self._shown:
            return
        if self._shown and wanted[: len(self._shown)] == self._shown:
            self.add_options(Option(self._text(each)) for each in wanted[len(self._shown) :])
        else:
            self.clear_options()
            self.add_options(Option(self._text(each)) for each in wanted)
        self._shown = list(wanted)
        if not self.has_focus:
            self.scroll_end(animate=False)

    def _text(self, violation: Violation) -> Text:
        must = violation.level == "MUST"
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{self.glyphs.must if must else self.glyphs.should} ", "bold red" if must else "yellow")
        text.append(f"{violation.at:9.3f}  ", "dim")
        text.append(f"{violation.key:<24} ", "bold")
        text.append(f"{violation.party:<7} {violation.revision}  ", "dim")
        text.append(short(violation.seen, 300))
        return text

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click: go there."""
        event.stop()
        self.post_message(self.Chosen(self._shown[event.option_index]))
