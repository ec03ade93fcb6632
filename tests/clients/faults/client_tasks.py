"""Faults in how a client uses tasks."""

from typing import ClassVar

from conformance.evidence.trace import JSON
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.state import Job
from tests.clients.sessions import RELATED, RightClient
from tests.clients.talking import TOKEN, Body, as_object


class TasksOfTheClient(RightClient):
    """What the server asks becomes a task that nobody declared."""

    breaks = "tasks.capability"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        return answer | {"result": as_object(answer["result"]) | {"task": {"taskId": "mine", "status": "working"}}}


class TasksOfAnyRequest(RightClient):
    """A prompt is asked for as a task, which the server never offered."""

    breaks = "tasks.only-declared"

    async def use_tools(self) -> None:
        await super().use_tools()
        await self.ask("prompts/get", {"name": "test_simple_prompt", "task": {}})


class TasksWithoutOffer(RightClient):
    """Tools are called as tasks although the server takes none."""

    breaks = "tasks.tool-level"
    also: ClassVar = {"tasks.only-declared": "tool calls are the requests that were not declared"}
    options: ClassVar = Options(bearer=TOKEN, tasks=False)

    def wants_task(self, tool: str) -> bool:
        return True


class ForbiddenTasks(RightClient):
    """A tool that forbids it is called as a task."""

    breaks = "tasks.tool-forbidden"

    def wants_task(self, tool: str) -> bool:
        return True


class PlainCallsOfTasks(RightClient):
    """A tool that has to be called as a task is called without."""

    breaks = "tasks.tool-required"

    def wants_task(self, tool: str) -> bool:
        return tool != "test_task_required" and super().wants_task(tool)


class _AsksForPatience(ReferenceServer):
    """The server wants its clients to ask rarely."""

    def task_object(self, job: Job) -> Body:
        return super().task_object(job) | {"pollInterval": 60_000}


class EagerPolls(RightClient):
    """A task is asked for again at once, whatever the poll interval."""

    breaks = "tasks.poll-interval"
    server = _AsksForPatience

    async def wait_to_poll(self, interval: int) -> None:
        """No time passes."""


class DeafToQuestions(RightClient):
    """A task that wants input is asked for again and again, and its question is never fetched."""

    breaks = "tasks.call-result"

    async def when_input_is_wanted(self, task: JSON) -> None:
        """Nothing is done."""


class UnrelatedAnswers(RightClient):
    """Answers do not name the task that they belong to."""

    breaks = "tasks.related"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        return answer | {"result": {k: v for k, v in as_object(answer["result"]).items() if k != "_meta"}}


class TasksAreNamedTwice(RightClient):
    """What is asked about a task names it in the metadata too."""

    breaks = "tasks.no-related-in-get"

    def about_task(self, task: JSON) -> Body:
        return super().about_task(task) | {"_meta": {RELATED: {"taskId": task}}}


class CursorsAreGuessed(RightClient):
    """The cursor of a list of tasks is altered before it goes back."""

    breaks = "tasks.cursor-opaque"

    def next_page(self, method: str, cursor: JSON) -> JSON:
        return f"{cursor}+1" if method == "tasks/list" else cursor
