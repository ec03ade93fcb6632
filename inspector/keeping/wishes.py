"""What a viewer asks of the process that keeps the records, one JSON object a line, and what that has to say."""

from dataclasses import dataclass
from typing import TypeAlias

from conformance.evidence.lines import Object, line_of, wanted


@dataclass(frozen=True, slots=True)
class Save:
    """Write what was kept into this file; if it shall `go_on`, what comes from now on as well."""

    path: str
    go_on: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Write no more into the file that goes on."""


@dataclass(frozen=True, slots=True)
class Word:
    """An answer to a wish; or news, if it is `trouble`. `growing` is the file that goes on now, empty without one."""

    told: str
    growing: str = ""
    failed: bool = False
    trouble: bool = False


Wish: TypeAlias = Save | Stop


def wish_line(wish: Wish) -> bytes:
    """A wish as a line."""
    match wish:
        case Save(path=path, go_on=go_on):
            return line_of({"save": path, "go_on": go_on})
        case Stop():
            return line_of({"stop": True})


def wish_of(line: Object) -> Wish | None:
    """The wish in a line, None where it is a record. Raises Wrong."""
    if "save" in line:
        return Save(wanted(line, "save", str), line.get("go_on") is True)
    return Stop() if "stop" in line else None


def word_line(word: Word) -> bytes:
    """A word as a line."""
    return line_of({"told": word.told, "growing": word.growing, "failed": word.failed, "trouble": word.trouble})


def word_of(line: Object) -> Word:
    """Read a word. Raises Wrong."""
    told, growing = wanted(line, "told", str), wanted(line, "growing", str)
    return Word(told, growing, line.get("failed") is True, line.get("trouble") is True)
