"""What a viewer asks of the proxy, one JSON object a line. `number` is the exchange's, as in the records."""

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.evidence.lines import Object, Wrong, line_of, maybe, wanted

Side: TypeAlias = Literal["client", "server"]
When: TypeAlias = Literal["now", "after-next", "after-id"]


@dataclass(frozen=True, slots=True)
class Cut:
    """Break a stream off: now, after the event that comes next, or after the one with this id.

    `side` is whose connection is closed first (the other follows), `reset` whether with a RST instead of a FIN.
    """

    number: int
    side: Side = "client"
    when: When = "now"
    event_id: str = ""
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Stall:
    """Let nothing more through from the server, for so many seconds or, with None, until `Resume`."""

    number: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """End a stall or a throttle."""

    number: int


@dataclass(frozen=True, slots=True)
class Throttle:
    """Let no more than so many bytes per second through from the server."""

    number: int
    bytes_per_second: int


Command: TypeAlias = Cut | Stall | Resume | Throttle


def command_line(command: Command) -> bytes:
    """A command as a line."""
    return line_of({"do": type(command).__name__.lower(), **dataclasses.asdict(command)})


def command_of(line: Object) -> Command:
    """Read a command. Raises Wrong."""
    number = wanted(line, "number", int)
    match line.get("do"):
        case "cut":
            return _cut_of(number, line)
        case "stall":
            return Stall(number, maybe(line, "seconds", float))
        case "resume":
            return Resume(number)
        case "throttle":
            rate = wanted(line, "bytes_per_second", int)
            if rate < 1:
                raise Wrong(f"bytes_per_second is {rate}, expected at least 1")
            return Throttle(number, rate)
        case other:
            raise Wrong(f"do is {other!r:.40}, expected cut, stall, resume or throttle")


def _cut_of(number: int, line: Object) -> Cut:
    side, when = wanted(line, "side", str), wanted(line, "when", str)
    if side not in ("client", "server"):
        raise Wrong(f"side is {side!r:.40}, expected client or server")
    if when not in ("now", "after-next", "after-id"):
        raise Wrong(f"when is {when!r:.40}, expected now, after-next or after-id")
    return Cut(
        number,
        "client" if side == "client" else "server",
        "now" if when == "now" else "after-next" if when == "after-next" else "after-id",
        maybe(line, "event_id", str) or "",
        line.get("reset") is True,
    )
