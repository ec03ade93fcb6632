"""How much goes over the wire, in pictures of the last minutes, and how long answers take."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

from conformance.report.text import count, duration, size
from inspector.glyphs import Glyphs
from inspector.model.feed import Feed
from inspector.model.nouns import LiveStream
from inspector.model.rates import SECONDS, Rates
from inspector.proxy.delay import Delays
from inspector.source import Source
from inspector.widgets.flat import hue
from inspector.widgets.lines import Part, fit
from inspector.widgets.listing import Line
from inspector.widgets.prose import STYLES

_AXIS = 12  # columns beside a picture
_LEAST = 15  # seconds that a picture shows
_MANY = 100  # answers, from which one in a hundred is one
_BEHIND = 1.0  # seconds


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
        yield f"{'latency':<{_AXIS}}", "dim"
        yield f"{_latency(feed.rates, self.tall > 1)}\n", "text"
        yield f"{'pending':<{_AXIS}}", "dim"
        yield f"{count(_pending(feed), 'call')}, {count(len(list(open_streams(feed))), 'open stream')}", "text"
        if self.source.delays is not None:
            yield from _delay(self.source.delays, self.tall > 1)

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
    return sum(call.may_be_answered for session in feed.sessions for call in session.pending)


def _delay(delays: Delays, wanted: bool) -> Iterator[Part]:
    """How late the proxy is, if that is wanted, and how far the screen is behind it, if it is."""
    if wanted and delays.late is not None:
        own = f"; our work {1000 * delays.own:.2f} ms a piece" if delays.own is not None else ""
        yield f"\n{'proxy':<{_AXIS}}", "dim"
        yield f"{duration(delays.late)} late, at worst {duration(delays.latest)} in a minute{own}", "text"
    if delays.behind > _BEHIND:
        yield f"\n{'screen':<{_AXIS}}", "dim"
        yield f"{duration(delays.behind)} behind the proxy", "should"


def _latency(rates: Rates, fully: bool) -> str:
    """How fast answers were; of a few, the slowest is all that there is to say of the slow ones."""
    half, most = rates.percentile(0.5), rates.percentile(0.99 if rates.answers >= _MANY else 1.0)
    if half is None or most is None:
        return "-"
    slow = "p99" if rates.answers >= _MANY else "longest"
    told = f"p50 {duration(half)}  {slow} {duration(most)}"
    return f"{told}  of {count(rates.answers, 'answer')}" if fully else told


def _bars(values: Sequence[int], tall: int, wide: int, signs: str) -> Iterator[str]:
    """A picture of so many lines, the top one first, and so many columns for each value."""
    most, steps = max(values, default=0) or 1, len(signs)
    filled = [max(1, round(value / most * tall * steps)) if value else 0 for value in values]
    for line in range(tall - 1, -1, -1):
        parts = (min(steps, max(0, height - line * steps)) for height in filled)
        yield "".join((signs[part - 1] if part else signs[0] if line == 0 else " ") * wide for part in parts)
