"""The line on top: what is watched, since when, and the sum of it."""

from rich.text import Text
from textual.widgets import Static

from conformance.report.text import count
from conformance.target import shown
from inspector.glyphs import Glyphs
from inspector.source import Source


class TopLine(Static):
    """One line."""

    def __init__(self, source: Source, glyphs: Glyphs, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.source = source
        self.glyphs = glyphs

    def catch_up(self, paused: bool) -> None:
        """Show what has changed."""
        source, feed = self.source, self.source.feed
        text = Text(no_wrap=True, overflow="ellipsis")
        state = (
            ("paused", "bold yellow") if paused else ("live", "bold green") if source.live else ("file", "bold blue")
        )
        text.append(f"{self.glyphs.live} {state[0]} ", state[1])
        text.append(f" {shown(source.url)} {self.glyphs.request} {shown(feed.about.upstream)}   ")
        broken = sum(v.level == "MUST" for v in feed.violations)
        text.append(f"{self.glyphs.must} {broken} ", "bold red" if broken else "dim")
        warned = len(feed.violations) - broken
        text.append(f"{self.glyphs.should} {warned}   ", "bold yellow" if warned else "dim")
        text.append(f"{count(len(feed.sessions), 'session')}, {count(feed.rows.next_number, 'row')}", "dim")
        if source.unjudged > _BEHIND:
            text.append(f"   {source.unjudged} not judged yet", "yellow")
        if source.trouble:
            text.append(f"   {source.trouble}", "bold red")
        self.update(text)


_BEHIND = 2_000  # records that wait for the judge, before it is said
