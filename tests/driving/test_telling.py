"""A target that cannot be for all stories at the same time is told them again, one by one."""

import json

import anyio
import pytest

from conformance.driving.client import Client
from conformance.driving.connection import Wire
from conformance.driving.scenario import Scenario
from conformance.driving.target import Target
from conformance.driving.telling import CROWD, GIVE_UP, Teller, left_waiting
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON

NOWHERE = "http://127.0.0.1:9/mcp"  # nothing is sent there
PING: JSON = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
CALL: JSON = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "hangs"}}


class FewAtATime:
    """Stories that ask for one thing each, of a target that answers so many and leaves the others waiting."""

    def __init__(self, stories: int, *, threads: int, body: JSON = PING) -> None:
        self.threads = threads
        self.body = json.dumps(body).encode()
        self.recorder = Recorder()
        self.told: list[str] = []
        self._now = 0
        wire = Wire(http=Target(NOWHERE).http(), recorder=self.recorder, url=NOWHERE, revision="2025-11-25")
        self._plan = [(wire, Scenario(Story(self, f"story_{n}"), ("ping.reply",))) for n in range(stories)]

    def tell(self) -> Teller:
        teller = Teller(Target(NOWHERE), self._plan, at_once=100)
        anyio.run(teller.tell_all)
        return teller

    async def ask(self, story: str) -> None:
        self.told.append(story)
        self._now += 1
        is_served = self._now <= self.threads
        number = self.recorder.request("client", "POST", NOWHERE, (), self.body, story=story)
        await anyio.sleep(0.01)
        self._now -= 1
        if is_served:
            self.recorder.head(number, 200, ())
            self.recorder.end(number)
        else:
            self.recorder.lost(number, "", "timed out")


class Story:
    """What a scenario wants of a function: a name, a first line, and to be awaited."""

    def __init__(self, crowd: FewAtATime, name: str) -> None:
        self.__name__ = name
        self.__doc__ = "One of a crowd."
        self._crowd = crowd

    async def __call__(self, _client: Client) -> None:
        await self._crowd.ask(self.__name__)


def test_those_left_waiting_are_told_again_and_served() -> None:
    crowd = FewAtATime(2 * CROWD, threads=4)
    teller = crowd.tell()
    assert len(crowd.told) == 2 * CROWD + 2 * CROWD - 4
    assert "--mcp-serial" in teller.notes[0]
    assert all(exchange.ok for exchange in crowd.recorder.trace().exchanges[2 * CROWD :])


def test_a_few_in_vain_are_their_own_doing() -> None:
    crowd = FewAtATime(CROWD, threads=4)
    assert crowd.tell().notes == []
    assert len(crowd.told) == CROWD


@pytest.mark.parametrize("body", [PING, CALL])
def test_what_is_never_answered_is_no_question_of_how_many(body: JSON) -> None:
    crowd = FewAtATime(2 * CROWD, threads=0, body=body)
    assert crowd.tell().notes == []
    assert len(crowd.told) == 2 * CROWD


def test_what_is_asked_for_by_name_may_hang_by_itself() -> None:
    crowd = FewAtATime(2 * CROWD, threads=4, body=CALL)
    crowd.tell()
    assert not list(left_waiting(crowd.recorder.trace().exchanges))


def test_a_target_that_stays_silent_is_left_in_peace() -> None:
    crowd = FewAtATime(2 * CROWD, threads=4)
    ask = crowd.ask

    async def last_gasp(story: str) -> None:
        crowd.threads = 4 if len(crowd.told) < 2 * CROWD else 0
        await ask(story)

    crowd.ask = last_gasp  # type: ignore[method-assign]
    crowd.tell()
    assert len(crowd.told) == 2 * CROWD + GIVE_UP
