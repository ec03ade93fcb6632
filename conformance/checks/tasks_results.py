"""What comes of a task in the end: `tasks/result`, basic/utilities/tasks."""

from collections.abc import Iterator

from conformance.checks.deciding import other_cause
from conformance.checks.reading import shown
from conformance.checks.tasked import (
    Task,
    declined,
    in_words,
    named_in,
    related_to,
    takes_tasks,
    tasks_of,
    wants_task,
)
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

LONG = 0.5  # seconds


@check("tasks.result-final")
def tasks_result_has_the_outcome(session: Session) -> Findings:
    """tasks/result of a task that has ended is answered with its outcome.

    A completed task has the result of a tool, with content; a failed or cancelled one may have an error as well. A
    task whose lifetime is over may be gone.
    """
    yield from declined(session)
    for task, call in _of_ended_tasks(session):
        status = task.ended.status if task.ended is not None else None
        what = f"tasks/result of a task that was {shown(status)}"
        reason = other_cause(session, call.exchange)
        if call.response is None or (reason and call.response.kind == "error"):
            yield undecided(call, reason or f"{what} was not answered")
        elif call.response.kind == "error":
            good = status != "completed"
            yield expect(good, call.response, f"{what} {in_words(call)}: {shown(call.response.error.get('message'))}")
        else:
            good = isinstance(call.response.result.get("content"), list)
            yield expect(good, call.response, f"{what} has {'the result' if good else 'no result'} of the tool")


@check("tasks.result-blocks")
def tasks_result_waits_for_the_end(session: Session) -> Findings:
    """tasks/result of a task that has not ended is answered when it has.

    It was answered too soon if the task was unfinished when it was looked at afterwards. It waited if the task was
    unfinished when it was looked at meanwhile.
    """
    yield from declined(session)
    for task in tasks_of(session):
        for call in task.results:
            if call.response is None or (task.ended is not None and task.ended.message.at < call.request.at):
                continue
            answered = call.response.at
            early = next(
                (s for s in task.sights if s.is_after(answered) and s.status in ("working", "input_required")), None
            )
            meanwhile = [s for s in task.sights if s.is_after(call.request.at) and s.message.at < answered]
            if early is not None:
                seen = f"tasks/result {in_words(call)}, and the task was {shown(early.status)} afterwards"
                yield expect(False, call.response, seen)
            elif any(not s.is_final for s in meanwhile):
                yield expect(True, call.response, "tasks/result was answered when the task had ended, not before")
            else:
                yield undecided(call.response, "the task may have ended before tasks/result was asked")


@check("tasks.result-exact")
def tasks_result_is_what_the_plain_call_would_have_had(session: Session) -> Findings:
    """tasks/result of a task that has ended is what the plain call would have been answered with.

    Judged only where two plain calls, or more, of the same tool with the same arguments were answered alike: then
    the task has to end so too, be it in a result or in a JSON-RPC error. Metadata is left out.
    """
    yield from declined(session)
    for task, call in _of_ended_tasks(session):
        plain = [_outcome(c.response) for c in session.calls if _is_plain_twin(c, task.call) and c.response]
        if call.response is None or (task.ended is not None and task.ended.status == "cancelled"):
            continue
        name = shown(task.call.request.params.get("name"))
        reason = other_cause(session, call.exchange)
        if reason and call.response.kind == "error":
            yield undecided(call.response, reason)
        elif len(plain) < 2 or any(outcome != plain[0] for outcome in plain):
            yield undecided(call.response, f"plain calls of {name} were too few, or not answered alike")
        else:
            seen = f"a task of {name} ended in {_told(_outcome(call.response))}, the plain call in {_told(plain[0])}"
            yield expect(_outcome(call.response) == plain[0], call.response, seen)


def _is_plain_twin(call: Call, made: Call) -> bool:
    """Whether a call is the same as one that became a task, but plain; one that was refused for that is none."""
    ours, theirs = call.request.params, made.request.params
    same = all(ours.get(member) == theirs.get(member) for member in ("name", "arguments"))
    refused = call.response is not None and call.response.error.get("code") in (-32600, -32601)
    return call.request.method == "tools/call" and not wants_task(call) and same and not refused


