"""A tape with tasks of the tasks extension on it."""

from typing import Any

from conformance.evidence.era import CAPABILITIES, TASKS
from conformance.evidence.trace import JSON
from tests.tape import Tape, complete, error, result

EXTENSION: dict[str, JSON] = {TASKS: {}}
KNOWS: dict[str, JSON] = {CAPABILITIES: {"elicitation": {}, "extensions": EXTENSION}}
ELSE: dict[str, JSON] = {CAPABILITIES: {"elicitation": {}}}
FORM: dict[str, JSON] = {
    "method": "elicitation/create",
    "params": {"message": "?", "requestedSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
}
ACCEPTED: dict[str, JSON] = {"action": "accept", "content": {"name": "x"}}
CONTENT: dict[str, JSON] = {"content": [{"type": "text", "text": "done"}]}


def task(id: JSON = "t-1", status: JSON = "working", **members: JSON) -> dict[str, JSON]:
    """A task with all that belongs to it."""
    usual: dict[str, JSON] = {
        "taskId": id,
        "status": status,
        "createdAt": "2026-07-28T10:30:00Z",
        "lastUpdatedAt": "2026-07-28T10:30:00.5+00:00",
        "ttlMs": None,
    }
    return usual | members


def made(id: JSON = "t-1", status: JSON = "working", **members: JSON) -> dict[str, JSON]:
    """The result that is a task."""
    return {"resultType": "task", **task(id, status, **members)}


class Deferring(Tape):
    """Requests with ids of their own, of a client that knows tasks unless `meta` says something else."""

    def __init__(self, **capabilities: JSON) -> None:
        super().__init__("2026-07-28")
        self.asked = 0
        self.discover(capabilities={"tools": {}, "extensions": EXTENSION, **capabilities})

    def say(self, method: str, params: dict[str, JSON], outcome: dict[str, JSON] | int, **more: Any) -> None:
        """A request, and the members of its result, or the code of its error."""
        self.asked += 1
        if isinstance(outcome, int):
            answer = error(self.asked, outcome)
        else:
            answer = result(self.asked, outcome) if "resultType" in outcome else complete(self.asked, outcome)
        self.ask(method, params, id=self.asked, answer=answer, **({"meta": KNOWS} | more))

    def call(self, outcome: dict[str, JSON] | int, name: JSON = "work", **more: Any) -> None:
        """A tool call; `params` are more of them."""
        params = {"name": name, "arguments": {}} | more.pop("params", {})
        self.say("tools/call", params, outcome, **more)

    def make(self, id: JSON = "t-1", name: JSON = "work", **more: Any) -> None:
        """A call that became a task."""
        self.call(made(id), name, **more)

    def look(self, outcome: dict[str, JSON] | int, id: JSON = "t-1", **more: Any) -> None:
        self.say("tasks/get", {"taskId": id}, outcome, **more)

    def update(self, answers: JSON, outcome: dict[str, JSON] | int, id: JSON = "t-1", **more: Any) -> None:
        self.say("tasks/update", {"taskId": id, "inputResponses": answers}, outcome, **more)

    def cancel(self, outcome: dict[str, JSON] | int, id: JSON = "t-1", **more: Any) -> None:
        self.say("tasks/cancel", {"taskId": id}, outcome, **more)
