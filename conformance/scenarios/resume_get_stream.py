"""A GET stream that was down while things happened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import followed
from conformance.evidence.trace import Event

FULL = 409  # what a session says that has a stream already


@scenario("event.id-unique", "event.id-stream", "resume.same-stream")
async def resume_get_stream(client: Client) -> None:
    """Leave a GET stream, miss events and fetch them; open a second one beside it, and fetch them once more."""
    change = client.fixture("change-tools")
    session = await client.initialize()
    async with session.listen() as stream:
        await session.call(change)
        last = await _message(client, stream)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(session.call, change)
        tasks.start_soon(_report_progress, client, session)
    async with _back(client, session, last) as stream:
        await _message(client, stream)
        other = session.get()
        if (await other.head()).is_stream:  # a server need not offer two at once
            await session.call(change)
            await _message(client, other)
        other.close()
    async with _back(client, session, last) as stream:
        await _message(client, stream)


@asynccontextmanager
async def _back(client: Client, session: ClientSession, last: Event) -> AsyncIterator[Connection]:
    """Come back to the stream; where a server has room for one alone, it may not know yet that we left the other."""
    stream = session.get(last.id)
    if (await stream.head()).status == FULL:
        await client.quiet()
        stream = session.get(last.id)
    async with followed(stream):
        yield stream


async def _report_progress(client: Client, session: ClientSession) -> None:
    if "progress" in client.wire.profile.fixtures:
        await session.call(client.fixture("progress"), token="beside-a-get-stream")


async def _message(client: Client, stream: Connection) -> Event:
    """Wait for a message until silence counts. Raises Unmet if there is none that a client can come back with."""
    with at_most(client.wire.window):
        await stream.until_events(1, lambda event: event.carries_message)
    found = next((event for event in stream.events if event.carries_message and event.id), None)
    if found is None:
        raise Unmet("no message with an event id came on the GET stream, so there is nothing to resume from")
    return found
