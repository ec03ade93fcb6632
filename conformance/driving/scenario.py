"""What a scenario is: a story that is told to a server, step by step, like the specification's sequence diagrams.

A scenario drives and never judges. It says which requirements it gives occasion for (`shows`), so that only the
stories that are needed are told. When a step cannot be taken, it raises `Unmet` with the reason.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from conformance.driving.unmet import Unmet
from conformance.evidence.era import SESSION_REVISIONS
from conformance.judging.check import BadDeclaration

if TYPE_CHECKING:
    from conformance.driving.client import Client

__all__ = ["SCENARIOS", "Scenario", "Tell", "Unmet", "scenario"]

Tell: TypeAlias = "Callable[[Client], Awaitable[None]]"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: how it is told, what it shows, and in which revisions it makes sense.

    `tokenless` is one that can be told to a target that wants a token and was given none.
    """

    tell: Tell
    shows: tuple[str, ...]
    revisions: tuple[str, ...] = SESSION_REVISIONS
    alone: bool = False
    tokenless: bool = False

    @property
    def name(self) -> str:
        return getattr(self.tell, "__name__", "")

    @property
    def title(self) -> str:
        """The story in one sentence: the first line of its docstring."""
        return inspect.cleandoc(self.tell.__doc__ or "").partition("\n")[0]


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    *shows: str, revisions: tuple[str, ...] = SESSION_REVISIONS, alone: bool = False, tokenless: bool = False
) -> Callable[[Tell], Tell]:
    """Declare a story and the requirement keys it gives occasion for.

    `alone` is for stories that change what other sessions see: they are told after all others, one by one.
    Raises BadDeclaration when the declaration could not work.
    """

    def declare(tell: Tell) -> Tell:
        story = Scenario(tell, shows, revisions, alone, tokenless)
        if story.name in SCENARIOS:
            raise BadDeclaration(f"there are two scenarios named {story.name}")
        if not story.title or not shows:
            raise BadDeclaration(f"{story.name}: a scenario needs a docstring and the requirements it shows")
        SCENARIOS[story.name] = story
        return tell

    return declare
