"""What there is to read, and what there is not."""

from collections.abc import Iterable

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.paging import all_entries

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
    revisions=BOTH_ERAS,
)
async def resources(client: Client) -> None:
    """List the resources, read a few, one that there is not, and what is no URI."""
    speaker = await client.begin()
    if "resources" not in speaker.capabilities:
        await speaker.request("resources/list", intent="resources are not declared")
        return
    lists: dict[str, list[dict[str, JSON]]] = {}

    async def list_all(method: str, member: str) -> None:
        lists[member] = await all_entries(speaker, method, member)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(list_all, "resources/list", "resources")
        tasks.start_soon(list_all, "resources/templates/list", "resourceTemplates")
    patterns = [str(template.get("uriTemplate")) for template in lists["resourceTemplates"]]
    filled = [FILLED[pattern] for pattern in patterns if pattern in FILLED]
    async with anyio.create_task_group() as tasks:
        for uri in [*_worth_reading(lists["resources"]), *filled, _missing(lists["resources"])]:
            tasks.start_soon(_read, speaker, uri, None)
        tasks.start_soon(_read, speaker, "no uri at all", "this is no URI")


async def _read(speaker: Speaker, uri: str, intent: str | None) -> None:
    await speaker.request("resources/read", {"uri": uri}, intent=intent)


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


async def heard(client: Client, stream: Connection, method: str) -> Message | None:
    """A notification, if it comes in the time in which it should."""
    with at_most(client.wire.window):
        return await stream.until_over_or(lambda message: message.method == method)
    return None
