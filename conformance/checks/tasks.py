"""Who may have a call made a task, and what comes of that at once: basic/utilities/tasks."""

from collections.abc import Iterator

from conformance.checks.asked import questions
from conformance.checks.deciding import other_cause
from conformance.checks.reading import shown
from conformance.checks.tasked import (
    Task,
    declined,
    error_code,
    in_words,
    made_by,
    related_to,
    takes_tasks,
    tasks_of,
    tools_listed,
    wants_task,
)
from conformance.evidence.jsonrpc import INVALID_REQUEST, METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Findings, bent, check, expect, moot, undecided

CAPABILITY_FOR = {
    "sampling/createMessage": ("sampling", "createMessage"),
    "elicitation/create": ("elicitation", "create"),
}


@check("tasks.capability")
def who_takes_tasks_declares_them(session: Session) -> Findings:
    """A server that makes a task of a tool call has declared tasks of tool calls."""
    if not session.initialized:
        return
    for call in _tool_calls(session):
        if made_by(call) is not None:
            declared = "" if takes_tasks(session) else ", and tasks.requests.tools.call is not declared"
            yield expect(not declared, call, f"a tool call became a task{declared}")
    if not takes_tasks(session):
        yield moot(session, "the server does not declare tasks")


@check("tasks.only-declared")
def the_client_is_asked_for_tasks_only_where_it_takes_them(session: Session) -> Findings:
    """A request of the server's asks for a task only if the client declared tasks of such requests."""
    for question in questions(session):
        path = CAPABILITY_FOR.get(question.request.method)
        if path is None or not session.initialized:
            continue
        wanted = "task" in question.request.params
        seen = f"{question.request.method} came {'with' if wanted else 'without'} a task"
        yield expect(not wanted or _client_takes(session, path), question.request, seen)


def _client_takes(session: Session, path: tuple[str, str]) -> bool:
    value: JSON = session.client_capabilities.get("tasks")
    for name in ("requests", *path):
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


@check("tasks.tool-forbidden-error")
def a_task_of_a_tool_that_allows_none_draws_an_error(session: Session) -> Findings:
    """A call as a task of a tool that forbids it, or says nothing, draws -32601."""
    yield from declined(session)
    listed = tools_listed(session)
    for call in _tool_calls(session):
        name = call.request.params.get("name")
        if not (takes_tasks(session) and wants_task(call) and isinstance(name, str) and name in listed):
            continue
        if listed[name] in (None, "forbidden"):
            yield from _judge_code(call, f"the call of {shown(name)}, which allows no tasks, as a task")


@check("tasks.tool-required-error")
def a_plain_call_of_a_tool_that_wants_a_task_draws_an_error(session: Session) -> Findings:
    """A plain call of a tool that has to be called as a task draws -32601.

    A server may want tasks for a whole type of request, and then answers with -32600.
    """
    yield from declined(session)
    listed, found = tools_listed(session), False
    for call in _tool_calls(session):
        name = call.request.params.get("name")
        if takes_tasks(session) and isinstance(name, str) and listed.get(name) == "required" and not wants_task(call):
            found = True
            what = f"the plain call of {shown(name)}, which wants a task,"
            if error_code(call) == INVALID_REQUEST and not other_cause(call.session, call.exchange):
                yield bent(call, f"{what} drew -32600, which is for servers that want tasks of all tool calls")
            else:
                yield from _judge_code(call, what)
    if listed and not found and takes_tasks(session) and "required" not in listed.values():
        yield moot(session, "no tool has to be called as a task")


def _judge_code(call: Call, what: str) -> Findings:
    reason = other_cause(call.session, call.exchange)
    if call.response is None or (reason and error_code(call) != METHOD_NOT_FOUND):
        yield undecided(call, reason or f"{what} was not answered")
    else:
        yield expect(error_code(call) == METHOD_NOT_FOUND, call, f"{what} {in_words(call)}")