def _outcome(response: Message) -> tuple[str, JSON]:
    """What a response says, without its metadata; that a result is no error may be said or left out."""
    if response.kind == "error":
        return "error", response.error
    said = {name: value for name, value in response.result.items() if name != "_meta"}
    return "result", {"isError": False} | said


def _told(outcome: tuple[str, JSON]) -> str:
    return f"the {outcome[0]} {shown(outcome[1])}"


@check("tasks.related-in-result")
def a_result_says_of_which_task_it_is(session: Session) -> Findings:
    """The result that answers tasks/result names the task in its metadata. An error has no metadata."""
    yield from declined(session)
    for task in tasks_of(session):
        for call in task.results:
            if call.response is not None and call.response.kind == "result":
                named = related_to(call.response)
                seen = f"the result of task {shown(task.id)} names the task {shown(named)}"
                yield expect(isinstance(named, str), call.response, seen)


@check("tasks.id-param")
def the_parameter_decides_which_task_is_meant(session: Session) -> Findings:
    """tasks/get, tasks/result and tasks/cancel are about the task that `taskId` names.

    Judged where the request says nothing else; what it may say else is a rule of its own.
    """
    yield from declined(session)
    for call, meant, about in _about_tasks(session):
        if related_to(call.request) is None and _several(session):
            seen = f"{call.request.method} for task {shown(meant)} was answered about {shown(about)}"
            yield expect(about == meant, call, seen)


@check("tasks.related-ignored")
def metadata_does_not_decide_which_task_is_meant(session: Session) -> Findings:
    """Related-task metadata of tasks/get, tasks/result and tasks/cancel is ignored: `taskId` counts.

    No answer is against it too, if it happens twice, and the same request without metadata was answered long before.
    """
    yield from declined(session)
    for call, meant, about in _about_tasks(session):
        named = related_to(call.request)
        if named is not None and named != meant:
            seen = f"{call.request.method} for task {shown(meant)}, with metadata that names {shown(named)},"
            yield expect(about == meant, call, f"{seen} was answered about {shown(about)}")
    silent = [call for call in session.calls if _is_left_alone(session, call)]
    for call in silent:
        seen = "tasks/get with metadata that names another task was not answered, and the same without was"
        yield expect(False, call, seen) if len(silent) > 1 else undecided(call, f"{seen}; it was seen only once")


def _is_left_alone(session: Session, call: Call) -> bool:
    """Whether tasks/get with metadata had no answer half a second after the same request without had one."""
    if call.request.method != "tasks/get" or call.response is not None or related_to(call.request) is None:
        return False
    twins = (c for c in session.calls if c.request.method == "tasks/get" and named_in(c) == named_in(call))
    answered = [c.response.at for c in twins if c.response is not None and related_to(c.request) is None]
    return call.exchange.ended is not None and any(call.exchange.ended - at > LONG for at in answered)


def _about_tasks(session: Session) -> Iterator[tuple[Call, str, JSON]]:
    """The answers about tasks: the call, the task that its parameter names, and the one that was told about."""
    known = {task.id for task in tasks_of(session)} if takes_tasks(session) else set()
    for call in session.calls:
        meant = named_in(call)
        if meant not in known or meant is None or call.response is None or call.response.kind != "result":
            continue
        if call.request.method in ("tasks/get", "tasks/cancel"):
            yield call, meant, call.response.result.get("taskId")
        elif call.request.method == "tasks/result" and isinstance(named := related_to(call.response), str):
            yield call, meant, named


def _several(session: Session) -> bool:
    """Whether there were several tasks, so that one could be taken for another."""
    return len(tasks_of(session)) > 1


def _of_ended_tasks(session: Session) -> Iterator[tuple[Task, Call]]:
    """The requests for results that were made when the task had ended, and was still to be kept."""
    for task in tasks_of(session):
        for call in task.results:
            ended = task.ended is not None and task.ended.message.at < call.request.at
            at = call.response.at if call.response is not None else call.request.at
            if ended and not task.may_be_gone(at):
                yield task, call
