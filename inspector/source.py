"""What a screen looks at, live or from a file."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from conformance.evidence.recording import About, Record
from inspector.judging.process import RuleNews
from inspector.model.feed import Feed
from inspector.proxy.commands import Command


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
    """Who writes down what passes, from when it is asked to. `path` is empty while it does not."""

    path: str

    def put(self, record: Record) -> None:
        """One more record."""

    def toggle(self, about: About) -> str:
        """Start, or stop. Returns what to tell the user, in one sentence."""
