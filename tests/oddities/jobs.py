"""Tasks of 2025-11-25 (basic/utilities/tasks) in unusual ways."""

import asyncio
from typing import ClassVar

from reference_server.jsonrpc import METHOD_NOT_FOUND, JsonObject, RpcError
from reference_server.options import Options
from reference_server.state import Call, Job, Session
from tests.oddities.odd import Odd


class TasksAreNotOffered(Odd):
    """Trap 92: tasks are optional."""

    settings: ClassVar = Options(tasks=False)


class TasksAreNeitherListedNorCancelled(Odd):
    """`list` and `cancel` are declared apart from the tasks themselves."""

    def task_capability(self) -> JsonObject:
        return {"tasks": {"requests": {"tools": {"call": {}}}}}

    async def list_tasks(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "Tasks are not listed here.")

    async def cancel_task(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "Tasks are not cancelled here.")


class TasksLastForEver(Odd):
    """The ttl may be null, which is without end, and nobody need say how often to ask."""

    def task_object(self, job: Job) -> JsonObject:
        whole = super().task_object(job)
        return {**{name: value for name, value in whole.items() if name != "pollInterval"}, "ttl": None}


class TasksAreLookedAtWithoutHaste(Odd):
    """How often to ask is a suggestion; a task may have members that nobody knows."""

    def task_object(self, job: Job) -> JsonObject:
        silent: JsonObject = {} if job.status == "failed" else {"statusMessage": ""}
        return {**super().task_object(job), "pollInterval": 60_000, "x-queue": [1, None], **silent}


class TaskIdsAreOfAllLetters(Odd):
    """An id is text, and as long as the server likes."""

    def new_task_id(self, call: Call) -> str:
        return f"tâche/✓ {super().new_task_id(call)}{'x' * 500}"


class TimesAreWrittenOtherwise(Odd):
    """ISO 8601 has fractions and zones."""

    def task_object(self, job: Job) -> JsonObject:
        whole = super().task_object(job)
        times = {name: whole[name] for name in ("createdAt", "lastUpdatedAt")}
        return {
            **whole,
            **{name: str(value).replace(".", ",").replace("Z", "+00:00") for name, value in times.items()},
        }


class TasksAreDoneAtOnce(Odd):
    """What is quick may be over when it is first told of."""

    async def begin_job(self, call: Call) -> JsonObject:
        created = await super().begin_job(call)
        task = created["task"]
        job = call.session.jobs[str(task["taskId"] if isinstance(task, dict) else "")]
        if call.request.params.get("name") == "test_simple_text":
            await job.done.wait()
            return self.created_result(job)
        await asyncio.sleep(0)
        return created


class TasksTellOfThemselves(Odd):
    """The status may be told in notifications, as often as the server likes."""

    def set_status(self, job: Job, status: str, message: str) -> None:
        super().set_status(job, status, message)
        for _ in range(2):
            self.tell(job, self.notification("notifications/tasks/status", self.status_params(job)))


class TasksAreSilent(Odd):
    """Status notifications are a MAY."""

    def tell(self, job: Job, message: JsonObject) -> None:
        if message.get("method") != "notifications/tasks/status":
            super().tell(job, message)


class TasksMayBeSharedByAll(Odd):
    """A server without authorization may find a task by its id alone; then it offers no list."""

    every: ClassVar[dict[str, Job]] = {}

    def task_capability(self) -> JsonObject:
        return {"tasks": {"cancel": {}, "requests": {"tools": {"call": {}}}}}

    async def list_tasks(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "Tasks are not listed here.")

    def find_job(self, session: Session, task_id: str) -> Job | None:
        self.every.update(session.jobs)
        return self.every.get(task_id)
