"""The titles of panes. Textual would read markup in them, and strangers give some of their words."""

from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from conformance.report.text import visible


class Frame(Container):
    """A pane with a frame around it, which may have the screen for itself."""

    ALLOW_MAXIMIZE = True


def harmless(widget: Widget, text: str) -> str:
    """A text in which nothing moves the terminal's cursor, nor asks for signs that it may not have."""
    safe = visible(text)
    return safe.replace("…", "~") if widget.app.has_class("ascii") else safe


def entitle(frame: Widget, title: str) -> None:
    """Say in the upper edge of a frame what is in it."""
    frame.border_title = Content(harmless(frame, title))


def note(frame: Widget, text: str) -> None:
    """Say something in the lower edge of a frame."""
    frame.border_subtitle = Content(harmless(frame, text))
