"""The transport of 2024-11-05, as far as it is worth a look: is it there, and is it in order?"""

import anyio

from conformance.driving.client import Client
from conformance.driving.http_sse import connect
from conformance.driving.scenario import scenario
from conformance.evidence.era import HTTP_SSE

OLD = (HTTP_SSE,)
FOREIGN = {"Accept": "text/event-stream", "Origin": "https://evil.example"}


@scenario(
    "sse.endpoint",
    "sse.two-endpoints",
    "jsonrpc",
    "jsonrpc.result-or-error",
    "ping.reply",
    revisions=OLD,
)
async def old_session(client: Client) -> None:
    """Open the stream, post to the endpoint that it names: initialize, ping twice, ask for what there is not."""
    session = await connect(client)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(session.request, "ping")
        tasks.start_soon(session.request, "tools/list" if "tools" in session.capabilities else "ping")
    unknown = session.asking("conformance/there-is-no-such-method", id="nowhere")
    await session.complete(session.post(unknown, intent="the method does not exist"))


@scenario("origin.validate", revisions=OLD)
async def foreign_listener(client: Client) -> None:
    """Open the stream as a page of this machine's user would, from a site that nobody knows."""
    session = await connect(client)
    await session.request("ping")
    stranger = client.stranger()
    stream = stranger.send("GET", headers=FOREIGN, intent="the Origin is foreign")
    await stream.head()
    await stream.settle()
    stream.close()