@check("tasks.ignored")
def the_task_field_is_ignored_where_no_tasks_are_declared(session: Session) -> Findings:
    """A request of a type for which the server declares no tasks is served as if it did not ask for one.

    Judged beside a request without the field that was served.
    """
    plain = [call for call in session.calls if not wants_task(call) and _succeeded(call)]
    for call in session.calls:
        method = call.request.method
        if not session.initialized or not wants_task(call) or (method == "tools/call" and takes_tasks(session)):
            continue
        if call.response is None or not any(_is_same(call, other) for other in plain):
            yield undecided(call, f"{method} with a task field, and none without one was served")
        elif method == "tools/call" and made_by(call) is not None:
            yield expect(False, call, "a tool call became a task, and no tasks are declared")
        elif not _succeeded(call) and (reason := other_cause(session, call.exchange)):
            yield undecided(call, reason)
        else:
            yield expect(_succeeded(call), call, f"{method} with a task field {in_words(call)}")


def _succeeded(call: Call) -> bool:
    return call.response is not None and call.response.kind == "result"


def _is_same(call: Call, other: Call) -> bool:
    """Whether two requests are the same but for the task field and their metadata."""
    return call.request.method == other.request.method and _asked(call) == _asked(other)


def _asked(call: Call) -> dict[str, JSON]:
    return {name: value for name, value in call.request.params.items() if name not in ("task", "_meta")}


@check("tasks.create-result")
def a_call_that_is_accepted_as_a_task_is_answered_with_the_task(session: Session) -> Findings:
    """A call as a task of a tool that allows it is answered with the task, not with the tool's result.

    An error is a refusal, and no breach of this rule.
    """
    yield from declined(session)
    for call in _allowed(session):
        if call.response is None or call.response.kind == "error":
            yield undecided(call, f"a call as a task {in_words(call)}")
        else:
            made = made_by(call) is not None
            yield expect(made, call, f"a call as a task was answered with {'a task' if made else 'a plain result'}")


def _allowed(session: Session) -> Iterator[Call]:
    """The calls as tasks of tools that allow it."""
    listed = tools_listed(session)
    for call in _tool_calls(session):
        name = call.request.params.get("name")
        allowed = isinstance(name, str) and listed.get(name) in ("optional", "required")
        if takes_tasks(session) and wants_task(call) and (allowed or made_by(call) is not None):
            yield call


def _tool_calls(session: Session) -> Iterator[Call]:
    return (call for call in session.calls if call.request.method == "tools/call")


@check("tasks.id-string")
def a_task_id_is_a_string(session: Session) -> Findings:
    """The id of a task is a string."""
    yield from declined(session)
    for call in _allowed(session):
        if (made := made_by(call)) is not None:
            yield expect(isinstance(made.get("taskId"), str), call, f"a task has the id {shown(made.get('taskId'))}")


@check("tasks.id-receiver")
def the_server_chooses_the_id(session: Session) -> Findings:
    """The server chooses a task's id, and takes none from the request."""
    yield from declined(session)
    for task in tasks_of(session):
        if offered := _offered_ids(task):
            seen = f"a request that proposed the id {shown(offered[0])} became the task {shown(task.id)}"
            yield expect(task.id not in offered, task.call, seen)


def _offered_ids(task: Task) -> list[JSON]:
    wishes = task.call.request.params.get("task")
    proposed = wishes.get("taskId") if isinstance(wishes, dict) else None
    return [id for id in (proposed, related_to(task.call.request)) if isinstance(id, str)]


@check("tasks.id-unique")
def no_two_tasks_have_one_id(trace: Trace) -> Findings:
    """No two tasks have the same id, in whichever session they were made. One task alone shows nothing."""
    seen: set[str] = set()
    for session in sessions(trace):
        if trace.revision not in (None, session.revision):
            continue
        yield from declined(session)
        for call in session.calls:
            id = (made_by(call) or {}).get("taskId")
            if isinstance(id, str):
                if seen:
                    other = "another" if id in seen else "no other"
                    yield expect(id not in seen, call, f"a task has the id {shown(id)}, like {other}")
                seen.add(id)
