"""Everything whose answer may be kept for a while."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import MODERN_REVISIONS
from conformance.scenarios.pagination import LISTS
from conformance.scenarios.paging import all_entries

AT_MOST = 2  # resources that are read, beside the one known by name
ASKING = "test://input-required"  # a resource known by its name, which asks who wants to read it


@scenario(
    "caching.hints",
    "caching.ttl",
    "caching.scope",
    "caching.scope-pages",
    "caching.interim",
    revisions=MODERN_REVISIONS,
)
async def caching(client: Client) -> None:
    """Ask what the server is, read all lists to their ends, and read a few resources."""
    speaker = client.modern()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(speaker.request, "server/discover")
        for capability, method in LISTS:
            if capability in speaker.capabilities and method != "resources/list":
                tasks.start_soon(speaker.pages, method)
        if "resources" in speaker.capabilities:
            tasks.start_soon(_list_and_read, speaker)


async def _list_and_read(speaker: Speaker) -> None:
    listed = await all_entries(speaker, "resources/list", "resources")
    uris = [uri for entry in listed if isinstance(uri := entry.get("uri"), str)]
    async with anyio.create_task_group() as tasks:
        for uri in dict.fromkeys([*uris[:AT_MOST], *(uri for uri in uris if uri == ASKING)]):
            tasks.start_soon(_read, speaker, uri)


async def _read(speaker: Speaker, uri: str) -> None:
    await speaker.request("resources/read", {"uri": uri})
