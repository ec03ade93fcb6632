"""The titles of panes. Textual would read markup in them, and strangers give some of their words."""

from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from conformance.report.text import visible

_CORNERS = 6  # columns of an edge that no text can have


class Frame(Container):
    """A pane with a frame around it, which may have the screen for itself."""

    ALLOW_MAXIMIZE = True


def harmless(widget: Widget, text: str) -> str:
    """A text in which nothing moves the terminal's cursor, nor asks for signs that it may not have."""
    safe = visible(text)
    return safe.replace("…", "~") if widget.app.has_class("ascii") else safe


def _fitting(frame: Widget, text: str) -> Content:
    """A text that fits into an edge; where it does not, Textual would end it with a sign that is not ASCII."""
    safe, room = harmless(frame, text), (frame.size.width or frame.app.size.width) - _CORNERS
    is_long = frame.app.has_class("ascii") and 0 < room < len(safe)
    return Content(f"{safe[: room - 1]}~" if is_long else safe)


def entitle(frame: Widget, title: str) -> None:
    """Say in the upper edge of a frame what is in it."""
    frame.border_title = _fitting(frame, title)


def note(frame: Widget, text: str) -> None:
    """Say something in the lower edge of a frame."""
    frame.border_subtitle = _fitting(frame, text)
