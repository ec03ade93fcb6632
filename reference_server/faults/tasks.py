"""Faults in having calls made tasks."""

from typing import ClassVar

from reference_server.jsonrpc import METHOD_NOT_FOUND, Json, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call, Job
from reference_server.toolbox import Tool

ASKING = ("elicitation/create", "sampling/createMessage")


class TasksAreMadeButNotDeclared(ReferenceServer):
    """Calls become tasks, and the capability says nothing of it."""

    breaks: ClassVar = "tasks.capability"
    also: ClassVar = {"tasks.ignored": "what is not declared is to be ignored"}

    def task_capability(self) -> JsonObject:
        return {}


class TasksAreAskedOfEveryClient(ReferenceServer):
    """The server asks for a task also where the client declared none."""

    breaks: ClassVar = "tasks.only-declared"
    revision: ClassVar = "2025-11-25"

    def request(self, request_id: Json, method: str, params: JsonObject | None = None) -> JsonObject:
        wishes: JsonObject = {"task": {"ttl": 60_000}} if method in ASKING else {}
        return super().request(request_id, method, {**params, **wishes} if params is not None else None)


class ForbiddenTasksAreCalledPlainly(ReferenceServer):
    """A call as a task of a tool that allows none is answered with the tool's result."""

    breaks: ClassVar = "tasks.tool-forbidden-error"

    def on_forbidden_task(self, tool: Tool) -> None:
        pass


class PlainCallsOfTaskToolsAreServed(ReferenceServer):
    """A tool that has to be called as a task can be called plainly."""

    breaks: ClassVar = "tasks.tool-required-error"

    def on_missing_task(self, tool: Tool) -> None:
        pass


class TaskFieldsAreRefused(ReferenceServer):
    """A task field in a request of another type is an error."""

    breaks: ClassVar = "tasks.ignored"

    async def list_tools(self, call: Call) -> JsonObject:
        if "task" in call.request.params:
            raise RpcError(METHOD_NOT_FOUND, "This cannot be a task.")
        return await super().list_tools(call)


class TasksAreNeverMade(ReferenceServer):
    """A call as a task is answered with the tool's result."""

    breaks: ClassVar = "tasks.create-result"

    def accepts_task(self, tool: Tool) -> bool:
        return False


class TaskIdsAreNumbers(ReferenceServer):
    """The id of a task is a number."""

    breaks: ClassVar = "tasks.id-string"
    also: ClassVar = {"schema.message": "the schema wants a string too"}

    def shown_id(self, job: Job) -> Json:
        return int.from_bytes(job.id.encode()[:6])


class TaskIdsAreTakenFromTheRequest(ReferenceServer):
    """An id that the client proposes becomes the task's."""

    breaks: ClassVar = "tasks.id-receiver"

    def new_task_id(self, call: Call) -> str:
        wishes = call.request.params["task"]
        proposed = wishes.get("taskId") if isinstance(wishes, dict) else None
        return str(proposed) if proposed is not None else super().new_task_id(call)


class TaskIdsBeginAgainInEverySession(ReferenceServer):
    """Tasks are numbered in each session."""

    breaks: ClassVar = "tasks.id-unique"

    def new_task_id(self, call: Call) -> str:
        return f"task-{len(call.session.jobs) + 1}"
