"""A task is cancelled while it is being worked on."""

import anyio

from conformance.driving.client import Client
from conformance.driving.patience import at_most
from conformance.driving.scenario import Unmet, scenario
from conformance.scenarios.task_lifecycle import cancel, declares, fetch, listening, look, make, pause, with_tasks

LONG_ENOUGH = 0.8  # seconds; a slow call works half a second or more


@scenario(
    "tasks.cancel-status",
    "tasks.cancel-final",
    "tasks.terminal",
    "tasks.progress-stops",
    revisions=("2025-11-25",),
)
async def task_cancelled(client: Client) -> None:
    """Have a slow call made a task, cancel it, and look at it until its work would have been done.

    A task that waits for its client is cancelled too: that one cannot be done before, however busy the machine is.
    """
    session = await with_tasks(client)
    if not declares(session, "cancel"):
        raise Unmet("the server does not declare tasks.cancel")
    stream = await listening(client, session)
    task = await make(session, client.fixture("task"), token="of-a-cancelled-task")
    with at_most(client.wire.window):
        await stream.until_over_or(lambda message: message.method == "notifications/progress")
    await cancel(session, task)
    over = anyio.current_time() + LONG_ENOUGH
    while anyio.current_time() < over:
        answer = await look(session, task)
        await anyio.sleep(pause(answer))
    await fetch(session, task)
    if "task-asks" in client.wire.profile.fixtures:
        waiting = await make(session, client.fixture("task-asks"))
        await cancel(session, waiting)
        await look(session, waiting)
