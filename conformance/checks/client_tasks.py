"""What a client makes tasks of, and how it asks for them: basic/utilities/tasks."""

from collections.abc import Iterator
from itertools import pairwise

from conformance.checks.asked import questions
from conformance.checks.clientside import agreed, is_whole, said
from conformance.checks.reading import shown
from conformance.checks.tasked import FINAL, declares, has_mark, named_in, related_to, takes_tasks, wants_task
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

FORBIDDEN, REQUIRED = "forbidden", "required"
CAPABLE = ("sampling/createMessage", "elicitation/create")  # what a client may make a task of
NEWS = ("tasks/result", "tasks/cancel")  # their answers tell what became of a task
ABOUT_ONE = ("tasks/get", "tasks/result", "tasks/cancel")
EARLY = 0.5  # of the poll interval that has to lie between two questions: the network stretches and shrinks it
PATIENCE = 2  # questions after `input_required` before one says that tasks/result was not called


@check("tasks.capability", party="client")
def who_answers_with_a_task_has_declared_it(session: Session) -> Findings:
    """A client that makes a task of what the server asks has declared tasks of such requests."""
    for question in questions(session):
        if agreed(session) is not None and question.answer is not None and question.request.method in CAPABLE:
            made = isinstance(question.answer.result.get("task"), dict)
            path = question.request.method.split("/")
            seen = f"{question.request.method} became {'a task' if made else 'no task'} of the client's"
            yield expect(not made or _client_takes(session, path), question.answer, seen)


def _client_takes(session: Session, path: list[str]) -> bool:
    value: JSON = session.client_capabilities.get("tasks")
    for name in ("requests", *path):
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


@check("tasks.only-declared", party="client")
def tasks_are_asked_for_where_the_server_takes_them(session: Session) -> Findings:
    """A client asks for a task only where the server declared tasks of such requests."""
    for call in session.calls if agreed(session) is not None else ():
        if wants_task(call):
            path = call.request.method.split("/")
            taken = declares(session, "requests", *path)
            told = "" if taken else f", and the server declared no tasks.requests.{'.'.join(path)}"
            yield expect(taken, call, f"{call.request.method} asked for a task{told}")


@check("tasks.tool-level", party="client")
def tools_are_called_as_tasks_only_where_the_server_takes_them(session: Session) -> Findings:
    """A tool is called as a task only if the server declared tasks of tool calls."""
    for call in _tool_calls(session):
        if wants_task(call):
            taken = takes_tasks(session)
            told = "" if taken else ", and the server declared no tasks.requests.tools.call"
            yield expect(taken, call, f"a tool was called as a task{told}")


@check("tasks.tool-forbidden", party="client")
def tools_that_allow_no_task_are_called_without(session: Session) -> Findings:
    """A tool that forbids tasks, or says nothing of them, is not called as one."""
    for call, support in _known(session):
        if wants_task(call):
            seen = f"{shown(call.request.params.get('name'))} was called as a task; it says {shown(support)}"
            yield expect(support not in (None, FORBIDDEN), call, seen)


@check("tasks.tool-required", party="client")
def tools_that_want_a_task_are_called_as_one(session: Session) -> Findings:
    """A tool that requires a task is called as one."""
    for call, support in _known(session):
        if support == REQUIRED:
            how = "as a task" if wants_task(call) else "without a task"
            yield expect(
                wants_task(call), call, f"{shown(call.request.params.get('name'))}, which requires one, came {how}"
            )


def _tool_calls(session: Session) -> Iterator[Call]:
    if agreed(session) is not None:
        yield from (call for call in session.calls if call.request.method == "tools/call")


def _known(session: Session) -> Iterator[tuple[Call, JSON]]:
    """Calls of tools that were listed before, always in the same way, on a server that takes tasks."""
    if not takes_tasks(session):
        return
    for call in _tool_calls(session):
        listed = list(_supports(session, call))
        if listed and all(support == listed[0] for support in listed):
            yield call, listed[0]


def _supports(session: Session, before: Call) -> Iterator[JSON]:
    """What each list said of a tool until it was called."""
    for call in session.calls:
        response = call.response if call.request.method == "tools/list" else None
        tools = response.result.get("tools") if response is not None and response.at < before.request.at else None
        for tool in tools if isinstance(tools, list) else ():
            if isinstance(tool, dict) and tool.get("name") == before.request.params.get("name"):
                execution = tool.get("execution")
                yield execution.get("taskSupport") if isinstance(execution, dict) else None


