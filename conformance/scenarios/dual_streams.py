"""A GET stream and the streams of tool calls at the same time: which message travels where?"""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import scenario

ELSEWHERE = ("change-tools", "change-prompts")
WATCHED = "test://watched-resource"


@scenario(
    "stream.related",
    "streams.once",
    "get.unrelated",
    "get.no-response",
    "progress.known-token",
    "log.capability",
    "schema.message",
)
async def dual_streams(client: Client) -> None:
    """Listen with GET while tools report progress, log, change lists and update a resource on their own POSTs."""
    busy = client.fixture("slow" if "slow" in client.wire.profile.fixtures else "progress")
    session = await client.initialize()
    async with session.listen():
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(session.request, "ping")
            tasks.start_soon(_make_news, client, session)
            if "log" in client.wire.profile.fixtures:
                tasks.start_soon(session.call, client.fixture("log"))
            await session.complete(session.post(session.calling(busy, token="beside-a-get-stream")))
        await client.quiet()


async def _make_news(client: Client, session: ClientSession) -> None:
    """What concerns no request: changed lists and an updated resource."""
    fixtures = client.wire.profile.fixtures
    resources = session.capabilities.get("resources")
    if "update-resource" in fixtures and isinstance(resources, dict) and resources.get("subscribe") is True:
        await session.request("resources/subscribe", {"uri": WATCHED})
        await session.call(client.fixture("update-resource"))
    for role in ELSEWHERE:
        if role in fixtures:
            await session.call(client.fixture(role))
