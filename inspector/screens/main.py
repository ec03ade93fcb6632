"""The screen around all views: what is on top and below, and what the keys do."""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input

from conformance.report.text import visible
from inspector.filters import filter_of
from inspector.glyphs import Glyphs
from inspector.model.nouns import LiveStream, Row
from inspector.screens.deeds import Deeds
from inspector.screens.home import HomeView
from inspector.screens.messages import MessagesView
from inspector.screens.overview import GoTo, Overview
from inspector.screens.overviews import HungView, RulesView, SessionsView, ViolationsView
from inspector.screens.rates import RatesView
from inspector.screens.walking import Walking
from inspector.source import Recorder, Seekable, Source
from inspector.widgets.keys import Finder, Keys
from inspector.widgets.lines import Lines
from inspector.widgets.listing import Listing
from inspector.widgets.rowlist import RowList
from inspector.widgets.scrub import Scrub
from inspector.widgets.top import Tabs, TopLine

View: TypeAlias = HomeView | MessagesView | Overview | RatesView
_NAMES = ("Lanes", "Messages", "Sessions", "Violations", "Rates", "Rules", "Hung")
_HINT = "words, or session: stream: method: kind: rule: id: from:"
_NARROW, _MEDIUM, _LOW = 100, 140, 30  # columns, and lines, below which panes are left out
_FRAMES, _SLOW = 1 / 15, 1 / 3  # seconds
_OVERDUE = 5.0  # seconds for which a call may wait, before it counts as hanging


