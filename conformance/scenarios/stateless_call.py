"""A client asks, the server answers: the plainest story there is."""

import anyio

from conformance.client import Client, ClientSession
from conformance.scenario import scenario

LISTS = {"tools": "tools/list", "resources": "resources/list", "prompts": "prompts/list"}


@scenario(
    "ping.reply",
    "init.result",
    "utf8",
    "jsonrpc",
    "jsonrpc.id-echo",
    "jsonrpc.result-or-error",
    "jsonrpc.not-both",
    "jsonrpc.no-reply",
    "schema.message",
    "schema.valid",
    "schema.prefer-2020",
    "meta.prefix",
    "meta.labels",
    "meta.name",
    "post.202",
    "post.content-type",
)
async def stateless_call(client: Client) -> None:
    """Initialize, ping, list what there is and call a tool: one POST and one answer each, under ids of both types."""
    session = await client.initialize()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_ask, session, "ping", 1_000_001)
        tasks.start_soon(_ask, session, "ping", "ping-1")
        for capability, method in LISTS.items():
            if capability in session.capabilities:
                tasks.start_soon(_ask, session, method, f"list {capability}")
    if "tools" in session.capabilities:
        await session.call(client.fixture("simple"))


async def _ask(session: ClientSession, method: str, id: int | str) -> None:
    await session.request(method, id=id)
