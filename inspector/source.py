"""What a screen looks at, live or from a file."""

from collections.abc import Mapping
from typing import Protocol

from inspector.commands import Command
from inspector.feed import Feed
from inspector.judging import RuleNews


class Source(Protocol):
    """Where a screen's model comes from. `trouble` is a sentence about something of ours that does not work."""

    feed: Feed
    url: str
    live: bool
    trouble: str
    unjudged: int

    @property
    def rules(self) -> Mapping[tuple[str, str, str], RuleNews]:
        """How each rule stands, by revision, party and key."""

    def now(self) -> float:
        """This moment, in seconds since the recording began."""

    async def run(self) -> None:
        """Fill the model until there is no more."""

    async def send(self, command: Command) -> None:
        """Ask for something to be done to a stream."""
