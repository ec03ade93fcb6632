"""Whose tasks are whose, where a token says who asks: basic/utilities/tasks, "Task Isolation and Access Control"."""

from collections.abc import Iterator

from conformance.checks.doors import guarded, is_bare, is_served, says_nothing
from conformance.checks.tasked import Sight, declares, declined, in_words, named_in, sights, tasks_of
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

ANOTHER = "second"  # the role of a token that is another user's
_ABOUT_ONE = ("tasks/get", "tasks/result", "tasks/cancel")


def _of_another(trace: Trace) -> Iterator[Session]:
    """The sessions that were begun with another user's token."""
    for session in sessions(trace):
        if session.handshake is not None and session.handshake.exchange.token == ANOTHER:
            yield session


def _why_not(trace: Trace) -> Findings:
    """Where there are no tasks, or nobody is asked who he is, there is nothing to keep apart."""
    for session in sessions(trace):
        yield from declined(session)
    if not guarded(trace):
        bare = [x for x in trace.spoken() if is_bare(x) and is_served(x)]
        yield from (moot(x, "the server answers without a token, so it knows no users") for x in bare[:1])


def _owned(trace: Trace) -> dict[str, Sight]:
    """The tasks that were made with other tokens, by id, as they were seen last."""
    others = [s for s in sessions(trace) if s.handshake is not None and s.handshake.exchange.token != ANOTHER]
    tasks = {task.id: task.created for session in others for task in tasks_of(session)}
    for sight in (sight for session in others for sight in sights(session)):
        id = sight.task.get("taskId")
        if isinstance(id, str) and id in tasks and sight.message.at > tasks[id].message.at:
            tasks[id] = sight
    return tasks


def _attempts(trace: Trace) -> Iterator[Call | Finding]:
    """What another user asked about a task that was there before and after; a finding where that is not certain."""
    owned = _owned(trace)
    for session in _of_another(trace):
        for call in session.calls:
            id = named_in(call)
            if call.request.method not in _ABOUT_ONE or id is None or id not in owned:
                continue
            reason = says_nothing(call.exchange)
            if reason or call.exchange.status == 401:
                yield undecided(call, reason or f"{call.request.method} was answered with 401: is the token good?")
            elif call.response is None and call.exchange.ok:
                yield undecided(call, f"{call.request.method} of another user's task was not answered")
            elif _succeeded(call):
                yield call
            elif owned[id].message.at < call.request.at:
                yield undecided(call, "the task was not seen later by its owner: it may have been gone")
            elif call.request.method == "tasks/cancel" and owned[id].is_final:
                yield undecided(call, "the task had an end, so that its owner could not have cancelled it either")
            else:
                yield call


def _succeeded(call: Call) -> bool:
    return call.response is not None and call.response.kind == "result"


def _in_words(call: Call) -> str:
    answered = in_words(call) if call.response else f"was answered with {call.exchange.status}"
    return f"{call.request.method} of another user's task {answered}"


@check("tasks.bind")
def tasks_are_bound_to_who_made_them(trace: Trace) -> Findings:
    """With authorization, tasks are bound to who made them: not all that another user asks about one is answered."""
    yield from _why_not(trace)
    attempts = list(_attempts(trace))
    yield from (each for each in attempts if isinstance(each, Finding))
    calls = [each for each in attempts if isinstance(each, Call)]
    if calls:
        refused = [call for call in calls if not _succeeded(call)]
        yield expect(bool(refused), (refused or calls)[0], _in_words((refused or calls)[0]))


@check("tasks.bind-reject")
def requests_about_tasks_of_others_are_refused(trace: Trace) -> Findings:
    """tasks/get, tasks/result and tasks/cancel of another user's task are refused."""
    yield from _why_not(trace)
    for each in _attempts(trace):
        yield each if isinstance(each, Finding) else expect(not _succeeded(each), each, _in_words(each))


@check("tasks.bind-list")
def lists_have_no_tasks_of_others(trace: Trace) -> Findings:
    """tasks/list has only the tasks of who asks."""
    yield from _why_not(trace)
    owned = _owned(trace)
    for session in _of_another(trace):
        yield from declined(session, "list") if declares(session) else ()
        for call in session.calls:
            there = {id for id, sight in owned.items() if sight.message.at > call.request.at}
            if call.request.method == "tasks/list" and _succeeded(call) and (owned.keys() & _listed(call) or there):
                strange = owned.keys() & _listed(call)
                seen = f"a user was shown {len(strange)} of {len(there | strange)} tasks of another"
                yield expect(not strange, call, seen)


def _listed(call: Call) -> set[str]:
    tasks: JSON = call.response.result.get("tasks") if call.response is not None else None
    entries = tasks if isinstance(tasks, list) else []
    return {str(entry.get("taskId")) for entry in entries if isinstance(entry, dict)}
