"""A client that closes a response stream, which from 2026-07-28 on is how a request is cancelled."""

from dataclasses import replace
from secrets import token_hex

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import Message


@scenario("disconnect.cancels", "cancel.stop", "cancel.silent", "stream.no-buffering", revisions=MODERN_REVISIONS)
async def leaving(client: Client) -> None:
    """Begin a piece of work twice, close the stream of the first, and look how far both come.

    On a busy machine much of the work may be done before anybody has looked twice; then again with slower work. Its
    name is new each time, because a server may count for several runs.
    """
    work, done = client.fixture("work"), client.fixture("work-done")
    speaker = client.modern()
    for times in (1, 2, 4):
        if await _leave_in_time(client, speaker, work.slowed(times), done, f"{times}-{token_hex(4)}"):
            break


async def _leave_in_time(client: Client, speaker: ModernSpeaker, work: Fixture, done: Fixture, name: str) -> bool:
    """Whether the second look found no more than half done of the work that was left."""
    left, undisturbed = f"left-behind-{name}", f"undisturbed-{name}"
    finished = anyio.Event()

    async def leave_alone() -> None:
        await speaker.call(_labelled(work, undisturbed), token=undisturbed)
        finished.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(leave_alone)
        await _begin_and_leave(client, speaker, _labelled(work, left), left)
        await speaker.call(_labelled(done, left))
        await client.quiet()
        second = await speaker.call(_labelled(done, left))
        await client.quiet()
        await speaker.call(_labelled(done, left))
        await finished.wait()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(speaker.call, _labelled(done, left))
        whole = await speaker.call(_labelled(done, undisturbed))
    return 2 * _steps(second) <= _steps(whole)


async def _begin_and_leave(client: Client, speaker: ModernSpeaker, work: Fixture, token: str) -> None:
    """Drop the connection as soon as the work is seen to have begun."""
    async with speaker.stream(speaker.calling(work, token=token)) as stream:
        with at_most(client.wire.window):
            await stream.until(lambda message: message.method == "notifications/progress", "progress")


def _steps(answer: Message) -> int:
    """The number that a look was answered with, 0 where it is none."""
    content = answer.result.get("content")
    block = content[0] if isinstance(content, list) and content else None
    text = block.get("text") if isinstance(block, dict) else None
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _labelled(fixture: Fixture, label: str) -> Fixture:
    """The same call about a piece of work of this name: each text among its arguments is one."""
    named = {name: f"{value}-{label}" for name, value in fixture.arguments.items() if isinstance(value, str)}
    return replace(fixture, arguments={**fixture.arguments, **named})
