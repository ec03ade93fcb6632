"""The last line: what the keys do; a click does it too."""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Footer, Input
from textual.widgets._footer import FooterKey

_SPARE = ("follow", "partner", "zoom", "export")  # for which narrow terminals have no room; help names them all


class Keys(Footer):
    """The keys of whatever has the focus, and of the screen."""

    def compose(self) -> Iterator[Widget]:
        """One after another, the less important ones marked."""
        for widget in super().compose():
            if isinstance(widget, FooterKey):
                widget.set_class(widget.action.partition("(")[0] in _SPARE, "spare")
            yield widget


class Finder(Input):
    """Where a filter is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep the filter", key_display="enter", tooltip="Go on with these rows"),
        Binding("escape", "screen.back", "Give it up", key_display="escape", tooltip="All rows again"),
    ]
