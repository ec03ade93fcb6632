"""What a task says of itself, status by status: the tasks extension, SEP-2663."""

from collections.abc import Iterator

from conformance.checks.deferred import (
    NOTIFICATION,
    STATUSES,
    Deferred,
    Sight,
    declined,
    is_declared,
    tasks_in,
    wrong_question,
    wrong_result,
)
from conformance.checks.listens import Listening, listenings
from conformance.checks.reading import shown
from conformance.checks.tasked import RELATED, is_time
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

FAILS = "failing_job"  # fixtures of the official suite, known by their names: one whose tool reports a failure,
BREAKS = "protocol_error_job"  # and one that ends in a JSON-RPC error
FOREIGN = ("task", "ttl", "pollInterval", "requestState")
LATER = ("inputRequests", "result", "error")


def _sights(trace: Trace) -> Iterator[tuple[Deferred, Sight]]:
    """Every sight of every task."""
    return ((task, sight) for task in tasks_in(trace) for sight in task.sights)


@check("ext-tasks.shape")
def tasks_have_their_members(trace: Trace) -> Findings:
    """A task has an id, a status, two times as ISO 8601 has them, and a lifetime; all members are of their types."""
    yield from declined(trace)
    for _, sight in _sights(trace):
        flaws = list(_flaws(sight.task))
        yield expect(not flaws, sight.message, f"{sight.how}: {'; '.join(flaws) or 'a task, with all its members'}")


def _flaws(task: dict[str, JSON]) -> Iterator[str]:
    if task.get("status") not in STATUSES:
        yield f"status is {shown(task.get('status'))}"
    for name in ("createdAt", "lastUpdatedAt"):
        if not is_time(task.get(name)):
            yield f"{name} is {shown(task.get(name))}" if name in task else f"{name} is missing"
    if "ttlMs" not in task:
        yield "ttlMs is missing"
    elif task["ttlMs"] is not None and not _is_whole(task["ttlMs"]):
        yield f"ttlMs is {shown(task['ttlMs'])}"
    if "pollIntervalMs" in task and not _is_whole(task["pollIntervalMs"]):
        yield f"pollIntervalMs is {shown(task['pollIntervalMs'])}"
    if not isinstance(task.get("statusMessage", ""), str):
        yield f"statusMessage is {shown(task['statusMessage'])}"


def _is_whole(value: JSON) -> bool:
    """Whether this is an integer; in JSON 1.0 is one."""
    return value.is_integer() if isinstance(value, float) else isinstance(value, int) and not isinstance(value, bool)


@check("ext-tasks.plain")
def tasks_have_nothing_of_other_forms(trace: Trace) -> Findings:
    """A task has no members of the tasks of 2025-11-25, nor those that belong to another status or another result."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        extra = [name for name in FOREIGN if name in sight.task]
        extra += [name for name in LATER if name in sight.task and sight.asked is task.call]
        extra += ["result"] if sight.status == "failed" and "result" in sight.task else []
        result = sight.task.get("result")
        meta = result.get("_meta") if isinstance(result, dict) else None
        extra += [f"result/_meta/{RELATED}"] if isinstance(meta, dict) and RELATED in meta else []
        words = f"has {' and '.join(dict.fromkeys(extra))}" if extra else "has nothing that does not belong there"
        yield expect(not extra, sight.message, f"{sight.how}: a task that is {shown(sight.status)} {words}")


@check("ext-tasks.get")
def who_asks_for_a_task_gets_that_task(trace: Trace) -> Findings:
    """tasks/get is answered with the task that it names."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        if sight.asked is not None and sight.asked is not task.call:
            given = sight.task.get("taskId")
            seen = f"tasks/get for {shown(task.id)} was answered with {shown(given)}, {shown(sight.status)}"
            yield expect(given == task.id and sight.status in STATUSES, sight.message, seen)


