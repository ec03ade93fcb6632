"""The server closes the connection and lets the client come back for the rest."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario


@scenario("stream.retry", "stream.has-response", "stream.not-early-close")
async def polling(client: Client) -> None:
    """Call a tool twice whose answer takes a while; where the server closes the connection, come back with GET."""
    fixture = client.fixture("polling")
    session = await client.initialize()
    calls = [session.calling(fixture, token=name) for name in ("polled-1", "polled-2")]
    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(session.complete, session.post(call))


@scenario("get.polling", revisions=("2025-11-25",))
async def polling_get_stream(client: Client) -> None:
    """Let the server close the connection of a GET stream twice, and come back each time."""
    fixture = client.fixture("close-get")
    session = await client.initialize()
    connection = session.get()
    exchange = await connection.head()
    if not exchange.is_stream:
        raise Unmet(f"GET was answered with {exchange.status}, not with an event stream")
    last = None
    for _ in range(2):
        await session.call(fixture)
        await connection.settle()
        if not connection.ended:
            raise Unmet("the tool was called, and the GET stream's connection stayed open")
        last = next((event.id for event in reversed(connection.events) if event.id), last)
        connection = await session.come_back(connection, after=last)
        await connection.head()
    connection.close()
