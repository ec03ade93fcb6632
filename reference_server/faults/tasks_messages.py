"""Faults in the messages that belong to a task."""

from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Job


class MessagesDoNotNameTheirTask(ReferenceServer):
    """Questions and progress of a task do not say that they belong to it."""

    breaks: ClassVar = "tasks.related"

    def related(self, job: Job, message: JsonObject) -> JsonObject:
        return message


class TasksNameThemselvesTwice(ReferenceServer):
    """The result of tasks/get names its task in the metadata too."""

    breaks: ClassVar = "tasks.no-related-in-get"

    def got_result(self, job: Job) -> JsonObject:
        return {**super().got_result(job), "_meta": self.mark(job)}


class StatusNotificationsNameTheirTaskTwice(ReferenceServer):
    """Status notifications name their task in the metadata too."""

    breaks: ClassVar = "tasks.status-no-related"

    def status_params(self, job: Job) -> JsonObject:
        return {**super().status_params(job), "_meta": self.mark(job)}


class ProgressOfTasksNamesTheTask(ReferenceServer):
    """Progress of a task has the task's id for a token."""

    breaks: ClassVar = "tasks.progress-token"
    also: ClassVar = {"progress.known-token": "no request gave that token"}

    def progress_token(self, call: Call) -> Json:
        token = super().progress_token(call)
        return token if call.job is None or token is None else call.job.id


class CancelledTasksGoOn(ReferenceServer):
    """The work on a cancelled task goes on, and its progress is reported."""

    breaks: ClassVar = "tasks.progress-stops"

    def stop_work(self, job: Job) -> None:
        job.call.done = False
