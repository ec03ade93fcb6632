"""Tasks of the tasks extension, SEP-2663: which there were, and what was said and asked about each. No checks here.

From 2026-07-28 on a server may answer a tool call with a task, if the client declared the extension with that very
request. A task belongs to no client and no session; it is known by its id alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from conformance.checks.extensions import declared_extensions
from conformance.checks.listens import listenings
from conformance.checks.reading import shown
from conformance.checks.standing import is_right, is_served, modern_calls
from conformance.evidence.era import TASK_METHODS, TASKS
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Call, once_per_trace, sessions
from conformance.judging import shapes
from conformance.judging.check import Finding, moot

FINAL = ("completed", "failed", "cancelled")
STATUSES = ("working", "input_required", *FINAL)
NOTIFICATION = "notifications/tasks"
ENVELOPE = ("taskId", "status", "inputRequests", "result", "error")  # what an acknowledgement has none of
COMPLETE = "complete"


@dataclass(eq=False, slots=True)
class Sight:
    """A task as one message showed it; `asked` is the call that was answered with it, None for a notification."""

    task: dict[str, JSON]
    message: Message
    asked: Call | None

    @property
    def status(self) -> JSON:
        return self.task.get("status")

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def questions(self) -> dict[str, JSON]:
        """What the task waits for, by key."""
        wanted = self.task.get("inputRequests")
        return wanted if isinstance(wanted, dict) and self.status == "input_required" else {}

    @property
    def how(self) -> str:
        """The method that showed it."""
        return self.message.method if self.asked is None else self.asked.request.method


@dataclass(eq=False, slots=True)
class Deferred:
    """A tool call that became a task: all that was said of it, and all that was asked about it by who knows tasks."""

    id: str
    call: Call
    sights: list[Sight] = field(default_factory=list)
    gets: list[Call] = field(default_factory=list)
    updates: list[Call] = field(default_factory=list)
    cancels: list[Call] = field(default_factory=list)

    @property
    def tool(self) -> str | None:
        """The name of the tool that was called."""
        return tool_of(self.call)

    @property
    def looks(self) -> list[Sight]:
        """What tasks/get showed, in the order in which it was asked for."""
        found = [sight for sight in self.sights if sight.asked is not None and sight.asked is not self.call]
        return sorted(found, key=asked_at)

    @property
    def ended(self) -> Sight | None:
        """The first sight of a final status."""
        return next((sight for sight in self.looks if sight.is_final), None)

    def before(self, call: Call) -> Sight | None:
        """The latest look at it that was over when this was asked."""
        found = [sight for sight in self.looks if sight.message.at <= call.request.at]
        return found[-1] if found else None

    def after(self, call: Call) -> list[Sight]:
        """The looks at it that were asked for when this had been answered."""
        at = call.response.at if call.response is not None else call.request.at
        return [sight for sight in self.looks if asked_at(sight) >= at]

    def may_be_gone(self, time: float) -> bool:
        """Whether its lifetime may be over, so that the server may have discarded it."""
        lives = [sight.task.get("ttlMs") for sight in self.sights]
        known = [ttl for ttl in lives if isinstance(ttl, int | float) and not isinstance(ttl, bool)]
        return bool(known) and (time - self.call.request.at) * 1000 >= min(known)


def asked_at(sight: Sight) -> float:
    """When a sight was asked for; a notification came by itself."""
    return sight.message.at if sight.asked is None else sight.asked.request.at


def declined(trace: Trace) -> Iterator[Finding]:
    """What follows where the server does not declare the extension: nothing."""
    told = (s.discovery for s in sessions(trace) if s.modern and s.discovery is not None)
    if (discovery := next(told, None)) is not None and not is_declared(discovery.session.server_capabilities):
        yield moot(discovery, "the server does not declare the tasks extension")


def is_declared(capabilities: JSON) -> bool:
    """Whether a server's or a client's capabilities have the extension."""
    return TASKS in declared_extensions(capabilities)


def knows_tasks(call: Call) -> bool:
    """Whether the client declared the extension with this request."""
    return is_declared(call.client_capabilities)


def is_task(call: Call) -> bool:
    """Whether an answer is a task: it says so, or it has all that only a task has."""
    result = call.response.result if call.response is not None and is_served(call) else {}
    looks_so = isinstance(result.get("taskId"), str) and "status" in result and "content" not in result
    return not call.request.method.startswith("tasks/") and (result.get("resultType") == "task" or looks_so)


def tool_calls(trace: Trace) -> Iterator[Call]:
    """The tool calls of the modern era of which nothing but the call itself can be wrong."""
    return (call for call in modern_calls(trace) if call.request.method == "tools/call" and is_right(call))


def tool_of(call: Call) -> str | None:
    """The name of the tool that is called."""
    name = call.request.params.get("name")
    return name if isinstance(name, str) else None


def about_tasks(trace: Trace, *methods: str) -> Iterator[Call]:
    """The requests about tasks of which nothing but the task can be wrong."""
    return (call for call in modern_calls(trace) if call.request.method in methods and is_right(call))


def named_in(call: Call) -> str | None:
    """The task that a request is about."""
    task_id = call.request.params.get("taskId")
    return task_id if isinstance(task_id, str) else None


@once_per_trace
def deferred(trace: Trace) -> dict[str, Deferred]:
    """The tasks that clients were given, by id."""
    found: dict[str, Deferred] = {}
    for call in modern_calls(trace):
        id = call.response.result.get("taskId") if call.response is not None and is_task(call) else None
        if isinstance(id, str) and id not in found and call.response is not None:
            found[id] = Deferred(id, call, [Sight(call.response.result, call.response, call)])
    for call in modern_calls(trace):
        task = found.get(named_in(call) or "") if call.request.method in TASK_METHODS else None
        if task is not None and knows_tasks(call) and is_right(call):
            _note(task, call)
    for listening in (found_ for session in sessions(trace) for found_ in listenings(session)):
        for message in listening.notifications:
            task = found.get(str(message.params.get("taskId")))
            if message.method == NOTIFICATION and task is not None:
                task.sights.append(Sight(message.params, message, None))
    return found


def _note(task: Deferred, call: Call) -> None:
    kinds = {"tasks/get": task.gets, "tasks/update": task.updates, "tasks/cancel": task.cancels}
    kinds[call.request.method].append(call)
    if call.request.method == "tasks/get" and call.response is not None and is_served(call):
        task.sights.append(Sight(call.response.result, call.response, call))


def tasks_in(trace: Trace) -> list[Deferred]:
    """The tasks of a server that declares the extension."""
    return [task for task in deferred(trace).values() if is_declared(task.call.session.server_capabilities)]


def wrong_result(task: Deferred, result: dict[str, JSON]) -> str | None:
    """What is wrong with the shape of the result of the call behind a task; its type may be left unsaid."""
    return _wrong(task, {"resultType": COMPLETE, **result})


def wrong_question(task: Deferred, key: str, question: JSON) -> str | None:
    """What is wrong with the shape of a question."""
    return _wrong(task, {"resultType": "input_required", "inputRequests": {key: question}})


def _wrong(task: Deferred, result: dict[str, JSON]) -> str | None:
    if task.call.response is None:
        return None
    body: dict[str, JSON] = {"jsonrpc": "2.0", "id": 0, "result": result}
    return shapes.explain(replace(task.call.response, body=body), task.call.session.revision, task.call.request)


def kind_of(call: Call) -> str:
    """The type of a result, for a sentence."""
    return shown(call.response.result.get("resultType")) if call.response is not None else "none"
