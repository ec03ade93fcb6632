"""The home screen: sessions, lanes, the message under the cursor, violations and rates, all at once."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Footer

from inspector.glyphs import Glyphs
from inspector.model import LiveSession
from inspector.source import Source
from inspector.widgets.lanes import Lanes
from inspector.widgets.message import MessagePane
from inspector.widgets.rates import RatesPane
from inspector.widgets.sessions import SessionTree
from inspector.widgets.top import TopLine
from inspector.widgets.violations import Violations

_NARROW, _MEDIUM = 100, 140  # columns below which panes are left out


class Home(Screen[None]):
    """Everything at a glance."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", tooltip="Stop the picture; what comes is kept"),
        Binding("f", "follow", "Follow", tooltip="Keep to the newest row"),
        Binding("n", "next_violation(1)", "Next ✗", tooltip="Go to the next row that broke a rule"),
        Binding("N", "next_violation(-1)", "Previous ✗", show=False),
        Binding("p", "partner", "Partner", tooltip="From a request to its response, and back"),
        Binding("left_square_bracket", "same_stream(-1)", "Previous on stream", show=False),
        Binding("right_square_bracket", "same_stream(1)", "Next on stream", show=False),
        Binding("m", "mark", "Mark", tooltip="Mark this row"),
        Binding("a", "all", "All", tooltip="Rows of all sessions, or of this one"),
    ]

    def __init__(self, source: Source, glyphs: Glyphs) -> None:
        super().__init__()
        self.source = source
        self.glyphs = glyphs
        self.paused = False
        self._missed = 0

    def compose(self) -> ComposeResult:
        feed, glyphs = self.source.feed, self.glyphs
        yield TopLine(self.source, glyphs, id="top")
        with Horizontal(id="upper"):
            with Container(id="left"):
                yield SessionTree(feed, glyphs)
            with Container(id="middle"):
                yield Lanes(feed, glyphs)
            with Container(id="right"):
                yield MessagePane()
        with Horizontal(id="lower"):
            with Container(id="low-left"):
                yield Violations(feed, glyphs)
            with Container(id="low-right"):
                yield RatesPane(feed)
        yield Footer()

    def on_mount(self) -> None:
        for name, title in (("left", "Sessions"), ("middle", "Lanes"), ("right", "Message")):
            self.query_one(f"#{name}").border_title = title
        self.query_one("#low-left").border_title = "Violations"
        self.query_one("#low-right").border_title = "Rates"
        self.query_one(Lanes).focus()
        self.set_interval(1 / 15, self._frame)
        self.set_interval(1 / 3, self._slow_frame)
        self._slow_frame()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < _NARROW, "narrow")
        self.set_class(_NARROW <= event.size.width < _MEDIUM, "medium")

    def _frame(self) -> None:
        lanes = self.query_one(Lanes)
        if self.paused:
            return
        if lanes.session is None and not self._all and len(self.source.feed.sessions):
            self._show(next(iter(self.source.feed.sessions)))
        if lanes.catch_up():
            lanes.refresh()

    _all = False

    def _slow_frame(self) -> None:
        if not self.paused:
            self.query_one(SessionTree).catch_up()
            self.query_one(Violations).catch_up()
            self.query_one(RatesPane).catch_up(self.source.now())
            self.query_one(Lanes).refresh()
        self.query_one(TopLine).catch_up(self.paused)

    def _show(self, session: LiveSession | None) -> None:
        self.query_one(Lanes).show(session)
        name = "all sessions" if session is None else f"{session.shown_id}  {session.client_name or session.client}"
        revision = session.revision if session is not None else ""
        self.query_one("#middle").border_title = f"Lanes  {name}  {revision}"
        self.query_one(Lanes).refresh()

    def on_session_tree_chosen(self, event: SessionTree.Chosen) -> None:
        self._all = False
        if self.query_one(Lanes).session is not event.session:
            self._show(event.session)
        if event.stream is not None:
            self.query_one(Lanes).go_to(event.stream.opened_row)

    def on_lanes_chosen(self, event: Lanes.Chosen) -> None:
        self.query_one(MessagePane).show(event.row)

    def on_violations_chosen(self, event: Violations.Chosen) -> None:
        row = self.source.feed.rows.get(event.violation.row) if event.violation.row is not None else None
        if row is not None:
            if self.query_one(Lanes).session is not row.session:
                self._show(row.session)
            self.query_one(Lanes).go_to(row.number)

    def action_pause(self) -> None:
        self.paused = not self.paused

    def action_follow(self) -> None:
        self.query_one(Lanes).action_last()

    def action_all(self) -> None:
        """Show all sessions at once, or go back to that of the row under the cursor."""
        lanes = self.query_one(Lanes)
        self._all = not self._all
        row = self.source.feed.rows.get(lanes.cursor) if lanes.cursor is not None else None
        self._show(None if self._all else row.session if row else None)

    def action_mark(self) -> None:
        lanes = self.query_one(Lanes)
        if lanes.cursor is not None:
            lanes.marked ^= {lanes.cursor}
            lanes.refresh()

    def action_partner(self) -> None:
        """From a request to its response and back; from progress to its call."""
        lanes = self.query_one(Lanes)
        row = self.source.feed.rows.get(lanes.cursor) if lanes.cursor is not None else None
        if row is None:
            return
        partner = row.partner if row.partner is not None else row.owner.row if row.owner else None
        if partner is not None and partner != row.number:
            lanes.go_to(partner)

    def action_next_violation(self, step: int) -> None:
        """The next row that broke a rule, or the one before."""
        self._go(step, lambda row: bool(row.marks))

    def action_same_stream(self, step: int) -> None:
        """The next row on the same stream, or the one before."""
        lanes = self.query_one(Lanes)
        here = self.source.feed.rows.get(lanes.cursor) if lanes.cursor is not None else None
        if here is not None and here.stream is not None:
            self._go(step, lambda row: row.stream is here.stream)

    def _go(self, step: int, wanted: object) -> None:
        lanes = self.query_one(Lanes)
        assert callable(wanted)
        numbers = [n for n in lanes.index if (row := self.source.feed.rows.get(n)) is not None and wanted(row)]
        here = lanes.cursor if lanes.cursor is not None else -1
        after = [n for n in numbers if (n > here if step > 0 else n < here)]
        if after:
            lanes.go_to(after[0] if step > 0 else after[-1])
