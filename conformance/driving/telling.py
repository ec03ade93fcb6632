"""Tells stories to a target, side by side, so that all of them take about as long as the longest.

On a machine that is busy fewer are under way at the same time, so that answers are still read when they come.

A target that turns a story away because it is busy is asked again, one story at a time: what it does under a load
that it does not want is no breach of anything. So is one that has only a few threads, and leaves without an answer
what has to wait until they have nothing else to do.
"""

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Wire
from conformance.driving.patience import lateness
from conformance.driving.scenario import Scenario, Unmet
from conformance.driving.target import Target
from conformance.evidence.trace import Exchange, Message

Outcome: TypeAlias = Literal["told", "unmet", "crashed"]

PATIENCE = 4  # a story may take so many times the target's timeout
BUSY = (429, 503)
FEW = 24  # stories that are told side by side by however busy a machine
LATE = 0.01  # seconds; a process that is further behind takes nothing more on
AGAIN = 6  # times the target's timeout, in which stories may be begun once more
GIVE_UP = 3  # stories in a row that are turned away again, before the target is left in peace
CROWD = 10  # plain requests in vain, before it is the number of them that a target cannot serve


@dataclass(frozen=True, slots=True)
class Telling:
    """How one story went. Times are in seconds since the run began.

    told: to its end. unmet: the target did not let it go on, `why` in words. crashed: our mistake, `why` a traceback.
    """

    story: str
    title: str
    revision: str
    outcome: Outcome
    why: str
    began: float
    ended: float


OnTold: TypeAlias = Callable[[Telling, int, int], None]
Plan: TypeAlias = list[tuple[Wire, Scenario]]


class Teller:
    """Tells stories side by side, and those that want to be alone one after the other."""

    def __init__(self, target: Target, plan: Plan, at_once: int, on_told: OnTold | None = None) -> None:
        self._target = target
        self._plan = plan
        self._limit = anyio.CapacityLimiter(at_once)
        self._on_told = on_told
        self._began = time.monotonic()
        self._begun = 0
        self._told: dict[tuple[str, str], Telling] = {}
        self.notes: list[str] = []  # what the target's owner should know of how the stories went

    async def tell_all(self) -> list[Telling]:
        """One telling for each story of the plan, in its order."""
        async with anyio.create_task_group() as tasks:
            for wire, story in self._plan:
                if not story.alone:
                    await self._turn()
                    tasks.start_soon(self._tell, wire, story)
        for wire, story in self._plan:
            if story.alone:
                await self._tell(wire, story)
        await self._tell_again([pair for pair in self._plan if turned_away(*pair)] + self._crowded_out())
        return [self._told[wire.revision, story.name] for wire, story in self._plan]

    def _crowded_out(self) -> Plan:
        """The stories that got no answer, if they are so many that the target cannot be for all at a time."""
        wires = {wire.revision: wire for wire, _ in self._plan}.values()
        silent = [(w.revision, x.story) for w in wires for x in left_waiting(w.recorder.trace().exchanges)]
        again = [(wire, story) for wire, story in self._plan if (wire.revision, story.name) in silent]
        if len(silent) < CROWD:
            return []
        self.notes.append(
            f"the server left {len(again)} stories without an answer while many were told side by side. It may serve "
            "few requests at a time, so they were told again one by one; with --mcp-serial all are told like that"
        )
        return [(wire, story) for wire, story in again if not turned_away(wire, story)]

    async def _turn(self) -> None:
        """Wait until one more story may begin: not while what comes for those under way is not read in time."""
        while self._begun - len(self._told) >= FEW and await lateness() > LATE:
            await anyio.sleep(LATE)
        self._begun += 1

    async def _tell_again(self, plan: Plan) -> None:
        refused_in_a_row, over = 0, anyio.current_time() + AGAIN * self._target.timeout
        for wire, story in plan:
            if refused_in_a_row < GIVE_UP and anyio.current_time() < over:
                before = len(wire.recorder.trace().exchanges)
                await self._tell(wire, story)
                refused_in_a_row = refused_in_a_row + 1 if _is_in_vain(wire, story, before) else 0

    async def _tell(self, wire: Wire, story: Scenario) -> None:
        async with self._limit:
            began = time.monotonic() - self._began
            outcome, why = await tell(self._target, wire, story)
            ended = time.monotonic() - self._began
            telling = Telling(story.name, story.title, wire.revision, outcome, why, began, ended)
            self._told[wire.revision, story.name] = telling
            if self._on_told is not None:
                self._on_told(telling, len(self._told), len(self._plan))


def turned_away(wire: Wire, story: Scenario, since: int = 0) -> bool:
    """Whether the target was too busy for something that the story sent."""
    exchanges = wire.recorder.trace().exchanges[since:]
    return any(exchange.story == story.name and exchange.status in BUSY for exchange in exchanges)


def left_waiting(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Those that got no answer though they asked for nothing in particular, which is answered at other times."""
    served = {_methods(exchange) for exchange in exchanges if exchange.ok}
    for exchange in filter(_is_silent, exchanges):
        meant = exchange.method == "POST" and exchange.intent is None and not _is_particular(exchange)
        if meant and _methods(exchange) in served:
            yield exchange


def _is_in_vain(wire: Wire, story: Scenario, since: int) -> bool:
    """Whether a story that was told again was turned away once more, or waited for an answer."""
    told = (x for x in wire.recorder.trace().exchanges[since:] if x.story == story.name)
    return turned_away(wire, story, since) or any(map(_is_silent, told))


def _is_silent(exchange: Exchange) -> bool:
    return exchange.status is None and exchange.ending == "timed out"


def _methods(exchange: Exchange) -> tuple[str, ...]:
    return tuple(message.method for message in exchange.sent if isinstance(message, Message))


def _is_particular(exchange: Exchange) -> bool:
    """Whether something is asked for by its name, so that it alone may be what makes a target hang."""
    named = (m.params for m in exchange.sent if isinstance(m, Message))
    return any("name" in params or "uri" in params or "taskId" in params for params in named)


async def tell(target: Target, wire: Wire, story: Scenario) -> tuple[Outcome, str]:
    """Tell one story over connections of its own, and clean up behind it.

    A mistake of ours comes back as a traceback, never as a verdict.
    """
    patience = PATIENCE * wire.timeout
    told: tuple[Outcome, str] = ("unmet", f"the story was not at its end after {patience:g} s")
    try:
        with anyio.move_on_after(patience):
            async with target.http() as http, anyio.create_task_group() as tasks:
                client = Client(replace(wire, http=http), story.name, tasks)
                told = await _attempt(story, client)
                await client.leave()
                tasks.cancel_scope.cancel()
    except Exception as error:
        return "crashed", "".join(traceback.format_exception(error))
    return told


async def _attempt(story: Scenario, client: Client) -> tuple[Outcome, str]:
    try:
        await story.tell(client)
    except Exception as error:
        cause = _innermost(error)
        if isinstance(cause, Unmet):
            return "unmet", str(cause)
        return "crashed", "".join(traceback.format_exception(error))
    return "told", ""


def _innermost(error: BaseException) -> BaseException:
    return _innermost(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