class Main(Walking, Deeds, Screen[None]):
    """Seven views of the same traffic."""

    AUTO_FOCUS = "Lanes"
    ESCAPE_TO_MINIMIZE = False  # `back` does it
    ALLOW_IN_MAXIMIZED_VIEW = "#head, Keys, Finder, Scrub"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(digit), f"view({digit})", name, show=False, tooltip=f"Go to: {name}")
            for digit, name in enumerate(_NAMES, 1)
        ),
        Binding("space", "pause", "Pause", tooltip="Stop the picture; what comes is kept"),
        Binding("f", "follow", "Follow", tooltip="Keep to the newest row"),
        Binding(
            "slash", "filter", "Filter", key_display="/", priority=True, tooltip="Show only what matches, in words"
        ),  # with priority it is done before the next key is looked at, however fast somebody types
        *Walking.KEYS,
        Binding("z", "zoom", "Zoom", tooltip="One pane alone, or all again"),
        *Deeds.KEYS,
        Binding("escape", "back", "Back", show=False, tooltip="Give up the filter, else back to the list"),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="All keys and signs"),
        Binding("q", "app.quit", "Quit", tooltip="End the proxy, and leave"),
    ]

    def __init__(self, source: Source, glyphs: Glyphs, recorder: Recorder | None = None) -> None:
        super().__init__()
        self.source = source
        self.glyphs = glyphs
        self.recorder = recorder
        self.paused = False
        self._seen = 0

    def compose(self) -> ComposeResult:
        """Two lines on top, one view, what filters and scrubs, the keys."""
        source, glyphs = self.source, self.glyphs
        with Vertical(id="head"):
            yield TopLine(source, self.recorder, glyphs, id="top")
            yield Tabs(_NAMES, id="tabs")
        with ContentSwitcher(initial="view-1", id="views"):
            yield HomeView(source, glyphs, id="view-1")
            yield MessagesView(source, glyphs, id="view-2")
            yield SessionsView(source, glyphs, id="view-3")
            yield ViolationsView(source, glyphs, id="view-4")
            yield RatesView(source, glyphs, id="view-5")
            yield RulesView(source, glyphs, id="view-6")
            yield HungView(source, glyphs, id="view-7")
        yield Finder(placeholder=_HINT, id="finder", compact=True)
        if isinstance(source, Seekable):
            yield Scrub(source, glyphs, id="scrub")
        yield Keys(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Start the clocks of the picture."""
        self.query_one("#finder").display = False
        self.set_interval(_FRAMES, self.frame)
        self.set_interval(_SLOW, self.catch_up)
        self.catch_up()

    @property
    def home(self) -> HomeView:
        """The first view."""
        home: HomeView = self.query_one(HomeView)
        return home

    @property
    def view(self) -> View:
        """The view that is seen."""
        view = self.query_one("#views", ContentSwitcher).visible_content
        assert isinstance(view, HomeView | MessagesView | Overview | RatesView)
        return view

    @property
    def rows(self) -> RowList:
        """The rows that keys are about: those on the screen, else those of the lanes."""
        view = self.view
        return view.rows if isinstance(view, HomeView | MessagesView) else self.home.rows

    def on_resize(self, event: Resize) -> None:
        """Small terminals show fewer panes."""
        self.set_class(event.size.width < _NARROW, "narrow")
        self.set_class(_NARROW <= event.size.width < _MEDIUM, "medium")
        self.set_class(event.size.height < _LOW, "low")

    @property
    def _list(self) -> Lines:
        """What has the keys of this view."""
        view = self.view
        found: Lines = view.rows if isinstance(view, HomeView | MessagesView) else view.query_one(Listing)
        return found

    def frame(self) -> None:
        """Show new rows. Called many times a second."""
        view = self.view
        if not self.paused and isinstance(view, HomeView | MessagesView):
            view.frame()

    def catch_up(self) -> None:
        """Show what has changed in the view that is seen, and on top."""
        feed = self.source.feed
        if not self.paused:
            self._seen = feed.rows.next_number
            self.view.catch_up()
        self.query_one(TopLine).catch_up(self.paused, max(0, feed.rows.next_number - self._seen))
        overdue = self.source.now() - _OVERDUE
        hung = sum(call.started < overdue for session in feed.sessions for call in session.pending)
        tabs = self.query_one(Tabs)
        tabs.badges = (0, 0, 0, len(feed.violations), 0, 0, hung)
        tabs.grave = any(violation.level == "MUST" for violation in feed.violations)
        for scrub in self.query(Scrub):
            scrub.catch_up()

    def action_view(self, digit: int) -> None:
        """Show another view."""
        self.query_one("#views", ContentSwitcher).current = f"view-{digit}"
        self.query_one(Tabs).chosen = digit
        view = self.view
        if not self.paused:
            view.catch_up()
        self._unzoom()

    def on_tabs_clicked(self, event: Tabs.Clicked) -> None:
        """The mouse goes there too."""
        self.action_view(event.digit)

    def on_go_to(self, event: GoTo) -> None:
        """Show a row among its lanes."""
        row = self.source.feed.rows.get(event.number)
        if row is None:
            self.tell("that is not kept any more")
            return
        self.action_view(1)
        self.go_to(row)

    def go_to(self, row: Row) -> None:
        """Show a row in this view, even if the filter does not want it."""
        view = self.view if isinstance(self.view, HomeView | MessagesView) else self.home
        if not view.rows.wanted.matches(row):
            self.query_one("#finder", Input).value = ""
            self._narrow("")
        view.go_to(row)

    def action_pause(self) -> None:
        """Stop the picture, or let it go on."""
        self.paused = not self.paused
        self.catch_up()

    def action_follow(self) -> None:
        """To the newest row, and on with it."""
        self.paused = False
        self.rows.action_last()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A slash in a filter is a slash."""
        return action != "filter" or not isinstance(self.focused, Input)

    def action_filter(self) -> None:
        """Type what is wanted."""
        if not isinstance(self.view, HomeView | MessagesView):
            self.action_view(2)
        finder = self.query_one("#finder", Input)
        finder.display = True
        self.set_focus(finder)  # at once: the next key is for it already

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show at once what matches."""
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        wanted = filter_of(text)
        self.home.narrow(wanted, text)
        self.query_one(MessagesView).narrow(wanted, text)

    def on_input_submitted(self) -> None:
        """The filter stays, and the rows have the keys again."""
        self.query_one("#finder").display = False
        self.set_focus(self.rows)

    def action_back(self) -> None:
        """Give up the filter, else the zoom: back to the list."""
        finder = self.query_one("#finder", Input)
        if finder.display or finder.value:
            finder.value = ""
            finder.display = False
            self.set_focus(self.rows)
        else:
            self._unzoom()

    def _unzoom(self) -> None:
        """All panes again. The list has the focus first: what is hidden while it has it would leave it to nobody."""
        self.set_focus(self._list)
        self.call_after_refresh(self.minimize)

    def action_zoom(self) -> None:
        """The pane in which the cursor is, alone."""
        if self.maximized is not None:
            self._unzoom()
            return
        focused = self.focused or self.rows
        frame = next((node for node in focused.ancestors_with_self if node.has_class("framed")), None)
        if isinstance(frame, Widget):
            self.maximize(frame, container=False)

    def tell(self, sentence: str) -> None:
        """Say something in a corner."""
        self.notify(visible(sentence), markup=False)

    def stream_here(self) -> LiveStream | None:
        """The stream of the row under the cursor."""
        row = self.rows.row
        return row.stream if row is not None else None

    def keys(self) -> Mapping[str, str]:
        """All keys of this screen, and what they do."""
        bindings = [each for each in self.BINDINGS if isinstance(each, Binding)]
        return {each.key_display or each.key: each.tooltip or each.description for each in bindings}
