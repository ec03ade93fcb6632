"""Faults in who is given tasks, and in what requests about tasks draw: the tasks extension."""

from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INVALID_REQUEST, Json, JsonObject, RpcError
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.state import Call
from reference_server.tasks_extension import TASK_METHODS, Deferred
from reference_server.toolbox import Tool


class TasksAreForEverybody(ReferenceServer):
    """A tool that takes long becomes a task, whether its client knows what that is or not."""

    breaks: ClassVar = "ext-tasks.undeclared"
    also: ClassVar = {"ext.fallback": "what is of an extension is forced on those who declared none"}

    def becomes_task(self, call: Call, tool: Tool) -> bool:
        return tool.deferred


class OlderTasksCountAsTheExtension(ReferenceServer):
    """A client that declares the tasks of 2025-11-25 is given tasks."""

    breaks: ClassVar = "ext-tasks.undeclared"
    also: ClassVar = {
        "ext.fallback": "what is of an extension is forced on those who declared none",
        "ext-tasks.methods-undeclared": "the extension is taken as declared",
    }

    def knows_tasks(self, call: Call) -> bool:
        return "tasks" in call.session.client_capabilities or super().knows_tasks(call)


class WhoNeedsTasksIsNotTold(ReferenceServer):
    """A tool that works only as a task refuses to work, and does not say what it needs."""

    breaks: ClassVar = "ext-tasks.required"

    def check_capabilities(self, call: Call) -> None:
        if call.request.params.get("name") == "failing_job" and not self.knows_tasks(call):
            raise self.refusal(INVALID_REQUEST, "This does not work.")
        super().check_capabilities(call)


class TasksOfOthersAreShownToStrangers(ReferenceServer):
    """tasks/get is for everybody, whatever they declared."""

    breaks: ClassVar = "ext-tasks.methods-undeclared"

    def needs_tasks(self, call: Call) -> bool:
        return call.request.method != "tasks/get" and super().needs_tasks(call)


class StrangersHearOfTasks(ReferenceServer):
    """Who listens for tasks need not have declared the extension."""

    breaks: ClassVar = "ext-tasks.listen-undeclared"

    def listens_to_tasks(self, call: Call) -> bool:
        return False


class TasksLookLikeResults(ReferenceServer):
    """A result that is a task has the type of most results."""

    breaks: ClassVar = "ext-tasks.created-type"
    also: ClassVar = {"schema.message": "as a result of a tool it lacks the content"}

    def type_of_created(self, job: Deferred) -> Json:
        return "complete"


class AnswersAboutTasksAreTasks(ReferenceServer):
    """Whatever is answered about a task has the type of one."""

    breaks: ClassVar = "ext-tasks.answer-type"

    def result_type(self, call: Call) -> JsonObject:
        return {"resultType": "task"} if call.request.method in TASK_METHODS else super().result_type(call)


class TasksAreKeptAMomentLater(ReferenceServer):
    """A task is answered with before it can be asked for."""

    breaks: ClassVar = "ext-tasks.durable"

    def keep(self, job: Deferred) -> None:
        self.overlooked: set[str] = getattr(self, "overlooked", set()) | {job.id}
        super().keep(job)

    def deferred_named(self, call: Call) -> Deferred:
        job = super().deferred_named(call)
        if call.request.method == "tasks/get" and job.id in self.overlooked:
            self.overlooked.remove(job.id)
            return self.on_unknown_deferred(call)
        return job


class TasksAreForgottenWhenTheyAreRead(ReferenceServer):
    """A task that has ended can be looked at once."""

    breaks: ClassVar = "ext-tasks.kept"
    also: ClassVar = {"ext-tasks.cancel-result": "a task that is forgotten cannot be cancelled"}

    async def get_deferred(self, call: Call) -> JsonObject:
        job = self.deferred_named(call)
        if self.is_final(job):
            del self.deferred[job.id]
        return self.detailed(job)


class UnknownTasksHaveNoNameInErrors(ReferenceServer):
    """tasks/get for an unknown task draws an error of another code."""

    breaks: ClassVar = "ext-tasks.unknown"

    def on_unknown_deferred(self, call: Call) -> Deferred:
        if call.request.method == "tasks/get":
            raise RpcError(INVALID_REQUEST, "There is no such task.")
        return super().on_unknown_deferred(call)


class UnknownTasksAreCancelled(ReferenceServer):
    """Whoever cancels a task that does not exist is told that it was heard."""

    breaks: ClassVar = "ext-tasks.unknown-acts"

    async def cancel_deferred(self, call: Call) -> JsonObject:
        return await super().cancel_deferred(call) if self.task_id_in(call) in self.deferred else {}


class ResultsOfTasksAreFetchedAsBefore(ReferenceServer):
    """tasks/result is still there."""

    breaks: ClassVar = "ext-tasks.removed"

    def modern_handler_for(self, method: str) -> Handler | None:
        return self.get_deferred if method == "tasks/result" else super().modern_handler_for(method)


class TheOlderParamAsksForATask(ReferenceServer):
    """A call with a `task` among its params becomes a task, whatever the tool."""

    breaks: ClassVar = "ext-tasks.task-param"

    def becomes_task(self, call: Call, tool: Tool) -> bool:
        return super().becomes_task(call, tool) or (self.knows_tasks(call) and "task" in call.request.params)


class TheOlderParamIsRefused(ReferenceServer):
    """A call with a `task` among its params draws an error."""

    breaks: ClassVar = "ext-tasks.task-param"

    def becomes_task(self, call: Call, tool: Tool) -> bool:
        if "task" in call.request.params:
            raise RpcError(INVALID_REQUEST, "Clients do not ask for tasks any more.")
        return super().becomes_task(call, tool)


class TasksAreDeclaredTwice(ReferenceServer):
    """The capability of 2025-11-25 is declared beside the extension."""

    breaks: ClassVar = "ext-tasks.old-capability"

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return {**super().discovered_capabilities(call), **self.task_capability()}


class TasksOfTheExtensionAreCounted(ReferenceServer):
    """The ids of tasks are numbers, one after the other."""

    breaks: ClassVar = "ext-tasks.id"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.tasks_made = 0

    def new_task_id(self, call: Call) -> str:
        self.tasks_made += 1
        return f"task-{self.tasks_made}" if call.modern else super().new_task_id(call)


class TasksAreFoundUnderAnyHeader(ReferenceServer):
    """Mcp-Name may name another task than the body."""

    breaks: ClassVar = "hdr.mismatch"

    def name_member(self, method: str) -> str | None:
        return None if method in TASK_METHODS else super().name_member(method)
