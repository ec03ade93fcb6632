"""A call becomes a task: it is looked at, waited for, and looked at again."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.connection import Connection
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.trace import JSON, Message

FINAL = ("completed", "failed", "cancelled")
TTL_MS = 60_000
LONGEST_PAUSE = 1.0  # seconds between two looks, whatever the server would like
DEFAULT_PAUSE = 0.05  # seconds, where the server has no wish
LOOKS = 30
PAGES = 30


@scenario(
    "tasks.capability",
    "tasks.create-result",
    "tasks.id-string",
    "tasks.starts-working",
    "tasks.transitions",
    "tasks.terminal",
    "tasks.created-at",
    "tasks.updated-at",
    "tasks.ttl-shown",
    "tasks.get-json",
    "tasks.result-final",
    "tasks.result-blocks",
    "tasks.related-in-result",
    "tasks.no-related-in-get",
    "tasks.status-no-related",
    "tasks.related",
    "tasks.progress-token",
    "tasks.progress-stops",
    "tasks.cancel-terminal",
    "tasks.list-complete",
    revisions=("2025-11-25",),
)
async def task_lifecycle(client: Client) -> None:
    """Call a slow tool as a task, look at it while its result is waited for, and ask for everything once more."""
    session = await with_tasks(client)
    await listening(client, session)
    task = await make(session, client.fixture("task"), token="of-a-task")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(session.request, "tools/list")
        waiting = session.post(session.asking("tasks/result", {"taskId": task}))
        tasks.start_soon(session.complete, waiting)
        await look(session, task)
    await until_ended(session, task)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fetch, session, task)
        if declares(session, "list"):
            tasks.start_soon(read_list, session)
        if declares(session, "cancel"):
            tasks.start_soon(cancel, session, task)
    await look(session, task)


async def with_tasks(client: Client) -> ClientSession:
    """A session in which tool calls may become tasks. Raises Unmet if the server does not declare that."""
    session = await client.initialize()
    if not declares(session, "requests", "tools", "call"):
        raise Unmet("the server does not declare tasks")
    return session


def declares(session: ClientSession, *path: str) -> bool:
    """Whether the server declared tasks, and in them what this path leads to."""
    value: JSON = session.capabilities.get("tasks")
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None and value is not False


async def listening(client: Client, session: ClientSession) -> Connection:
    """A GET stream for what has no other way to come, given a moment to open."""
    connection = session.get()
    with at_most(client.wire.window):
        await connection.head()
    return connection


def making(session: ClientSession, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> dict[str, JSON]:
    """A tools/call that asks for a task; `id` is one that the client proposes, which is not for it to do."""
    call = session.calling(fixture, token=token)
    params = call["params"]
    assert isinstance(params, dict)
    wishes: dict[str, JSON] = {"ttl": TTL_MS} | ({} if id is None else {"taskId": id})
    return call | {"params": params | {"task": wishes}}


async def make(session: ClientSession, fixture: Fixture, *, token: JSON = None) -> str:
    """Have a call made a task, and return its id. Raises Unmet if it does not become one."""
    answer = await session.complete(session.post(making(session, fixture, token=token)))
    task = answer.result.get("task")
    id = task.get("taskId") if isinstance(task, dict) else None
    if not isinstance(id, str):
        raise Unmet(f"the call of {fixture.tool} did not become a task that can be asked for")
    return id


async def look(session: ClientSession, task: str) -> Message:
    """tasks/get."""
    return await session.request("tasks/get", {"taskId": task})


async def fetch(session: ClientSession, task: str) -> Message:
    """tasks/result, which waits for the end."""
    return await session.request("tasks/result", {"taskId": task})


async def cancel(session: ClientSession, task: str) -> Message:
    """tasks/cancel."""
    return await session.request("tasks/cancel", {"taskId": task})


async def until_ended(session: ClientSession, task: str) -> None:
    """Look at a task, as often as the server wishes, until it has ended. Raises Unmet if it does not."""
    for _ in range(LOOKS):
        answer = await look(session, task)
        if answer.kind == "error" or answer.result.get("status") in FINAL:
            return
        await anyio.sleep(pause(answer))
    raise Unmet(f"the task had not ended after {LOOKS} looks at it")


def pause(answer: Message) -> float:
    """How long to wait before the next look, in seconds."""
    wish = answer.result.get("pollInterval")
    if isinstance(wish, int | float) and not isinstance(wish, bool) and wish >= 0:
        return min(wish / 1000, LONGEST_PAUSE)
    return DEFAULT_PAUSE


async def read_list(session: ClientSession) -> None:
    """tasks/list, page by page."""
    cursor: JSON = None
    for _ in range(PAGES):
        answer = await session.request("tasks/list", {} if cursor is None else {"cursor": cursor})
        cursor = answer.result.get("nextCursor")
        if not isinstance(cursor, str):
            return
