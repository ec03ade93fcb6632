"""Waiting on a machine that is busy, and taking on no more than can be read in time."""

import time

import anyio
import pytest

from conformance.driving import telling
from conformance.driving.client import Client
from conformance.driving.connection import Wire
from conformance.driving.patience import at_most, lateness
from conformance.driving.scenario import Scenario
from conformance.driving.target import Target
from conformance.driving.telling import FEW, Teller
from conformance.evidence.recorder import Recorder

NOWHERE = "http://127.0.0.1:9/mcp"  # nothing is sent there
BLOCKED = 0.05  # seconds in which nobody gets a turn


def test_a_wait_comes_to_its_end() -> None:
    async def wait() -> bool:
        with at_most(0.01) as patience:
            await anyio.sleep_forever()
        return patience.cancelled_caught

    assert anyio.run(wait)


def test_what_is_there_when_a_busy_process_gets_its_turn_is_not_too_late() -> None:
    async def wait() -> bool:
        there = anyio.Event()

        async def come_after_a_block() -> None:
            time.sleep(5 * BLOCKED)
            for _ in range(20):  # what arrives is read in several steps
                await anyio.sleep(0)
            there.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(come_after_a_block)
            with at_most(2 * BLOCKED) as patience:
                await there.wait()
        return patience.cancelled_caught

    assert not anyio.run(wait)


def test_a_wait_that_is_over_ends_nothing_else() -> None:
    async def wait() -> None:
        with at_most(0.01):
            pass
        await anyio.sleep(0.03)

    anyio.run(wait)


def test_a_block_of_another_task_is_lateness() -> None:
    measured: list[float] = []

    async def measure() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_block)
            measured.append(await lateness())

    anyio.run(measure)
    assert measured[0] >= BLOCKED


async def _block() -> None:
    time.sleep(BLOCKED)


class Crowd:
    """Stories that only count how many of them are under way."""

    def __init__(self, count: int) -> None:
        self.most = 0
        self._now = 0
        self.wire = Wire(http=Target(NOWHERE).http(), recorder=Recorder(), url=NOWHERE, revision="2025-11-25")
        self.plan = [
            (self.wire, Scenario(self._named(f"story_{number}"), ("ping.reply",))) for number in range(count)
        ]
        self.told: list[str] = []

    def tell(self) -> None:
        anyio.run(Teller(Target(NOWHERE), self.plan, at_once=100).tell_all)

    def _named(self, name: str) -> "Story":
        return Story(self, name)

    def enter(self, name: str) -> None:
        self.told.append(name)
        self._now += 1
        self.most = max(self.most, self._now)

    def leave(self) -> None:
        self._now -= 1


class Story:
    """What a scenario wants of a function: a name, a first line, and to be awaited."""

    def __init__(self, crowd: Crowd, name: str) -> None:
        self.__name__ = name
        self.__doc__ = "One of a crowd."
        self._crowd = crowd

    async def __call__(self, _client: Client) -> None:
        self._crowd.enter(self.__name__)
        await anyio.sleep(0.01)
        self._crowd.leave()


def _always(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late() -> float:
        await anyio.sleep(0)
        return seconds

    monkeypatch.setattr(telling, "lateness", late)


def test_who_keeps_up_tells_all_stories_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _always(0.0, monkeypatch)
    crowd = Crowd(3 * FEW)
    crowd.tell()
    assert crowd.most > FEW


def test_who_is_late_tells_a_few_at_once_and_all_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    _always(1.0, monkeypatch)
    crowd = Crowd(3 * FEW)
    crowd.tell()
    assert crowd.most <= FEW
    assert len(crowd.told) == 3 * FEW


@pytest.mark.parametrize(("times", "told"), [(telling.AGAIN, 2), (0, 1)])
def test_stories_are_told_again_for_so_long_and_no_longer(
    times: int, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AGAIN", times)
    crowd = Crowd(1)
    number = crowd.wire.recorder.request("one", "POST", NOWHERE, (), b"", story="story_0")
    crowd.wire.recorder.head(number, 503, ())
    crowd.tell()
    assert len(crowd.told) == told
