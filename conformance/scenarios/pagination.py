"""Lists on several pages, and cursors that lead nowhere."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS, LISTEN
from conformance.evidence.trace import JSON
from conformance.scenarios.subscriptions import ACKNOWLEDGED, PROMPTS, RESOURCES, TOOLS

LISTS = (
    ("tools", "tools/list"),
    ("resources", "resources/list"),
    ("resources", "resources/templates/list"),
    ("prompts", "prompts/list"),
)
NOWHERE = "no cursor of this server ☃"


@scenario("pagination.cursor-invalid", "pagination.stable", revisions=BOTH_ERAS)
async def pagination(client: Client) -> None:
    """Read each list to its end, use its first cursor once more, and one that the server never gave."""
    speaker = await client.begin()
    offered = [method for capability, method in LISTS if capability in speaker.capabilities]
    if not offered:
        raise Unmet("the server declares neither tools nor resources nor prompts")
    stream = await _stream_for_news(speaker)
    async with anyio.create_task_group() as tasks:
        for method in offered:
            tasks.start_soon(_leaf_through, speaker, method)
    stream.close()


async def _stream_for_news(speaker: Speaker) -> Connection:
    """The stream on which the server can say that a list has changed, if it will."""
    if isinstance(speaker, ClientSession):
        stream = speaker.get()
        await stream.head()
    else:
        stream = speaker.post(
            speaker.asking(LISTEN, {"notifications": {TOOLS: True, PROMPTS: True, RESOURCES: True}})
        )
        await stream.until_over_or(lambda message: message.method == ACKNOWLEDGED)
    return stream


async def _leaf_through(speaker: Speaker, method: str) -> None:
    pages = await speaker.pages(method)
    cursor = pages[0].result.get("nextCursor")
    if pages[0].kind != "result":
        raise Unmet(f"{method} was answered with the error {pages[0].error.get('code')!r}")
    async with anyio.create_task_group() as tasks:
        for again in [NOWHERE, cursor] if isinstance(cursor, str) else [NOWHERE]:
            tasks.start_soon(_turn_to, speaker, method, again)


async def _turn_to(speaker: Speaker, method: str, cursor: JSON) -> None:
    intent = "the server never gave this cursor" if cursor == NOWHERE else None
    await speaker.request(method, {"cursor": cursor}, intent=intent)