@check("ext-tasks.input-requests")
def waiting_tasks_show_what_they_wait_for(trace: Trace) -> Findings:
    """A task that needs input has its questions in `inputRequests`, each in the shape of its kind."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        if sight.status != "input_required" or sight.asked is task.call:
            continue
        wanted = sight.task.get("inputRequests")
        if not isinstance(wanted, dict):
            yield expect(False, sight.message, f"{sight.how}: input_required, and inputRequests is {shown(wanted)}")
        elif not wanted and any(call.request.at <= sight.message.at for call in task.updates):
            yield undecided(sight.message, f"{sight.how}: no question is left, and the work will go on")
        elif not wanted:
            yield expect(False, sight.message, f"{sight.how}: input_required, and inputRequests is empty")
        for key, question in wanted.items() if isinstance(wanted, dict) else ():
            wrong = wrong_question(task, key, question)
            yield expect(wrong is None, sight.message, f"{sight.how}: {shown(key)}: {wrong or 'a question'}")


@check("ext-tasks.completed")
def completed_tasks_have_the_result(trace: Trace) -> Findings:
    """A task that is completed has the result of its call, in the shape of such results."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        if sight.status != "completed" or sight.asked is task.call:
            continue
        result = sight.task.get("result")
        wrong = wrong_result(task, result) if isinstance(result, dict) else f"result is {shown(result)}"
        yield expect(wrong is None, sight.message, f"{sight.how}: completed: {wrong or 'with a result'}")


@check("ext-tasks.failed")
def failed_tasks_have_the_error(trace: Trace) -> Findings:
    """A task whose call ended in a JSON-RPC error has failed, and has that error: a code and a message."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        if sight.status == "failed" and sight.asked is not task.call:
            error = sight.task.get("error")
            whole = isinstance(error, dict) and _is_whole(error.get("code")) and isinstance(error.get("message"), str)
            yield expect(whole, sight.message, f"{sight.how}: failed, and error is {shown(error)}")
        elif sight.status == "completed" and task.tool == BREAKS:
            yield expect(False, sight.message, f"{BREAKS} ends in a JSON-RPC error, and its task is completed")


@check("ext-tasks.failed-message")
def failed_tasks_say_why(trace: Trace) -> Findings:
    """A task that failed says in `statusMessage` what went wrong."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        if sight.status == "failed" and sight.asked is not None and sight.asked is not task.call:
            words = sight.task.get("statusMessage")
            seen = f"tasks/get: failed, with the statusMessage {shown(words)}"
            yield expect(isinstance(words, str) and bool(words.strip()), sight.message, seen)


@check("ext-tasks.tool-error")
def failures_of_tools_are_results(trace: Trace) -> Findings:
    """A task whose tool reports a failure has not failed: it is completed, with that result."""
    yield from declined(trace)
    for task, sight in _sights(trace):
        result = sight.task.get("result")
        reports = isinstance(result, dict) and result.get("isError") is True
        if sight.is_final and sight.status != "cancelled" and (reports or task.tool == FAILS):
            seen = f"{sight.how}: the tool reports a failure, and the task is {shown(sight.status)}"
            yield expect(sight.status == "completed" and reports, sight.message, seen)


@check("ext-tasks.terminal")
def what_has_ended_does_not_change(trace: Trace) -> Findings:
    """A task that is completed, failed or cancelled stays so, with the same result or error."""
    yield from declined(trace)
    for task in tasks_in(trace):
        first = task.ended
        for sight in task.looks if first is not None else ():
            if first is None or sight is first or sight.asked is None or sight.asked.request.at < first.message.at:
                continue
            same = all(sight.task.get(name) == first.task.get(name) for name in ("status", "result", "error"))
            words = f"is {shown(sight.status)}{'' if same else ', and not as before'}"
            yield expect(same, sight.message, f"a task that was {shown(first.status)} {words}")


@check("ext-tasks.notified")
def only_tasks_that_were_named_are_told_of(trace: Trace) -> Findings:
    """A subscription brings news of the tasks that it named, and of no others, and its acknowledgement says which."""
    yield from declined(trace)
    for session in sessions(trace):
        if is_declared(session.server_capabilities):
            for listening in listenings(session):
                yield from _news(listening)


def _news(listening: Listening) -> Iterator[Finding]:
    wanted, begun = _ids(listening.wanted), listening.acknowledgement
    if wanted and begun is not None:
        agreed = _ids(listening.agreed)
        strange = [id for id in agreed if id not in wanted]
        seen = f"of {len(wanted)} tasks, the acknowledgement has {len(agreed) - len(strange)}"
        if not agreed:
            yield moot(begun, "the server tells nothing of tasks; it need not")
        else:
            yield expect(not strange, begun, f"{seen}{f', and {shown(strange[0])} beside them' if strange else ''}")
    for message in listening.notifications:
        if message.method == NOTIFICATION:
            id = message.params.get("taskId")
            yield expect(id in wanted, message, f"news of the task {shown(id)}; {len(wanted)} tasks were named")


def _ids(filter: dict[str, JSON]) -> list[JSON]:
    ids = filter.get("taskIds")
    return ids if isinstance(ids, list) else []
