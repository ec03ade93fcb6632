"""How much goes over the wire, as a line that fits anywhere and a picture of the last minute."""

from rich.text import Text
from textual.widgets import Static

from conformance.report.text import duration, size
from inspector.feed import Feed

_BARS = "▁▂▃▄▅▆▇█"
_ASCII = "._-=+*#@"


class RatesPane(Static):
    """Messages and bytes a second, latencies, what is pending."""

    DEFAULT_CSS = """
    RatesPane { background: $surface; padding: 0 1; height: 1fr; }
    """

    def __init__(self, feed: Feed, ascii_only: bool = False, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.feed = feed
        self._bars = _ASCII if ascii_only else _BARS

    def catch_up(self, now: float) -> None:
        """Show what has changed. Called a few times a second."""
        messages, volumes = self.feed.rates.per_second(now)
        width = max(8, self.size.width - 26)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append("messages ", "dim").append(_spark(messages[-width:], self._bars)).append(f" {messages[-2]}/s\n")
        text.append("bytes    ", "dim").append(_spark(volumes[-width:], self._bars)).append(
            f" {size(volumes[-2])}/s\n"
        )
        half, most = self.feed.rates.percentile(0.5), self.feed.rates.percentile(0.99)
        if half is not None and most is not None:
            text.append("latency  ", "dim").append(f"p50 {duration(half)}  p99 {duration(most)}\n")
        pending = sum(len(session.pending) for session in self.feed.sessions)
        streams = sum(s.state == "open" for session in self.feed.sessions for s in session.streams)
        text.append("pending  ", "dim").append(f"{pending} calls, {streams} open streams")
        self.update(text)


def _spark(values: list[int], bars: str) -> str:
    most = max(values, default=0) or 1
    return "".join(
        bars[min(len(bars) - 1, value * len(bars) // (most + 1))] if value else bars[0] for value in values
    )
