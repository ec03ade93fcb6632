"""Questions of tasks, answers to them, and cancellation: the tasks extension, SEP-2663."""

import json
from collections.abc import Iterator

from conformance.checks.deferred import (
    ENVELOPE,
    Deferred,
    declined,
    is_declared,
    is_task,
    knows_tasks,
    tasks_in,
    tool_calls,
    wrong_question,
)
from conformance.checks.reading import shown
from conformance.checks.rounds import answers, asks, fits, is_retry
from conformance.checks.standing import code, is_served, told, unclear
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call
from conformance.judging.check import Finding, Findings, check, expect, undecided

ENOUGH = 3  # looks at a task after which answers that were taken have had their effect


@check("ext-tasks.keys")
def a_key_stands_for_one_question(trace: Trace) -> Findings:
    """A key stands for one question as long as a task lives, and is not used again once it is gone."""
    yield from declined(trace)
    for task in tasks_in(trace):
        seen: dict[str, str] = {}
        gone: set[str] = set()
        latest = 0.0
        for sight in task.looks:
            if sight.asked is None or sight.asked.request.at < latest:
                continue
            latest = sight.message.at
            for key, question in sight.questions.items():
                text = _content(question)
                again = " again" if key in gone else ""
                other = " for another question" if seen.get(key, text) != text else ""
                yield expect(not again and not other, sight.message, f"the key {shown(key)} is used{other}{again}")
                seen.setdefault(key, text)
            gone |= seen.keys() - sight.questions.keys()


def _content(question: JSON) -> str:
    """A question without its metadata, as text."""
    asked = question if isinstance(question, dict) else {"": question}
    given = asked.get("params")
    params = {name: value for name, value in given.items() if name != "_meta"} if isinstance(given, dict) else given
    return json.dumps([asked.get("method"), params], sort_keys=True)


@check("ext-tasks.update-result")
def updates_are_acknowledged_with_nothing(trace: Trace) -> Findings:
    """tasks/update with the answers that a task waits for is acknowledged with an empty result."""
    yield from declined(trace)
    for task in tasks_in(trace):
        for call in task.updates:
            if is_served(call):
                yield _empty(call)
            elif reason := unclear(call):
                yield undecided(call, reason)
            elif _answers_all(task, call):
                yield expect(False, call, f"with all the answers, {told(call)}")


def _answers_all(task: Deferred, call: Call) -> bool:
    """Whether an update has an answer of its kind to every question, and no other; some alone need not be taken."""
    before, given = task.before(call), answers(call)
    questions = before.questions if before is not None else {}
    if not questions or given is None or task.may_be_gone(call.request.at):
        return False
    sound = all(wrong_question(task, key, question) is None for key, question in questions.items())
    return sound and given.keys() == questions.keys() and all(fits(questions[key], given[key]) for key in given)


def _empty(call: Call) -> Finding:
    extra = [name for name in ENVELOPE if call.response is not None and name in call.response.result]
    return expect(not extra, call, f"{told(call)}, with {' and '.join(extra) or 'an empty result'}")


@check("ext-tasks.update-unknown")
def answers_that_nobody_waits_for_are_ignored(trace: Trace) -> Findings:
    """Answers under keys that are not open, or not any more, are ignored, and the update is acknowledged."""
    yield from declined(trace)
    for task in tasks_in(trace):
        for call in task.updates:
            before, given = task.before(call), answers(call)
            waiting = before is not None and not before.is_final
            if not waiting or not given or before is None or given.keys() & _issued(task, call):
                continue
            if reason := unclear(call):
                yield undecided(call, reason)
            elif not task.may_be_gone(call.request.at):
                yield expect(is_served(call), call, f"with an answer that nobody waits for, {told(call)}")


def _issued(task: Deferred, call: Call) -> set[str]:
    """The keys that may have been open when an update came: all that were ever seen and had no answer yet."""
    earlier = [update for update in _taken(task) if update.request.at < call.request.at]
    answered = {key for update in earlier for key in answers(update) or ()}
    return {key for sight in task.looks for key in sight.questions} - answered


def _taken(task: Deferred) -> list[Call]:
    """The updates that were acknowledged."""
    return [call for call in task.updates if is_served(call)]


@check("ext-tasks.update-counts")
def with_the_answers_the_work_goes_on(trace: Trace) -> Findings:
    """A task that has all its answers waits for them no longer; that may take a moment."""
    yield from declined(trace)
    for task in tasks_in(trace):
        for call in _taken(task):
            if not _answers_all(task, call):
                continue
            given, later = answers(call) or {}, task.after(call)
            over = [sight for sight in later if not sight.questions.keys() & given.keys()]
            if over:
                yield expect(True, call, f"after the answers the task is {shown(over[0].status)}")
            elif len(later) < ENOUGH:
                yield undecided(call, "nobody looked at the task often enough after the answers")
            else:
                yield expect(False, call, f"after the answers the task has the same questions in {len(later)} looks")


@check("ext-tasks.partial")
def a_task_waits_for_the_answers_that_are_missing(trace: Trace) -> Findings:
    """As long as a question is not answered, its task waits, and shows it to who looks."""
    yield from declined(trace)
    for task in tasks_in(trace):
        for call in _taken(task):
            before, given = task.before(call), answers(call) or {}
            waiting = before.questions.keys() & _issued(task, call) if before is not None else set()
            if waiting & given.keys() and waiting - given.keys():
                yield from _still_open(task, call, waiting - given.keys())


def _still_open(task: Deferred, call: Call, open_: set[str]) -> Iterator[Finding]:
    later = [other.request.at for other in task.updates + task.cancels if other.request.at > call.request.at]
    until = min(later, default=float("inf"))
    for sight in task.after(call):
        if sight.message.at > until or sight.status in ("failed", "cancelled"):
            return
        lost = sorted(open_ - sight.questions.keys())
        words = f"{' and '.join(map(shown, lost))} is not asked for any more" if lost else "it waits for the rest"
        yield expect(not lost, sight.message, f"after some of the answers, it is {shown(sight.status)}: {words}")


@check("ext-tasks.cancel-result")
def cancellations_are_acknowledged_with_nothing(trace: Trace) -> Findings:
    """tasks/cancel is acknowledged with an empty result, also where the task has ended before."""
    yield from declined(trace)
    for task in tasks_in(trace):
        for call in task.cancels:
            if is_served(call):
                yield _empty(call)
            elif reason := unclear(call):
                yield undecided(call, reason)
            elif not task.may_be_gone(call.request.at):
                yield expect(False, call, f"for a task that there is, {told(call)}")


@check("ext-tasks.questions-first")
def what_has_to_be_known_first_is_asked_first(trace: Trace) -> Findings:
    """A call that needs input before it becomes a task is answered with the wish for it, and not yet with a task."""
    yield from declined(trace)
    for call in tool_calls(trace):
        if not knows_tasks(call) or not is_declared(call.session.server_capabilities) or call.response is None:
            continue
        if asks(call):
            early = "taskId" in call.response.result
            yield expect(not early, call, f"input is required{', and there is a task already' if early else ''}")
        elif is_task(call) and is_retry(call):
            yield expect(True, call, "after the answers, the call became a task")
        elif is_retry(call) and code(call) is not None:
            yield undecided(call, told(call))