@check("tasks.poll-interval", party="client")
def tasks_are_not_asked_for_too_often(session: Session) -> Findings:
    """A client leaves the poll interval of a task between two questions about its status.

    News of the task, or of any, is a reason to ask again, and who asks for one that is over does not poll.
    """
    told = [m.at for m in session.messages() if m.method == "notifications/tasks/status" and m.sender == "server"]
    told += [c.response.at for c in session.calls if c.request.method in NEWS and c.response is not None]
    for former, latter in _polls(session):
        interval = former.response.result.get("pollInterval") if former.response is not None else None
        if not isinstance(interval, int | float) or isinstance(interval, bool) or interval <= 0:
            continue
        waited = (latter.request.at - former.request.at) * 1000
        seen = f"tasks/get came again after {waited:.0f} ms, and the poll interval is {interval:g}"
        if waited >= interval:
            yield expect(True, latter, seen)
        elif waited >= interval * EARLY or any(former.request.at <= at <= latter.request.at for at in told):
            yield undecided(latter, seen)
        else:
            yield expect(False, latter, seen)


def _polls(session: Session) -> Iterator[tuple[Call, Call]]:
    """Each tasks/get and the next one about the same task, if the first was answered before, and not as the last."""
    by_task: dict[str, list[Call]] = {}
    for call in session.calls:
        if call.request.method == "tasks/get" and (task := named_in(call)) is not None:
            by_task.setdefault(task, []).append(call)
    for calls in by_task.values():
        for former, latter in pairwise(calls):
            over = former.response is not None and former.response.result.get("status") in FINAL
            if not over and former.response is not None and former.response.at <= latter.request.at:
                yield former, latter


@check("tasks.call-result", party="client")
def who_is_wanted_calls_for_the_result(session: Session) -> Findings:
    """A client that learns that a task wants input calls `tasks/result`, on which the question comes."""
    waiting = {named_in(call) for call in session.calls if call.request.method == "tasks/result"}
    asked_since: dict[str | None, int] = {}
    for call in (c for c in session.calls if c.request.method == "tasks/get" and c.response is not None):
        task, wants = named_in(call), call.response is not None and call.response.result.get("status")
        if wants != "input_required":
            continue
        asked_since[task] = asked_since.get(task, 0) + 1
        if task in waiting:
            yield expect(True, call, "a task wanted input, and tasks/result was called")
        elif asked_since[task] > PATIENCE:
            yield expect(False, call, f"a task wanted input for {asked_since[task]} questions, without tasks/result")


@check("tasks.related", party="client")
def answers_about_a_task_name_it(session: Session) -> Findings:
    """A client's answer to a question that belongs to a task names that task in its `_meta`. An error has none."""
    for question in questions(session):
        if has_mark(question.request) and question.answer is not None and question.answer.kind == "result":
            wanted, given = related_to(question.request), related_to(question.answer)
            seen = f"the answer to {question.request.method} of the task {shown(wanted)} names {shown(given)}"
            yield expect(given == wanted, question.answer, seen)


@check("tasks.no-related-in-get", party="client")
def requests_about_a_task_name_it_once(message: Message) -> Findings:
    """Requests that name a task in their params do not name it in `_meta` too."""
    if message.method in (*ABOUT_ONE, "tasks/list"):
        told = "with" if has_mark(message) else "without"
        yield expect(not has_mark(message), message, f"{message.method} came {told} the key of a related task")


@check("tasks.cursor-opaque", party="client")
def cursors_come_back_as_they_were_given(session: Session) -> Findings:
    """The cursor of a `tasks/list` is one that the server gave, unchanged."""
    given: list[JSON] = []
    for message in session.messages():
        if message.sender == "server" and message.kind == "result" and "nextCursor" in message.result:
            given.append(message.result["nextCursor"])
    for request in said(session, "tasks/list"):
        cursor = request.params.get("cursor")
        if cursor is None:
            continue
        if cursor in given:
            yield expect(True, request, f"the cursor {shown(cursor)} was given before")
        elif is_whole(session):
            yield expect(False, request, f"the cursor {shown(cursor)} was never given")
        else:
            yield undecided(request, f"the cursor {shown(cursor)} may have been given before the recording")
