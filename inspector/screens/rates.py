"""Rates: pictures of the last two minutes, and each stream with its own."""

from textual.app import ComposeResult
from textual.containers import Vertical

from inspector.glyphs import Glyphs
from inspector.model.nouns import LiveStream
from inspector.screens.overview import GoTo
from inspector.source import Source
from inspector.widgets.frames import Frame, entitle
from inspector.widgets.listing import Listing
from inspector.widgets.rates import RatesPane, stream_rates

_TALL, _FLAT = 5, 2  # lines of a picture
_HIGH = 30  # lines of a terminal that has room for tall ones


class RatesView(Vertical):
    """All together, and stream by stream."""

    def __init__(self, source: Source, glyphs: Glyphs, id: str) -> None:
        super().__init__(id=id, classes="overview")
        self.source = source
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Pictures above, streams below."""
        with Frame(classes="framed fitting"):
            yield RatesPane(self.source, self.glyphs, _TALL)
        with Frame(classes="framed wide"):
            yield Listing(self.glyphs, vacant=("no stream yet",))

    def on_mount(self) -> None:
        """The frames have titles."""
        entitle(self.query_one(".fitting"), "Rates of the last two minutes")
        entitle(self.query_one(".wide"), "Streams, the busiest first")

    def catch_up(self) -> None:
        """Show what has changed."""
        pane = self.query_one(RatesPane)
        pane.tall = _TALL if self.app.size.height >= _HIGH else _FLAT
        pane.catch_up()
        self.query_one(Listing).fill(list(stream_rates(self.source.feed, self.source.now(), self.glyphs)))

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        """There is nothing more to be read about a stream here."""
        event.stop()

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """Go to where the stream begins."""
        event.stop()
        if isinstance(event.key, LiveStream):
            self.post_message(GoTo(event.key.opened_row))
