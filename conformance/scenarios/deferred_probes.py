"""The tasks extension with clients that do not declare it, and with requests that older tasks knew."""

from collections.abc import Mapping

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.era import LISTEN, MODERN_REVISIONS, TASK_METHODS
from conformance.evidence.trace import JSON
from conformance.scenarios.deferred import cancel, fixtures_for, make, until_ended, with_tasks
from conformance.scenarios.subscriptions import ACKNOWLEDGED

OLD_TASKS: dict[str, JSON] = {"list": {}, "cancel": {}, "requests": {"tools": {"call": {}}}}
WISHES: dict[str, JSON] = {"ttl": 60_000, "pollInterval": 100}


@scenario(
    "ext-tasks.undeclared",
    "ext-tasks.required",
    "ext-tasks.methods-undeclared",
    "ext-tasks.listen-undeclared",
    "ext.fallback",
    "caps.missing",
    "codes.meaning",
    revisions=MODERN_REVISIONS,
)
async def deferred_undeclared(client: Client) -> None:
    """Make a task; then make calls with the extension and without, and ask for that task without it."""
    speaker, stranger, older = await with_tasks(client), client.modern(), client.modern()
    older.declared = {**older.declared, "tasks": OLD_TASKS}
    task = await make(speaker, fixtures_for(client, "deferred-fails", "deferred")[0])
    fixtures = fixtures_for(client, "deferred-soon", "deferred-fails", "deferred-breaks")
    wanted: dict[str, JSON] = {"notifications": {"taskIds": [task]}}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(until_ended, speaker, task)
        for fixture in fixtures:
            tasks.start_soon(speaker.call, fixture)
        for other in (stranger, older):
            for fixture in fixtures:
                tasks.start_soon(_ask, other, other.calling(fixture), {}, None)
            for method in TASK_METHODS:
                about = other.asking(method, _about(method, task))
                tasks.start_soon(_ask, other, about, {}, "the client does not declare the tasks extension")
        tasks.start_soon(
            _ask, stranger, stranger.asking(LISTEN, wanted), {}, "the client does not declare the tasks extension"
        )


@scenario(
    "ext-tasks.unknown",
    "ext-tasks.unknown-acts",
    "ext-tasks.removed",
    "method.404",
    "hdr.mismatch",
    "hdr.mismatch-code",
    revisions=MODERN_REVISIONS,
)
async def deferred_unknown(client: Client) -> None:
    """Ask for a task that does not exist, in the ways of older revisions, and with another name in the header."""
    speaker = await with_tasks(client)
    async with anyio.create_task_group() as tasks:
        for method in TASK_METHODS:
            about = speaker.asking(method, _about(method, "no-such-task"))
            tasks.start_soon(_ask, speaker, about, {}, "a task that does not exist")
        for method, params in (("tasks/result", _about("tasks/get", "no-such-task")), ("tasks/list", {})):
            older = speaker.asking(method, params)
            tasks.start_soon(_ask, speaker, older, {}, "there is no such method any more")
        if "deferred-long" in client.wire.profile.fixtures:
            tasks.start_soon(_named_wrongly, speaker, client.fixture("deferred-long"))


async def _named_wrongly(speaker: ModernSpeaker, fixture: Fixture) -> None:
    task = await make(speaker, fixture)
    about = speaker.asking("tasks/get", {"taskId": task})
    await speaker.complete(speaker.post(about))
    again = speaker.asking("tasks/get", {"taskId": task})
    await _ask(speaker, again, {"Mcp-Name": "another-task"}, "Mcp-Name names another task")
    older = speaker.asking("tasks/result", {"taskId": task})
    await _ask(speaker, older, {}, "there is no such method any more")
    await cancel(speaker, task)


@scenario("ext-tasks.task-param", revisions=MODERN_REVISIONS)
async def deferred_wishes(client: Client) -> None:
    """Call a tool with the param that once asked for a task, and without it."""
    speaker = await with_tasks(client)
    for fixture in fixtures_for(client, "simple", "deferred-fails"):
        for wishes in ({}, {"task": WISHES}, {}):
            params: dict[str, JSON] = {"name": fixture.tool, "arguments": dict(fixture.arguments), **wishes}
            intent = "a `task` among the params, as in 2025-11-25" if wishes else None
            await _ask(speaker, speaker.asking("tools/call", params), {}, intent)


def _about(method: str, task: str) -> dict[str, JSON]:
    """The params of a request about a task."""
    answers: dict[str, JSON] = {"inputResponses": {}} if method == "tasks/update" else {}
    return {"taskId": task, **answers}


async def _ask(
    speaker: ModernSpeaker, body: dict[str, JSON], headers: Mapping[str, str | None], intent: str | None
) -> None:
    """Send what may be refused, and wait until it is over."""
    connection = speaker.post(body, headers=headers, intent=intent)
    await connection.head()
    await connection.until_over_or(lambda message: message.is_response or message.method == ACKNOWLEDGED)
    connection.close()
