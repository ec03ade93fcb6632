"""The titles of panes. Textual would read markup in them, and strangers give some of their words."""

from textual.content import Content
from textual.widget import Widget


def entitle(frame: Widget, title: str) -> None:
    """Say in the upper edge of a frame what is in it."""
    frame.border_title = Content(title)


def note(frame: Widget, text: str) -> None:
    """Say something in the lower edge of a frame."""
    frame.border_subtitle = Content(text)
