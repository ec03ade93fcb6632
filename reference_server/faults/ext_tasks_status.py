"""Faults in what a task says of itself: the tasks extension."""

from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Job
from reference_server.subscriptions import Subscription
from reference_server.tasks_extension import Deferred


class LifetimesAreInSeconds(ReferenceServer):
    """The lifetime of a task is told as a text, with its unit."""

    breaks: ClassVar = "ext-tasks.shape"

    def bare_task(self, job: Deferred) -> JsonObject:
        return {**super().bare_task(job), "ttlMs": f"{job.ttl} ms"}


class TimesOfTasksAreCounted(ReferenceServer):
    """The times of a task are numbers of seconds since 1970."""

    breaks: ClassVar = "ext-tasks.shape"

    def bare_task(self, job: Deferred) -> JsonObject:
        return {**super().bare_task(job), "lastUpdatedAt": 1785196800}


class TasksAreWrapped(ReferenceServer):
    """The result that is a task has the task once more, where it was in 2025-11-25."""

    breaks: ClassVar = "ext-tasks.plain"

    def created(self, job: Deferred) -> JsonObject:
        return {**super().created(job), "task": self.task_object(job)}


class TasksCarryState(ReferenceServer):
    """Who looks at a task gets state to carry, as if it were to try again."""

    breaks: ClassVar = "ext-tasks.plain"

    def detailed(self, job: Deferred) -> JsonObject:
        return {**super().detailed(job), "requestState": "carry-this"}


class TasksGoByAnotherName(ReferenceServer):
    """tasks/get says another id than the one that was asked for."""

    breaks: ClassVar = "ext-tasks.get"

    def detailed(self, job: Deferred) -> JsonObject:
        return {**super().detailed(job), "taskId": job.id.swapcase()}

    def tell_of_task(self, job: Deferred) -> None:
        return None


class TasksWaitInSilence(ReferenceServer):
    """A task that needs input does not say which."""

    breaks: ClassVar = "ext-tasks.input-requests"

    def open_questions(self, job: Deferred) -> JsonObject:
        return {key: {"prompt": question.method} for key, question in job.questions.items()}


class ResultsOfTasksHaveToBeFetched(ReferenceServer):
    """A completed task has no result."""

    breaks: ClassVar = "ext-tasks.completed"

    def detail(self, job: Deferred) -> JsonObject:
        return {} if job.status == "completed" and not (job.result or {}).get("isError") else super().detail(job)


class ErrorsOfTasksAreWords(ReferenceServer):
    """A failed task has the words of its error, and no code."""

    breaks: ClassVar = "ext-tasks.failed"

    def inlined_error(self, job: Deferred) -> JsonObject:
        return {"message": super().inlined_error(job)["message"]}


class BrokenCallsAreCompleted(ReferenceServer):
    """A call that ends in a JSON-RPC error leaves a completed task."""

    breaks: ClassVar = "ext-tasks.failed"

    def set_status(self, job: Job, status: str, message: str) -> None:
        if isinstance(job, Deferred) and status == "failed":
            status, job.result = "completed", {"content": []}
        super().set_status(job, status, message)


class FailedTasksGiveNoReason(ReferenceServer):
    """A task that failed does not say why."""

    breaks: ClassVar = "ext-tasks.failed-message"

    def bare_task(self, job: Deferred) -> JsonObject:
        task = super().bare_task(job)
        return {name: value for name, value in task.items() if job.status != "failed" or name != "statusMessage"}


class FailuresOfToolsAreFailedTasks(ReferenceServer):
    """A tool that reports a failure leaves a failed task."""

    breaks: ClassVar = "ext-tasks.tool-error"

    def status_for_result(self, job: Job, result: JsonObject) -> str:
        return "failed" if result.get("isError") is True else "completed"


class TasksThatHaveEndedAreCancelled(ReferenceServer):
    """A task that has ended and is cancelled then is a cancelled task."""

    breaks: ClassVar = "ext-tasks.terminal"

    def on_late_cancel_of_deferred(self, job: Deferred) -> None:
        job.status = "cancelled"


class EverybodyHearsOfEveryTask(ReferenceServer):
    """Who listens for one task hears of all."""

    breaks: ClassVar = "ext-tasks.notified"

    def hears_of_task(self, subscription: Subscription, job: Deferred) -> bool:
        ids: Json = subscription.told_of.get("taskIds")
        return bool(ids)
