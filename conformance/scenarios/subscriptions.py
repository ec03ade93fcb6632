"""Subscriptions: who listens to what, while reports and changes come and go, and how a subscription ends."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import LISTEN, MODERN_REVISIONS
from conformance.evidence.trace import JSON
from conformance.scenarios.resources import UPDATED, WATCHED, heard

CHANGES = {"tools": "change-tools", "prompts": "change-prompts", "resources": "change-resources"}
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
TOOLS, PROMPTS, RESOURCES = "toolsListChanged", "promptsListChanged", "resourcesListChanged"
URIS = "resourceSubscriptions"
ELSEWHERE = "test://static-text"
EVERYTHING: dict[str, JSON] = {TOOLS: True, PROMPTS: True, RESOURCES: True, URIS: [WATCHED]}


@scenario(
    "subs.listen",
    "subs.ack-first",
    "subs.ack-filter",
    "subs.id",
    "subs.changes-only",
    "log.same-stream",
    "stream.related",
    "stream.no-buffering",
    revisions=MODERN_REVISIONS,
)
async def listening_beside_calls(client: Client) -> None:
    """Listen for everything and for little, and call tools that report and log meanwhile."""
    speaker = client.modern()
    filters: dict[JSON, dict[str, JSON]] = {"all": EVERYTHING, 41: {PROMPTS: True, TOOLS: False}, "41": {}}
    fixtures = client.wire.profile.fixtures
    async with _listening(speaker, filters), anyio.create_task_group() as tasks:
        if "progress" in fixtures:
            tasks.start_soon(_call, speaker, fixtures["progress"], "beside", None)
        if "log" in fixtures:
            tasks.start_soon(_call, speaker, fixtures["log"], None, "debug")
        tasks.start_soon(client.quiet)


@scenario(
    "subs.id",
    "subs.filter",
    "subs.resources",
    "tools.list-changed",
    "prompts.list-changed",
    "prompts.negotiated",
    "resources.list-changed",
    revisions=MODERN_REVISIONS,
    alone=True,
)
async def changes_are_told(client: Client) -> None:
    """Have the lists and a resource change while one listens for everything, and others for one thing each.

    Before that somebody listens who leaves again, which is nobody else's concern.
    """
    speaker = client.modern()
    fixtures = client.wire.profile.fixtures
    kinds = [kind for kind, role in CHANGES.items() if kind in speaker.capabilities and role in fixtures]
    changes = [fixtures[CHANGES[kind]] for kind in kinds]
    update = [fixtures["update-resource"]] if "update-resource" in fixtures else []
    filters: dict[JSON, dict[str, JSON]] = {
        "all": EVERYTHING,
        7000: {TOOLS: True},  # beyond the numbers that other requests have
        "7000": {PROMPTS: True, URIS: [ELSEWHERE]},
    }
    async with _listening(speaker, filters) as streams:
        async with _listening(speaker, {"who leaves": EVERYTHING}) as leaving:
            pass
        await leaving[0].gone()
        await _list_all(speaker, kinds)
        await _call_all(speaker, changes + update)
        methods = [f"notifications/{kind}/list_changed" for kind in kinds] + [UPDATED for _ in update]
        async with anyio.create_task_group() as tasks:
            for method in methods:
                tasks.start_soon(heard, client, streams[0], method)
        await _list_all(speaker, kinds)
        await _call_all(speaker, changes)  # and all is as it was before
        await client.quiet()
    roles = [role for kind, role in CHANGES.items() if kind in speaker.capabilities] + ["update-resource"]
    if missing := [client.wire.profile.missing(role) for role in roles if role not in fixtures]:
        raise Unmet("; ".join(missing))  # said at the end, when the rest has been shown


@scenario("tools.list-changed", "subs.id", revisions=MODERN_REVISIONS, alone=True)
async def two_clients_listen(client: Client) -> None:
    """Two clients listen under the same id, which is each one's own, while the list of tools changes."""
    fixture = client.fixture("change-tools")
    clients = client.modern(), client.modern()
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(_listening(each, {"one": {TOOLS: True}})) for each in clients]
        await _list_all_at_once(clients)
        await clients[0].call(fixture)
        async with anyio.create_task_group() as tasks:
            for (stream,) in streams:
                tasks.start_soon(heard, client, stream, "notifications/tools/list_changed")
        await _list_all_at_once(clients)
        await clients[0].call(fixture)  # and all is as it was before


async def _list_all_at_once(clients: Iterable[ModernSpeaker]) -> None:
    async with anyio.create_task_group() as tasks:
        for each in clients:
            tasks.start_soon(_list_all, each, ["tools"])


@scenario(
    "subs.graceful",
    "subs.cancelled",
    "subs.cancelled-only",
    "cancel.valid-id",
    "subs.id",
    "stream.closes",
    revisions=MODERN_REVISIONS,
    alone=True,
)
async def subscription_ended(client: Client) -> None:
    """Listen, have the server end the subscription, and wait for the end of the stream."""
    fixture = client.fixture("end-subscriptions")
    speaker = client.modern()
    named = fixture.arguments.get("id")
    async with _listening(speaker, {named if isinstance(named, str) else "to-be-ended": {TOOLS: True}}) as (stream,):
        await speaker.call(fixture)
        await stream.settle(client.wire.timeout)


@asynccontextmanager
async def _listening(speaker: ModernSpeaker, filters: dict[JSON, dict[str, JSON]]) -> AsyncIterator[list[Connection]]:
    """Subscriptions of one client, by their ids, acknowledged and open as long as the block lasts. Raises Unmet."""
    async with AsyncExitStack() as stack:
        connections = [
            speaker.post(speaker.asking(LISTEN, {"notifications": wanted}, id=id)) for id, wanted in filters.items()
        ]
        for connection in connections:
            stack.callback(connection.close)
        for connection in connections:
            await _acknowledged(connection)
        yield connections


async def _acknowledged(connection: Connection) -> None:
    exchange = await connection.head()
    if not (exchange.ok and exchange.is_stream):
        await connection.settle()
        raise Unmet(f"{LISTEN} was answered with {exchange.status} and {exchange.media_type or 'no media type'}")
    await connection.until(lambda message: message.method == ACKNOWLEDGED or message.is_response, "acknowledgement")


async def _call(speaker: ModernSpeaker, fixture: Fixture, token: JSON, level: JSON) -> None:
    await speaker.to_the_end(speaker.calling(fixture, token=token, level=level))


async def _call_all(speaker: ModernSpeaker, fixtures: Iterable[Fixture]) -> None:
    async with anyio.create_task_group() as tasks:
        for fixture in fixtures:
            tasks.start_soon(speaker.call, fixture)


async def _list_all(speaker: ModernSpeaker, kinds: Iterable[str]) -> None:
    async with anyio.create_task_group() as tasks:
        for kind in kinds:
            tasks.start_soon(speaker.pages, f"{kind}/list")
