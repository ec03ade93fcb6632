"""Faults in the life of a task."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject, Request
from reference_server.server import ReferenceServer
from reference_server.state import Job, Session


class TasksBeginWithAQuestion(ReferenceServer):
    """A new task is input_required before it has even begun."""

    breaks: ClassVar = "tasks.starts-working"

    def created_result(self, job: Job) -> JsonObject:
        return {"task": {**self.task_object(job), "status": "input_required"}}


class TasksAreInProgress(ReferenceServer):
    """tasks/get says `in_progress` where it means `working`."""

    breaks: ClassVar = "tasks.transitions"
    also: ClassVar = {"schema.message": "the schema knows five statuses"}

    def got_result(self, job: Job) -> JsonObject:
        task = super().got_result(job)
        return {**task, "status": "in_progress"} if job.status == "working" else task


class FetchedTasksFail(ReferenceServer):
    """A task that was completed has failed as soon as its result is fetched."""

    breaks: ClassVar = "tasks.terminal"

    def outcome_of(self, job: Job) -> JsonObject:
        job.status = "failed" if job.status == "completed" else job.status
        return super().outcome_of(job)


class TasksGetIsAStream(ReferenceServer):
    """tasks/get is answered with an event stream."""

    breaks: ClassVar = "tasks.get-json"

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        return request.method == "tasks/get" or super().answers_with_stream(session, request)


class TasksDoNotSayThatTheyAsk(ReferenceServer):
    """A task that waits for its client is working all the time."""

    breaks: ClassVar = "tasks.input-required"

    def on_input_needed(self, job: Job) -> None:
        pass


class TasksWaitForWhatTheyHave(ReferenceServer):
    """A task that got its answer is input_required until it has ended."""

    breaks: ClassVar = "tasks.leave-input"

    def on_input_received(self, job: Job) -> None:
        pass


class TasksSayWhenTheyWereCreatedInWords(ReferenceServer):
    """The time of creation is a phrase."""

    breaks: ClassVar = "tasks.created-at"

    def task_object(self, job: Job) -> JsonObject:
        return {**super().task_object(job), "createdAt": "a moment ago"}


class TasksCountSecondsSinceTheyChanged(ReferenceServer):
    """The time of the last change is a number of seconds, in digits."""

    breaks: ClassVar = "tasks.updated-at"

    def task_object(self, job: Job) -> JsonObject:
        return {**super().task_object(job), "lastUpdatedAt": "1764028800"}


class TasksHideTheirLifetime(ReferenceServer):
    """tasks/get does not say how long the task is kept."""

    breaks: ClassVar = "tasks.ttl-shown"
    also: ClassVar = {"schema.message": "the schema wants the lifetime too"}

    def got_result(self, job: Job) -> JsonObject:
        return {name: value for name, value in super().got_result(job).items() if name != "ttl"}


class FailedTasksSayNothing(ReferenceServer):
    """A task that failed has an empty message."""

    breaks: ClassVar = "tasks.failed-message"

    def end_message(self, status: str, message: str) -> str:
        return "" if status == "failed" else message
