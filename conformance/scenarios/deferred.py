"""What the stories about the tasks extension share: tasks are made, looked at, and waited for."""

from collections.abc import Callable

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.replies import to_input_request
from conformance.driving.scenario import Unmet
from conformance.evidence.era import TASKS
from conformance.evidence.trace import JSON, Message

FINAL = ("completed", "failed", "cancelled")
LONGEST_PAUSE = 1.0  # seconds between two looks, whatever the server would like
DEFAULT_PAUSE = 0.05  # seconds, where the server has no wish
LOOKS = 40


async def with_tasks(client: Client) -> ModernSpeaker:
    """A client that declares the extension. Raises Unmet if the server does not."""
    speaker = client.modern()
    offered = speaker.capabilities.get("extensions")
    if not isinstance(offered, dict) or TASKS not in offered:
        await speaker.request("server/discover")
        raise Unmet("the server does not declare the tasks extension")
    speaker.declared = {**speaker.declared, "extensions": {TASKS: {}}}
    return speaker


def fixtures_for(client: Client, *roles: str) -> list[Fixture]:
    """The target's tools in these roles. Raises Unmet if it has none."""
    known = client.wire.profile.fixtures
    return [known[role] for role in roles if role in known] or [client.fixture(roles[0])]


async def make(speaker: ModernSpeaker, fixture: Fixture) -> str:
    """Call a tool that becomes a task, and return the id. Raises Unmet if it does not become one."""
    return id_in(await speaker.call(fixture), fixture)


def id_in(answer: Message, fixture: Fixture) -> str:
    """The id of the task in the answer to a call. Raises Unmet if there is none."""
    id = answer.result.get("taskId")
    if not isinstance(id, str):
        raise Unmet(f"the call of {fixture.tool} did not become a task that can be asked for")
    return id


async def look(speaker: ModernSpeaker, task: str) -> Message:
    """tasks/get."""
    return await speaker.request("tasks/get", {"taskId": task})


async def cancel(speaker: ModernSpeaker, task: str) -> Message:
    """tasks/cancel."""
    return await speaker.request("tasks/cancel", {"taskId": task})


async def update(speaker: ModernSpeaker, task: str, answers: dict[str, JSON]) -> Message:
    """tasks/update."""
    return await speaker.request("tasks/update", {"taskId": task, "inputResponses": answers})


async def until(speaker: ModernSpeaker, task: str, is_so: Callable[[Message], bool]) -> Message:
    """Look at a task, as often as the server wishes, until it is as hoped or has ended.

    Raises Unmet if neither comes.
    """
    for _ in range(LOOKS):
        answer = await look(speaker, task)
        if answer.kind == "error" or has_ended(answer) or is_so(answer):
            return answer
        await anyio.sleep(pause(answer))
    raise Unmet(f"the task was still going on after {LOOKS} looks at it")


async def until_ended(speaker: ModernSpeaker, task: str) -> Message:
    """Look at a task until it has ended. Raises Unmet if it does not."""
    return await until(speaker, task, has_ended)


def has_ended(answer: Message) -> bool:
    """Whether a look shows a task that has ended."""
    return answer.result.get("status") in FINAL


def answers_to(answer: Message) -> dict[str, JSON]:
    """The answers to all that a task wants to know."""
    wanted = answer.result.get("inputRequests")
    return {key: to_input_request(question) for key, question in wanted.items()} if isinstance(wanted, dict) else {}


def pause(answer: Message) -> float:
    """How long to wait before the next look, in seconds."""
    wish = answer.result.get("pollIntervalMs")
    if isinstance(wish, int | float) and not isinstance(wish, bool) and wish >= 0:
        return min(wish / 1000, LONGEST_PAUSE)
    return DEFAULT_PAUSE
