"""Faults in what comes of tasks."""

from typing import ClassVar

from reference_server.background import RELATED
from reference_server.jsonrpc import JsonObject, RpcError, as_object
from reference_server.server import ReferenceServer
from reference_server.state import Call, Job
from reference_server.toolbox import fails


class ResultsOfTasksAreTasks(ReferenceServer):
    """tasks/result is answered with the state of the task."""

    breaks: ClassVar = "tasks.result-final"
    also: ClassVar = {"tasks.result-exact": "the plain call has the result of the tool"}

    def outcome_of(self, job: Job) -> JsonObject:
        return {**self.task_object(job), "_meta": self.mark(job)}


class ResultsAreNotWaitedFor(ReferenceServer):
    """tasks/result of a task that has not ended is an error."""

    breaks: ClassVar = "tasks.result-blocks"

    async def until_done(self, job: Job) -> None:
        pass


class ErrorsOfTasksBecomeResults(ReferenceServer):
    """A task that ended in a JSON-RPC error has a result that tells of it."""

    breaks: ClassVar = "tasks.result-exact"

    def outcome_of(self, job: Job) -> JsonObject:
        try:
            return super().outcome_of(job)
        except RpcError as error:
            return {**fails(error.message), "_meta": self.mark(job)}


class ResultsDoNotNameTheirTask(ReferenceServer):
    """The result does not say of which task it is."""

    breaks: ClassVar = "tasks.related-in-result"

    def mark_of_result(self, job: Job) -> JsonObject:
        return {}


class TheNewestTaskIsMeant(ReferenceServer):
    """tasks/get is always answered about the task that was made last."""

    breaks: ClassVar = "tasks.id-param"
    also: ClassVar = {"tasks.related-ignored": "it is not the parameter that counts, whatever else there is"}

    def got_result(self, job: Job) -> JsonObject:
        return super().got_result(list(job.call.session.jobs.values())[-1])


class MetadataNamesTheTask(ReferenceServer):
    """A task that the metadata names is meant, whatever the parameter says."""

    breaks: ClassVar = "tasks.related-ignored"

    def task_id_in(self, call: Call) -> str:
        named = as_object(as_object(call.request.params.get("_meta")).get(RELATED)).get("taskId")
        return str(named) if named is not None else super().task_id_in(call)
