"""What a screen looks at, live or from a file."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from inspector.judging.process import RuleNews
from inspector.model.feed import Feed
from inspector.proxy.commands import Command
from inspector.proxy.delay import Delays


class Source(Protocol):
    """Where a screen's model comes from. `trouble` is a sentence about something of ours that does not work.

    `feed` is another one after each change of `epoch`: time has gone back, and whatever was kept of it is void.
    """

    feed: Feed
    epoch: int
    url: str
    live: bool
    trouble: str
    unjudged: int

    @property
    def rules(self) -> Mapping[tuple[str, str, str], RuleNews]:
        """How each rule stands, by revision, party and key."""

    @property
    def delays(self) -> Delays | None:
        """How late the proxy is, and we behind it; None where there is no proxy."""

    def now(self) -> float:
        """This moment, in seconds since the recording began."""

    async def run(self) -> None:
        """Fill the model until there is no more."""

    async def send(self, command: Command) -> None:
        """Ask for something to be done to a stream."""


@runtime_checkable
class Seekable(Source, Protocol):
    """A source whose time can be chosen, from its beginning to its end."""

    begins: float
    ends: float

    @property
    def broken_at(self) -> list[float]:
        """The moments at which a MUST was broken."""

    def density(self, slots: int) -> list[int]:
        """How many records there are in each of so many equal pieces of the time."""

    async def seek(self, at: float) -> None:
        """Show what there was at this moment."""

    async def step(self, records: int) -> None:
        """Go so many records on, or back."""


class Recorder(Protocol):
    """Who keeps what was seen. `path` is the recording that grows, empty without one.

    `trouble` is a sentence about what is not kept.
    """

    path: str
    trouble: str

    async def toggle(self) -> str:
        """Save all since the start and go on, or stop. Returns what to tell the user, in one sentence."""
