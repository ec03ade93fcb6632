"""Faults on purpose: what shall go wrong on a stream, and after which of its events.

A specification for scripts names the fault and its conditions:

    cut:after=3,stream=post         after the third event of a stream that answers a POST
    cut:id=7:1,side=server,times=2  after the event with this id, twice, beginning with the server's connection
    stall:after=2,for=5s            nothing more comes through for five seconds
    throttle:rate=1k                no more than 1024 bytes per second

Only blocks with a data field count as events: a comment that keeps a connection alive is none. How a connection is
cut or held up is `mitm`'s business; here is only counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conformance.evidence.sse import EventReader
from conformance.evidence.trace import Event

Kind: TypeAlias = Literal["cut", "stall", "throttle"]
_KEYS: dict[str, set[str]] = {
    "cut": {"after", "id", "side", "reset", "stream", "times"},
    "stall": {"after", "id", "for", "stream", "times"},
    "throttle": {"rate", "stream", "times"},
}
_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, and the streams and events that it waits for.

    `after` counts events from where the fault was put on the stream; None, without an event id, means at once.
    `times` is how often it happens in all. `seconds` None is a stall without end.
    """

    kind: Kind
    after: int | None = None
    event_id: str | None = None
    stream: Literal["post", "get", "any"] = "any"
    times: int = 1
    side: Literal["client", "server"] = "client"
    reset: bool = False
    seconds: float | None = None
    rate: int = 0
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        """As it was specified."""
        return self.text

    @property
    def at_once(self) -> bool:
        return self.after is None and self.event_id is None

    @property
    def when(self) -> str:
        if self.event_id is not None:
            return f"after event id {self.event_id}"
        return "" if self.after is None else f"after event {self.after}"

    def fits(self, method: str) -> bool:
        """Whether it is meant for streams that answer this method."""
        return self.stream in ("any", method.lower())


def fault_of(text: str) -> Fault:
    """Read a specification. Raises ValueError with a sentence."""
    kind, _, rest = text.partition(":")
    if kind not in ("cut", "stall", "throttle"):
        raise ValueError(f"--fault {text}: expected cut, stall or throttle, then a colon, such as cut:after=3")
    values: dict[str, str] = {}
    for part in rest.split(",") if rest else []:
        key, equals, value = part.partition("=")
        if not equals or not value or key not in _KEYS[kind]:
            raise ValueError(f"--fault {text}: {kind} knows {', '.join(sorted(_KEYS[kind]))}, each as name=value")
        values[key] = value
    try:
        return _fault("cut" if kind == "cut" else "stall" if kind == "stall" else "throttle", values, text)
    except ValueError as error:
        raise ValueError(f"--fault {text}: {error}") from None


def _fault(kind: Kind, values: dict[str, str], text: str) -> Fault:
    if kind == "throttle" and "rate" not in values:
        raise ValueError("throttle needs rate=BYTES_PER_SECOND, such as rate=1k")
    if kind != "throttle" and ("after" in values) == ("id" in values):
        raise ValueError(f"{kind} needs either after=NUMBER_OF_EVENTS or id=EVENT_ID")
    stream, side = values.get("stream", "any"), values.get("side", "client")
    if side not in ("client", "server"):
        raise ValueError(f"side is {side}, expected client or server")
    if stream not in ("post", "get", "any"):
        raise ValueError(f"stream is {stream}, expected post, get or any")
    if values.get("reset", "no") not in ("yes", "no"):
        raise ValueError("reset is yes or no")
    return Fault(
        kind,
        after=_count("after", values["after"]) if "after" in values else None,
        event_id=values.get("id"),
        stream="post" if stream == "post" else "get" if stream == "get" else "any",
        times=_count("times", values.get("times", "1")),
        side="client" if side == "client" else "server",
        reset=values.get("reset") == "yes",
        seconds=_seconds(values["for"]) if "for" in values else None,
        rate=_rate(values["rate"]) if kind == "throttle" else 0,
        text=text,
    )


def _count(name: str, value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        raise ValueError(f"{name} is {value}, expected a whole number from 1")
    return int(value)


def _seconds(value: str) -> float:
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|)", value)
    if found is None:
        raise ValueError(f"for is {value}, expected a time such as 5s or 200ms")
    return float(found[1]) / (1000 if found[2] == "ms" else 1)


def _rate(value: str) -> int:
    found = re.fullmatch(r"([1-9][0-9]{0,8})([km]?)", value)
    if found is None:
        raise ValueError(f"rate is {value}, expected bytes per second such as 500, 1k or 2m")
    return int(found[1]) * _UNITS[found[2]]


class Scripted:
    """The faults of a command line, and how often each has still to happen."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._faults = faults
        self._left = [fault.times for fault in faults]

    def for_stream(self, method: str) -> list[Fault]:
        """The faults that a new stream shall have, if nobody is faster."""
        return [
            fault for fault, left in zip(self._faults, self._left, strict=True) if left > 0 and fault.fits(method)
        ]

    def take(self, fault: Fault) -> bool:
        """Whether this fault shall happen now. One that somebody asked for at a single stream always shall."""
        number = next((n for n, known in enumerate(self._faults) if known is fault), None)
        if number is None:
            return True
        self._left[number] -= 1
        return self._left[number] >= 0


class Waiting:
    """The faults that wait for an event of one stream. Counts only while there are any."""

    def __init__(self) -> None:
        self._reader: EventReader | None = None
        self._faults: list[tuple[Fault, int]] = []
        self._seen = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, fault: Fault) -> None:
        """Wait with this fault too. Of an event that has begun already, only the end will be seen."""
        if not self._faults:
            self._reader, self._seen = EventReader(), 0
        self._faults.append((fault, self._seen))

    def see(self, data: bytes) -> Iterator[tuple[int, Fault]]:
        """The faults whose event these bytes complete, and where in the bytes it ends."""
        if self._reader is None:
            return
        end = -len(self._reader.tail)
        for event in self._reader.feed(data, 0.0):
            end += len(event.raw)
            self._seen += event.data is not None
            for entry in [entry for entry in self._faults if self._is_due(*entry, event)]:
                self._faults.remove(entry)
                yield end, entry[0]

    def _is_due(self, fault: Fault, since: int, event: Event) -> bool:
        if event.data is None:
            return False
        if fault.event_id is not None:
            return event.id == fault.event_id
        return self._seen - since >= (fault.after or 1)


class Behind:
    """What comes on a stream after it was cut: nobody gets it, but it is counted.

    Unless the cut was made at the end of an event, the first event may be the rest of one that had begun before.
    """

    def __init__(self, at_an_end: bool) -> None:
        self._reader = EventReader()
        self._counts = at_an_end

    def see(self, data: bytes) -> Iterator[str | None]:
        """The ids of the events that these bytes complete."""
        for event in self._reader.feed(data, 0.0):
            if self._counts and event.data:
                yield event.id
            self._counts = True
