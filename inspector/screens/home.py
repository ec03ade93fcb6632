"""The home screen: sessions, lanes, the message under the cursor, violations and rates, all at once."""

from collections.abc import Hashable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from inspector.filters import Filter
from inspector.glyphs import Glyphs
from inspector.model.nouns import LiveSession, LiveStream, Row, Violation
from inspector.screens.overview import GoTo
from inspector.source import Source
from inspector.widgets.frames import Frame, entitle, note
from inspector.widgets.lanes import Lanes
from inspector.widgets.listing import Listing
from inspector.widgets.message import MessagePane
from inspector.widgets.rates import RatesPane
from inspector.widgets.sessions import tree_lines, who
from inspector.widgets.violations import timeline


class HomeView(Vertical):
    """Everything at a glance. Until somebody chooses a session, it shows the one in which most is to be seen."""

    def __init__(self, source: Source, glyphs: Glyphs, id: str) -> None:
        super().__init__(id=id)
        self.source = source
        self.glyphs = glyphs
        self._chosen = False
        self._filter = ""
        self._told: object = None
        self._titled = ""

    def compose(self) -> ComposeResult:
        """Five panes; narrow terminals show fewer."""
        source, glyphs = self.source, self.glyphs
        with Horizontal(id="upper"):
            with Frame(id="left", classes="framed"):
                yield Listing(glyphs, id="tree", vacant=("no session yet",))
            with Frame(id="middle", classes="framed"):
                yield Lanes(source, glyphs)
            with Frame(id="right", classes="framed"):
                yield MessagePane(glyphs)
        with Horizontal(id="lower"):
            with Frame(id="low-left", classes="framed"):
                yield Listing(glyphs, id="broken", vacant=("no rule was broken",))
            with Frame(id="low-right", classes="framed"):
                yield RatesPane(source, glyphs)

    def on_mount(self) -> None:
        """The frames have titles."""
        titles = {
            "left": "Sessions",
            "middle": "Lanes",
            "right": "Message",
            "low-left": "Violations",
            "low-right": "Rates",
        }
        for name, title in titles.items():
            entitle(self.query_one(f"#{name}"), title)

    @property
    def rows(self) -> Lanes:
        """The rows that keys are about."""
        rows: Lanes = self.query_one(Lanes)
        return rows

    def frame(self) -> None:
        """Show new rows. Called many times a second."""
        if not self._chosen:
            self._choose_for_user()
        self.rows.catch_up()

    def catch_up(self) -> None:
        """Show what has changed. Called a few times a second."""
        lanes, feed = self.rows, self.source.feed
        self.query_one("#tree", Listing).fill(list(tree_lines(feed, self.glyphs, lanes.session)))
        if self._told != (told := (self.source.epoch, feed.verdicts)):
            self._told = told
            self.query_one("#broken", Listing).fill(timeline(feed, self.glyphs), follow=True)
        self.query_one(RatesPane).catch_up()
        self.query_one(MessagePane).show(lanes.row)
        self._title(lanes)
        lanes.freshen()
        self._note()

    def narrow(self, wanted: Filter, text: str) -> None:
        """Show only rows that a filter wants."""
        self._filter = text if wanted else ""
        self.rows.narrow(wanted)
        self._note()

    def show(self, session: LiveSession) -> None:
        """Show the lanes of a session."""
        if self.rows.session is not session:
            self.rows.show(session)
            self.catch_up()
            tree = self.query_one("#tree", Listing)
            if not tree.has_focus:
                tree.point(session)

    def go_to(self, row: Row) -> None:
        """Show a row among its lanes."""
        self._chosen = True
        self.show(row.session)
        self.rows.go_to(row.number)

    def on_row_list_chosen(self, event: Lanes.Chosen) -> None:
        """The pane follows the cursor at once, unless the cursor follows the traffic."""
        event.stop()
        if not self.rows.follow:
            self._chosen = True
            self.query_one(MessagePane).show(event.row)

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        """The lanes show the session under the cursor of the tree."""
        event.stop()
        if event.listing.id == "tree" and event.listing.has_focus:
            self._show(event.key)

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Go to a stream's beginning, or to what broke a rule."""
        event.stop()
        key = event.key
        number = key.row if isinstance(key, Violation) else key.opened_row if isinstance(key, LiveStream) else None
        if number is not None:
            self.post_message(GoTo(number))

    def on_row_list_opened(self, event: Lanes.Opened) -> None:
        """Read the message: beside the lanes, or where there is no room, instead of them."""
        event.stop()
        frame, pane = self.query_one("#right"), self.query_one(MessagePane)
        pane.show(self.rows.row)
        if not frame.display:
            self.screen.maximize(frame, container=False)
        self.call_after_refresh(pane.focus)

    def _note(self) -> None:
        note(self.query_one("#middle"), f"filter: {self._filter}  ({self.rows.tally})" if self._filter else "")

    def _show(self, key: Hashable) -> None:
        session = key.session if isinstance(key, LiveStream) else key
        if isinstance(session, LiveSession):
            self._chosen = True
            self.show(session)

    def _choose_for_user(self) -> None:
        """Live, the newest session in which somebody speaks; in a file, the first in which a rule was broken."""
        sessions = [session for session in self.source.feed.sessions if session.messages]
        if not sessions:
            return
        wanted = sessions[-1]
        if not self.source.live:
            wanted = next((s for s in sessions if any(v.level == "MUST" for v in s.violations)), sessions[0])
        self.show(wanted)

    def _title(self, lanes: Lanes) -> None:
        session = lanes.session
        if session is not None:
            name = session.shown_id if session.id else ""
            parts = ("Lanes", name, who(session), session.revision, "follow" if lanes.follow else "")
            title = "  ".join(part for part in parts if part)
            if title != self._titled:
                self._titled = title
                entitle(self.query_one("#middle"), title)
