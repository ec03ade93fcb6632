"""How much goes over the wire, in pictures of the last minutes, and how long answers take."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

from conformance.report.text import count, duration, size
from inspector.glyphs import Glyphs
from inspector.model.feed import Feed
from inspector.model.nouns import LiveStream
from inspector.model.rates import SECONDS
from inspector.source import Source
from inspector.widgets.flat import hue
from inspector.widgets.lines import Part, fit
from inspector.widgets.listing import Line
from inspector.widgets.prose import STYLES

_AXIS = 12  # columns beside a picture
_LEAST = 15  # seconds that a picture shows


class RatesPane(Static):
    """Messages and bytes a second, latencies, what is pending; `height` is that of each picture, in lines."""

    DEFAULT_CSS = """
    RatesPane { background: $surface; padding: 0 1; height: auto; }
    """

    def __init__(self, source: Source, glyphs: Glyphs, tall: int = 1, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.source = source
        self.glyphs = glyphs
        self.tall = tall
        self.told = ""

    def catch_up(self) -> None:
        """Show what has changed."""
        content = Content.assemble(*((text, STYLES[ink]) for text, ink in self._parts()))
        if content.plain != self.told:
            self.told = content.plain
            self.update(content)

    def _parts(self) -> Iterator[Part]:
        feed, width = self.source.feed, max(8, self.content_size.width - 2 * _AXIS)
        messages, volumes = feed.rates.per_second(self.source.now())
        seconds = min(width, SECONDS, max(_LEAST, int(self.source.now()) + 1))
        wide = width // seconds
        yield from self._picture("messages", messages[-seconds:], wide, f"{messages[-2]:,}/s", "stream-0")
        yield from self._picture("bytes", volumes[-seconds:], wide, f"{size(volumes[-2])}/s", "stream-3")
        half, most = feed.rates.percentile(0.5), feed.rates.percentile(0.99)
        yield f"{'latency':<{_AXIS}}", "dim"
        known = half is not None and most is not None
        yield f"p50 {duration(half or 0)}  p99 {duration(most or 0)}\n" if known else "-\n", "text"
        yield f"{'pending':<{_AXIS}}", "dim"
        yield f"{count(_pending(feed), 'call')}, {count(len(list(open_streams(feed))), 'open stream')}", "text"

    def _picture(self, name: str, values: Sequence[int], wide: int, last: str, ink: str) -> Iterator[Part]:
        for line, bars in enumerate(_bars(values, self.tall, wide, self.glyphs.bars)):
            bottom = line == self.tall - 1
            label = name if line == 0 else f"max {max(values):,}" if bottom and self.tall > 1 else ""
            yield f"{label:<{_AXIS}}", "dim"
            yield bars, ink
            yield f" {last}\n" if bottom else "\n", "title"
        if self.tall > 1:
            yield "\n", ""


def stream_rates(feed: Feed, now: float, glyphs: Glyphs) -> Iterator[Line]:
    """Each open stream with its rates, the busiest first; then those that were the busiest."""
    streams = [stream for session in feed.sessions for stream in session.streams]
    paced = sorted(
        ((*stream.pulse.per_second(now), stream) for stream in streams),
        key=lambda entry: (entry[2].state != "open", -entry[0], -entry[2].events),
    )
    for events, volume, stream in paced[:500]:
        parts: tuple[Part, ...] = (
            (f"{glyphs.live if stream.state == 'open' else glyphs.ended} ", hue(stream.number, stream.primary)),
            (f"{fit(stream.session.shown_id, 8)}{fit(stream.name, 11)}", hue(stream.number, stream.primary)),
            (f"{events:>8.1f}/s {size(int(volume)):>10}/s", "title" if events else "dim"),
            (f"{count(stream.events, 'event'):>14} {size(stream.bytes):>10}", "text"),
            (f"   silent for {duration(max(0.0, now - stream.last_at))}" if stream.state == "open" else "", "dim"),
        )
        yield Line(stream, parts)


def open_streams(feed: Feed) -> Iterator[LiveStream]:
    """All streams that have a connection now."""
    return (s for session in feed.sessions for s in session.in_lane.values() if s.state == "open")


def _pending(feed: Feed) -> int:
    return sum(len(session.pending) for session in feed.sessions)


def _bars(values: Sequence[int], tall: int, wide: int, signs: str) -> Iterator[str]:
    """A picture of so many lines, the top one first, and so many columns for each value."""
    most, steps = max(values, default=0) or 1, len(signs)
    filled = [max(1, round(value / most * tall * steps)) if value else 0 for value in values]
    for line in range(tall - 1, -1, -1):
        parts = (min(steps, max(0, height - line * steps)) for height in filled)
        yield "".join((signs[part - 1] if part else signs[0] if line == 0 else " ") * wide for part in parts)
