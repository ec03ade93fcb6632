"""What there is to read, what there is not, and who hears of updates."""

from collections.abc import Iterable

import anyio

from conformance.client import Client, ClientSession
from conformance.connection import Connection
from conformance.scenario import Unmet, scenario
from conformance.scenarios.paging import all_entries
from conformance.trace import JSON, Message

AT_MOST = 3  # resources that are read
BINARY = ("image/", "audio/", "video/", "font/", "application/octet-stream", "application/pdf", "application/zip")
FILLED = {"test://template/{id}/data": "test://template/123/data"}  # a template known by name, and one of its URIs
MISSING = "test://no-such-resource"
WATCHED = "test://watched-resource"
UPDATED = "notifications/resources/updated"


@scenario(
    "resources.capability",
    "resources.list",
    "resources.uri-valid",
    "resources.base64",
    "resources.not-found-code",
    "resources.uri-checked",
)
async def resources(client: Client) -> None:
    """List the resources, read a few, one that there is not, and what is no URI."""
    session = await client.initialize()
    if "resources" not in session.capabilities:
        await session.request("resources/list", intent="resources are not declared")
        return
    lists: dict[str, list[dict[str, JSON]]] = {}

    async def list_all(method: str, member: str) -> None:
        lists[member] = await all_entries(session, method, member)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(list_all, "resources/list", "resources")
        tasks.start_soon(list_all, "resources/templates/list", "resourceTemplates")
    patterns = [str(template.get("uriTemplate")) for template in lists["resourceTemplates"]]
    filled = [FILLED[pattern] for pattern in patterns if pattern in FILLED]
    async with anyio.create_task_group() as tasks:
        for uri in [*_worth_reading(lists["resources"]), *filled, _missing(lists["resources"])]:
            tasks.start_soon(_read, session, uri, None)
        tasks.start_soon(_read, session, "no uri at all", "this is no URI")


async def _read(session: ClientSession, uri: str, intent: str | None) -> None:
    await session.request("resources/read", {"uri": uri}, intent=intent)


def objects(value: JSON) -> list[dict[str, JSON]]:
    """The objects in a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _worth_reading(listed: Iterable[dict[str, JSON]]) -> list[str]:
    """A few resources, binary ones first: those are rare."""
    binary = sorted(listed, key=lambda entry: not str(entry.get("mimeType")).startswith(BINARY))
    uris = [uri for entry in binary if isinstance(uri := entry.get("uri"), str)]
    return list(dict.fromkeys(uris))[:AT_MOST]


def _missing(listed: Iterable[dict[str, JSON]]) -> str:
    """A URI like those of the server, so that nothing but the resource is missing; never one on the web."""
    uris = [uri for entry in listed if isinstance(uri := entry.get("uri"), str)]
    own = next((u for u in uris if u.isascii() and "?" not in u and not u.startswith(("http:", "https:"))), None)
    return f"{own}-no-such-resource" if own else MISSING


@scenario("resources.subscribe", "resources.updated-subscribed")
async def resource_updates(client: Client) -> None:
    """Subscribe to a resource, have it updated, unsubscribe, and have it updated again, while others listen."""
    session = await client.initialize()
    offered = session.capabilities.get("resources")
    if not isinstance(offered, dict) or offered.get("subscribe") is not True:
        raise Unmet("the server does not declare resources.subscribe")
    update = client.wire.profile.fixtures.get("update-resource")
    uri = WATCHED if update is not None else await _first(session)
    async with anyio.create_task_group() as tasks:
        stream = session.get()
        tasks.start_soon(_listen_only, client)
        await stream.head()
        await session.request("resources/subscribe", {"uri": uri})
        if update is not None:
            await session.call(update)
            await heard(client, stream, UPDATED)
        await session.request("resources/unsubscribe", {"uri": uri})
        await session.request("ping")
        await session.call(client.fixture("update-resource"))
        await client.quiet()


async def _first(session: ClientSession) -> str:
    listed = objects((await session.request("resources/list")).result.get("resources"))
    uri = next((uri for entry in listed if isinstance(uri := entry.get("uri"), str)), None)
    if uri is None:
        raise Unmet("the server lists no resource to subscribe to")
    return uri


async def _listen_only(client: Client) -> None:
    """A session that has not subscribed to anything."""
    bystander = await client.initialize()
    await bystander.get().head()


async def heard(client: Client, stream: Connection, method: str) -> Message | None:
    """A notification, if it comes in the time in which it should."""
    with anyio.move_on_after(client.wire.window):
        return await stream.until_over_or(lambda message: message.method == method)
    return None
