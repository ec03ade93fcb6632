"""What became of a stream's events, as far as their ids tell: how many were sent, and what the client got of them.

What is counted are events with data. Two are the same if id and data are: a server may break the rules and use an id
twice. What a client got follows from what was handed on to it, until it says so itself: whoever resumes names the
last event that it has (2025-11-25, basic/transports, "Resumability and Redelivery").
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from conformance.evidence.trace import Event

Again: TypeAlias = Literal["", "replayed", "twice"]
_KNOWN = 2_000  # event ids of a stream that are remembered, the newest ones
_NO_DATA = hash("")


class _Place(NamedTuple):
    """Where an event stands: how many had been sent with it, and what it said; None if nobody saw that."""

    position: int
    said: int | None


@dataclass(slots=True)
class Ledger:
    """The counts of one stream. `sent` is always `delivered` and `lost` together.

    sent: different events that came from the server, handed on to the client or kept back by a cut of ours.
    delivered: those of them that the client has: they were handed on, and it did not resume from before them.
    lost: those that it does not have: kept back, or handed on in vain, and not come again since.
    replayed: how often one that it did not have came again.
    duplicated: how often one that it had came again.

    Two things cannot be known, and make some counts bounds (`amounts` says of which kind). Of an event that comes for
    the first time on a leg that resumes, nobody sees whether it had been waiting: `first_seen_late` counts these. An
    event without an id may be one that came before: `nameless_late` counts those of later legs, if there were any
    on earlier ones. `is_mixed` tells that the leg may be another stream's, which used the same event id.
    """

    sent: int = 0
    delivered: int = 0
    lost: int = 0
    replayed: int = 0
    duplicated: int = 0
    first_seen_late: int = 0
    nameless_late: int = 0
    is_mixed: bool = field(default=False, compare=False)
    _places: dict[str, _Place] = field(default_factory=dict, compare=False, repr=False)  # by event id, in order
    _missing: set[int] = field(default_factory=set, compare=False, repr=False)  # positions that can come again
    _nameless: int = field(default=0, compare=False, repr=False)  # events without an id, ever
    _nameless_before: int = field(default=0, compare=False, repr=False)  # those before the current leg
    _nameless_kept: int = field(default=0, compare=False, repr=False)  # those kept back on the current leg
    _begun_at: int = field(default=0, compare=False, repr=False)  # what had been sent when the current leg began

    def knows(self, event_id: str) -> bool:
        """Whether an event with this id came on the stream."""
        return event_id in self._places

    def came(self, event: Event, later: bool) -> Again:
        """An event is handed on, on a later leg or on the first. Returns whether it had come before."""
        said, place = hash(event.data or ""), self._places.get(event.id or "")
        if not event.data:
            if event.id and place is None:
                self._remember(event.id, said)
            return ""
        if place is not None and place.said in (said, None):
            return self._came_again(place)
        self.sent += 1
        self.delivered += 1
        if event.id:
            self._remember(event.id, said)
        else:
            self._nameless += 1
        self.nameless_late += later and not event.id and self._nameless_before > 0
        self.first_seen_late += later
        return ""

    def kept_back(self, event_id: str | None) -> None:
        """An event came from the server that is not handed on, because we cut."""
        if event_id and event_id in self._places:
            return
        self.sent += 1
        self.lost += 1
        if event_id:
            self._remember(event_id, None)
            self._missing.add(self.sent)
        else:
            self._nameless += 1
            self._nameless_kept += 1

    def resumed(self, after: str) -> None:
        """The client has all events as far as this one, and none that came after it."""
        last, begun_at = self._places[after].position, self._begun_at
        named = list(self._after(last))
        new = [position for position in named if position not in self._missing]
        since = max(last, begun_at)
        nameless = self.sent - since - sum(position > since for position in named) - self._nameless_kept
        self._missing.update(new)
        self.lost += len(new) + max(0, nameless)
        self.delivered = self.sent - self.lost
        self._nameless_before, self._nameless_kept, self._begun_at = self._nameless, 0, self.sent

    def shorten(self) -> None:
        """The stream is over: what it said last is all that somebody may come back for."""
        self._forget(_KNOWN // 20)

    @property
    def amounts(self) -> dict[str, str]:
        """The five counts by the words that screens use, each with what is to be known about it."""
        most, least = ("at most ", "at least ") if self.nameless_late else ("", "")
        about = "about " if self.is_mixed else ""
        replays = "at least " if self.first_seen_late else least
        return {
            "sent": f"{about or most}{self.sent:,}",
            "delivered": f"{about or most}{self.delivered:,}",
            "replayed": f"{about or replays}{self.replayed:,}",
            "lost": f"{about or most}{self.lost:,}",
            "twice": f"{about or least}{self.duplicated:,}",
        }

    @property
    def is_clean(self) -> bool:
        """Whether the client got everything, and nothing twice."""
        return not (self.lost or self.duplicated)

    def __str__(self) -> str:
        """The counts in words."""
        return ", ".join(f"{amount} {name}" for name, amount in self.amounts.items())

    def _came_again(self, place: _Place) -> Again:
        if place.position not in self._missing:
            self.duplicated += 1
            return "twice"
        self._missing.discard(place.position)
        self.lost -= 1
        self.delivered += 1
        self.replayed += 1
        return "replayed"

    def _after(self, last: int) -> list[int]:
        """The positions of known events that came after another."""
        found: list[int] = []
        for place in reversed(self._places.values()):
            if place.position <= last:
                break
            if place.said != _NO_DATA:
                found.append(place.position)
        return found

    def _remember(self, event_id: str, said: int | None) -> None:
        self._places.pop(event_id, None)  # so that the dictionary stays in the order of positions
        self._places[event_id] = _Place(self.sent, said)
        self._forget(_KNOWN)

    def _forget(self, most: int) -> None:
        while len(self._places) > most:
            self._missing.discard(self._places.pop(next(iter(self._places))).position)
