"""What screens 3 to 7 have in common: a list of things, and what is to be read about the one under the cursor."""

from abc import abstractmethod
from collections.abc import Hashable, Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from inspector.glyphs import Glyphs
from inspector.source import Source
from inspector.widgets.frames import Frame, entitle, note
from inspector.widgets.lines import Part
from inspector.widgets.listing import Line, Listing
from inspector.widgets.prose import Prose


class GoTo(Message):
    """Somebody wants to see a row among its lanes."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__()


class Overview(Horizontal):
    """A list, and a pane beside it. `caption` stands in the frame of the list, `vacant` in it when it is empty."""

    caption = ""
    vacant: Sequence[str] = ()

    def __init__(self, source: Source, glyphs: Glyphs, id: str) -> None:
        super().__init__(id=id, classes="overview")
        self.source = source
        self.glyphs = glyphs
        self._state: object = None

    def compose(self) -> ComposeResult:
        """List and pane."""
        with Frame(classes="framed wide"):
            yield Listing(self.glyphs, vacant=self.vacant)
        with Frame(classes="framed aside"):
            yield Prose()

    def on_mount(self) -> None:
        """The frames have titles."""
        entitle(self.query_one(".wide"), self.caption)
        entitle(self.query_one(".aside"), "About")

    def state(self) -> object:
        """What the list depends on: as long as it is equal, the list stays as it is."""
        return object()

    @abstractmethod
    def entries(self) -> Sequence[Line]:
        """The lines of the list."""

    @abstractmethod
    def about(self, key: Hashable) -> Iterable[Part]:
        """What there is to be read about a thing."""

    @abstractmethod
    def row_of(self, key: Hashable) -> int | None:
        """Where to see a thing among the lanes."""

    def subtitle(self) -> str:
        """What stands in the lower edge of the list's frame."""
        return ""

    def catch_up(self) -> None:
        """Show what has changed. Called a few times a second while it can be seen."""
        listing, state = self.query_one(Listing), self.state()
        if state != self._state:
            self._state = state
            listing.fill(self.entries())
            note(self.query_one(".wide"), self.subtitle())
        self._tell(listing.pointed, stay=True)

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        """Another thing is under the cursor."""
        event.stop()
        self._tell(event.key, stay=False)

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Go and see it."""
        event.stop()
        number = self.row_of(event.key)
        if number is not None:
            self.post_message(GoTo(number))

    def _tell(self, key: Hashable, stay: bool) -> None:
        self.query_one(Prose).tell(self.about(key) if key is not None else (), stay)
