"""All messages of all sessions in one list, beside it the one under the cursor."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from inspector.filters import Filter
from inspector.glyphs import Glyphs
from inspector.model.nouns import Row
from inspector.screens.overview import GoTo
from inspector.source import Source
from inspector.widgets.flat import Flat
from inspector.widgets.frames import Frame, entitle, note
from inspector.widgets.message import MessagePane


class MessagesView(Horizontal):
    """Flat, and made for filters."""

    def __init__(self, source: Source, glyphs: Glyphs, id: str) -> None:
        super().__init__(id=id, classes="overview")
        self.source = source
        self.glyphs = glyphs
        self._filter = ""

    def compose(self) -> ComposeResult:
        """List and message."""
        with Frame(classes="framed wide"):
            yield Flat(self.source, self.glyphs)
        with Frame(classes="framed aside"):
            yield MessagePane(self.glyphs)

    def on_mount(self) -> None:
        """The frames have titles."""
        entitle(self.query_one(".wide"), "Messages of all sessions")
        entitle(self.query_one(".aside"), "Message")

    @property
    def rows(self) -> Flat:
        """The rows that keys are about."""
        rows: Flat = self.query_one(Flat)
        return rows

    def frame(self) -> None:
        """Show new rows. Called many times a second."""
        self.rows.catch_up()

    def catch_up(self) -> None:
        """Show what has changed. Called a few times a second."""
        self.query_one(MessagePane).show(self.rows.row)
        entitle(self.query_one(".wide"), f"Messages of all sessions{'  follow' if self.rows.follow else ''}")
        self.rows.freshen()
        self._note()

    def narrow(self, wanted: Filter, text: str) -> None:
        """Show only rows that a filter wants."""
        self._filter = text if wanted else ""
        self.rows.narrow(wanted)
        self._note()

    def _note(self) -> None:
        note(self.query_one(".wide"), f"filter: {self._filter}  ({self.rows.tally})" if self._filter else "")

    def go_to(self, row: Row) -> None:
        """Show a row."""
        self.rows.go_to(row.number)

    def on_row_list_chosen(self, event: Flat.Chosen) -> None:
        """The pane follows the cursor at once, unless the cursor follows the traffic."""
        event.stop()
        if not self.rows.follow:
            self.query_one(MessagePane).show(event.row)

    def on_row_list_opened(self, event: Flat.Opened) -> None:
        """Among its lanes."""
        event.stop()
        self.post_message(GoTo(event.number))
