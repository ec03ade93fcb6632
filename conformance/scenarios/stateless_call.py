"""A client asks, the server answers: the plainest story there is."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON, Message

LISTS = (
    ("tools", "tools/list"),
    ("resources", "resources/list"),
    ("resources", "resources/templates/list"),
    ("prompts", "prompts/list"),
)
TEXT = "test://static-text"  # these two are fixtures known by name, like the tools of a profile
PROMPT = "test_simple_prompt"
READ: dict[str, JSON] = {"uri": TEXT}
GET: dict[str, JSON] = {"name": PROMPT}


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
    revisions=BOTH_ERAS,
)
async def stateless_call(client: Client) -> None:
    """Begin, ask the plainest thing, list what there is, read and call: one POST and one answer each."""
    session = await client.begin()
    lists: dict[str, Message] = {}

    async def list_all(method: str) -> None:
        lists[method] = await session.request(method, id=f"list {method}")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_ask, session, session.plainest, 1_000_001)
        tasks.start_soon(_ask, session, session.plainest, "plain-1")
        for capability, method in LISTS:
            if capability in session.capabilities:
                tasks.start_soon(list_all, method)
    async with anyio.create_task_group() as tasks:
        if _offers(lists, "resources", "uri", TEXT):
            tasks.start_soon(_ask, session, "resources/read", "read", READ)
        if _offers(lists, "prompts", "name", PROMPT):
            tasks.start_soon(_ask, session, "prompts/get", "get", GET)
        if "tools" in session.capabilities:
            await session.call(client.fixture("simple"))


async def _ask(session: Speaker, method: str, id: int | str, params: dict[str, JSON] | None = None) -> None:
    await session.request(method, params, id=id)


def _offers(lists: dict[str, Message], what: str, member: str, value: str) -> bool:
    """Whether a list has an entry of this name."""
    entries = lists[f"{what}/list"].result.get(what) if f"{what}/list" in lists else None
    return isinstance(entries, list) and any(isinstance(e, dict) and e.get(member) == value for e in entries)
