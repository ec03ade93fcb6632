"""Tasks of 2025-11-25: which the client had made, how the server showed each of them, and when. No checks here.

What is read from two connections has no order, so one sight of a task is later than another for certain only if it
was asked for when the other had come.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, moot

RELATED = "io.modelcontextprotocol/related-task"
FINAL = ("completed", "failed", "cancelled")
STATUSES = ("working", "input_required", *FINAL)
MONTH, DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
HOUR, SIXTY, SECONDS = "([01][0-9]|2[0-4])", "[0-5][0-9]", "[0-6][0-9]([.,][0-9]+)?"
ZONE = f"([Zz]|[+-]{HOUR}(:?{SIXTY})?)?"
EXTENDED = re.compile(f"[0-9]{{4}}-{MONTH}-{DAY}[Tt ]{HOUR}:{SIXTY}(:{SECONDS})?{ZONE}")
BASIC = re.compile(f"[0-9]{{4}}{MONTH}{DAY}[Tt]{HOUR}{SIXTY}({SECONDS})?{ZONE}")


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
    def how(self) -> str:
        """The method that showed it."""
        return self.message.method if self.asked is None else self.asked.request.method

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    def is_after(self, time: float) -> bool:
        """Whether it was asked for later than this."""
        return self.asked is not None and self.asked.request.at > time


@dataclass(eq=False, slots=True)
class Task:
    """A task that the client had made: the call behind it, and all that was said of it, in order of time."""

    id: str
    call: Call
    created: Sight
    sights: list[Sight] = field(default_factory=list)
    results: list[Call] = field(default_factory=list)

    @property
    def ended(self) -> Sight | None:
        """The first sight of a final status."""
        return next((sight for sight in self.sights if sight.is_final), None)

    def may_be_gone(self, time: float) -> bool:
        """Whether its lifetime may be over: then the server may have deleted it."""
        lives = [sight.task.get("ttl") for sight in self.sights]
        known = [ttl for ttl in lives if isinstance(ttl, int | float) and not isinstance(ttl, bool)]
        return bool(known) and (time - self.call.request.at) * 1000 >= min(known)


def declares(session: Session, *path: str) -> bool:
    """Whether the server declared tasks, and in them what this path leads to."""
    value: JSON = session.server_capabilities.get("tasks")
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None and value is not False


def takes_tasks(session: Session) -> bool:
    """Whether tool calls may become tasks."""
    return declares(session, "requests", "tools", "call")


def declined(session: Session, *path: str) -> Iterator[Finding]:
    """What follows where the server declares no tasks of tool calls, or not this operation: nothing."""
    if session.handshake is None or not session.initialized:
        return
    if not takes_tasks(session):
        yield moot(session.handshake, "the server does not declare tasks")
    elif path and not declares(session, *path):
        yield moot(session.handshake, f"the server does not declare tasks.{'.'.join(path)}")


def wants_task(call: Call) -> bool:
    """Whether the client asked for a task."""
    return "task" in call.request.params


def made_by(call: Call) -> dict[str, JSON] | None:
    """The task that a call was answered with."""
    task = call.response.result.get("task") if wants_task(call) and call.response is not None else None
    return task if isinstance(task, dict) else None


def named_in(call: Call) -> str | None:
    """The task that a request is about."""
    task_id = call.request.params.get("taskId")
    return task_id if isinstance(task_id, str) else None


def related_to(message: Message) -> JSON:
    """The id of the task that a message says it belongs to, None if it does not say."""
    holder = message.result if message.kind == "result" else message.params
    meta = holder.get("_meta")
    key = meta.get(RELATED) if isinstance(meta, dict) else None
    return key.get("taskId") if isinstance(key, dict) else None


def has_mark(message: Message) -> bool:
    """Whether a message has the key that ties it to a task, whatever it says."""
    holder = message.result if message.kind == "result" else message.params
    meta = holder.get("_meta")
    return isinstance(meta, dict) and RELATED in meta


def sights(session: Session) -> list[Sight]:
    """Every task object that the server showed, in order of time."""
    found = [sight for call in session.calls if call.response is not None for sight in _shown_by(call, call.response)]
    for message in session.messages():
        if message.sender == "server" and message.method == "notifications/tasks/status":
            found.append(Sight(message.params, message, None))
    return sorted(found, key=lambda sight: sight.message.at)


def _shown_by(call: Call, response: Message) -> Iterator[Sight]:
    if response.kind != "result":
        return
    match call.request.method:
        case "tools/call" if (made := made_by(call)) is not None:
            yield Sight(made, response, call)
        case "tasks/get" | "tasks/cancel":
            yield Sight(response.result, response, call)
        case "tasks/list":
            listed = response.result.get("tasks")
            for task in listed if isinstance(listed, list) else ():
                if isinstance(task, dict):
                    yield Sight(task, response, call)


def tasks_of(session: Session) -> list[Task]:
    """The tasks that the client had made in this session, those with an id that can be asked for."""
    found: dict[str, Task] = {}
    for sight in sights(session):
        id = sight.task.get("taskId")
        if not isinstance(id, str):
            continue
        if id not in found and sight.asked is not None and sight.how == "tools/call":
            found[id] = Task(id, sight.asked, sight)
        if id in found:
            found[id].sights.append(sight)
    for call in session.calls:
        if call.request.method == "tasks/result" and (task := found.get(named_in(call) or "")):
            task.results.append(call)
    return list(found.values())


def tools_listed(session: Session) -> dict[str, JSON]:
    """What the listed tools say about being called as tasks, by name; None for one that says nothing."""
    found: dict[str, JSON] = {}
    for call in session.calls:
        listed = call.response.result.get("tools") if call.request.method == "tools/list" and call.response else None
        for tool in listed if isinstance(listed, list) else ():
            if isinstance(tool, dict) and isinstance(tool.get("name"), str):
                execution = tool.get("execution")
                support = execution.get("taskSupport") if isinstance(execution, dict) else None
                found[str(tool["name"])] = support
    return found


def error_code(call: Call) -> JSON:
    """The code of the error that a call was answered with, None for a result or for no answer."""
    return call.response.error.get("code") if call.response is not None and call.response.kind == "error" else None


def in_words(call: Call) -> str:
    """How a call was answered."""
    if call.response is None:
        return "was not answered"
    code = error_code(call)
    return "was answered with a result" if call.response.kind == "result" else f"drew the error {code!r}"


def is_time(value: JSON) -> bool:
    """Whether this is a date and a time in the extended or the basic form of ISO 8601, or as RFC 3339 has it."""
    return isinstance(value, str) and any(form.fullmatch(value) for form in (EXTENDED, BASIC))
