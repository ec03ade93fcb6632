"""The life of a task: its status, its times, its end: basic/utilities/tasks."""

import re

from conformance.checks.asked import Question, questions
from conformance.checks.reading import shown
from conformance.checks.tasked import (
    FINAL,
    STATUSES,
    Sight,
    Task,
    declined,
    is_time,
    related_to,
    sights,
    takes_tasks,
    tasks_of,
)
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided

GRACE = 0.25  # seconds that a server gets to notice an answer that it has accepted
FRACTION = re.compile(r"[.,]\d+")


@check("tasks.starts-working")
def a_task_begins_as_working(session: Session) -> Findings:
    """The first status of a task is working.

    A task may have moved on before it is shown for the first time; it has not if it says itself that it was created
    and last changed at one and the same fraction of a second.
    """
    yield from declined(session)
    for task in tasks_of(session):
        status, made = task.created.status, task.created.task.get("createdAt")
        seen = f"a task was returned as {shown(status)}"
        untouched = made == task.created.task.get("lastUpdatedAt")
        if status == "working" or (untouched and isinstance(made, str) and FRACTION.search(made)):
            yield expect(status == "working", task.created.message, seen)
        else:
            yield undecided(task.created.message, f"{seen}, which it may have become in the meantime")


@check("tasks.transitions")
def a_status_follows_from_the_one_before(session: Session) -> Findings:
    """From working and input_required a task goes to each other or to a final status, and nowhere else.

    Between two looks much may happen, so only a status that does not exist is wrong here; what follows a final one
    is a rule of its own.
    """
    yield from declined(session)
    for task in tasks_of(session):
        before = task.created.status
        for sight in task.sights[1:]:
            if sight.status not in STATUSES:
                yield expect(False, sight.message, f"a task became {shown(sight.status)}, which is no status")
            elif sight.status != before and before not in FINAL:
                yield expect(True, sight.message, f"a task was {shown(before)} and became {shown(sight.status)}")
            before = sight.status


@check("tasks.terminal")
def a_final_statusstays(session: Session) -> Findings:
    """A task that is completed, failed or cancelled stays so."""
    yield from declined(session)
    for task in tasks_of(session):
        if (end := task.ended) is not None:
            yield from stays(task, end)


def stays(task: Task, end: Sight) -> Findings:
    """Whether a task that had ended was still so at every later look."""
    later = [sight for sight in task.sights if sight.is_after(end.message.at)]
    for sight in later:
        seen = f"a task that was {shown(end.status)} is {shown(sight.status)} later"
        yield expect(sight.status == end.status, sight.message, seen)
    if not later:
        yield undecided(end.message, f"a task was {shown(end.status)}, and was not seen again")


@check("tasks.input-required")
def a_task_that_asks_says_so(session: Session) -> Findings:
    """While the client is asked something for a task, the task's status is input_required.

    Judged by what was asked for when the question had come, and answered before the client had answered.
    """
    yield from declined(session)
    for task, question in _asked_for(session):
        until = question.answer.at if question.answer is not None else float("inf")
        looks = [s for s in task.sights if s.is_after(question.request.at) and s.message.at < until]
        looks = [s for s in looks if not s.is_final and question.cancelled is None]
        for sight in looks:
            seen = f"while {question.request.method} was open, its task was {shown(sight.status)}"
            yield expect(sight.status == "input_required", sight.message, seen)
        if not looks:
            yield undecided(question.request, f"no task was looked at while {question.request.method} was open")


@check("tasks.leave-input")
def a_task_that_got_its_answer_goes_on(session: Session) -> Findings:
    """A task that got all that it asked for is no longer input_required.

    It counts what was asked for a quarter of a second or more after the answer was accepted, and only if no further
    question was open or came.
    """
    yield from declined(session)
    asked = list(_asked_for(session))
    for task, question in asked:
        exchange = _carrier(session, question.answer)
        others = [q for t, q in asked if t is task and q is not question]
        if exchange is None or exchange.head_at is None or not exchange.ok:
            continue
        accepted = exchange.head_at
        if any(q.answer is None or q.answer.at > accepted for q in others):
            continue
        if not any(s.status == "input_required" and s.message.at < accepted for s in task.sights):
            yield undecided(question.request, "the task was not seen as input_required before")
            continue
        for sight in task.sights:
            left = sight.status != "input_required"
            if sight.is_after(accepted if left else accepted + GRACE):
                yield expect(left, sight.message, f"a task with all answers was {shown(sight.status)}")


def _carrier(session: Session, message: Message | None) -> Exchange | None:
    number = message.place.exchange if message is not None else None
    return next((exchange for exchange in session.exchanges if exchange.number == number), None)


def _asked_for(session: Session) -> list[tuple[Task, Question]]:
    """The questions that name one of the client's tasks."""
    tasks = {task.id: task for task in tasks_of(session)}
    found: list[tuple[Task, Question]] = []
    for question in questions(session):
        task = tasks.get(str(related_to(question.request)))
        if task is not None and question.request.method != "ping":
            found.append((task, question))
    return found


@check("tasks.created-at")
def a_task_says_when_it_was_created(session: Session) -> Findings:
    """Every task object has `createdAt`, a time as ISO 8601 has it."""
    yield from _times(session, "createdAt")


@check("tasks.updated-at")
def a_task_says_when_it_last_changed(session: Session) -> Findings:
    """Every task object has `lastUpdatedAt`, a time as ISO 8601 has it."""
    yield from _times(session, "lastUpdatedAt")


def _times(session: Session, member: str) -> Findings:
    yield from declined(session)
    for sight in sights(session) if takes_tasks(session) else ():
        value = sight.task.get(member)
        yield expect(is_time(value), sight.message, f"a task of {sight.how} has the {member} {shown(value)}")


@check("tasks.ttl-shown")
def a_task_says_how_long_it_is_kept(session: Session) -> Findings:
    """tasks/get shows for how many milliseconds the task is kept, or null for ever."""
    yield from declined(session)
    for sight in sights(session) if takes_tasks(session) else ():
        if sight.how == "tasks/get":
            ttl = sight.task.get("ttl", "absent")
            good = ttl is None or (isinstance(ttl, int | float) and not isinstance(ttl, bool))
            yield expect(good, sight.message, f"a task has the ttl {shown(ttl)}")


@check("tasks.failed-message")
def a_failed_task_says_why(session: Session) -> Findings:
    """tasks/get of a task that failed has a `statusMessage`."""
    yield from declined(session)
    for sight in sights(session) if takes_tasks(session) else ():
        if sight.how == "tasks/get" and sight.status == "failed":
            said = sight.task.get("statusMessage")
            good = isinstance(said, str) and bool(said.strip())
            yield expect(good, sight.message, f"a failed task has the statusMessage {shown(said)}")


@check("tasks.get-json")
def tasks_get_is_answered_without_a_stream(session: Session) -> Findings:
    """tasks/get is answered with JSON where that is possible, and not with an event stream."""
    yield from declined(session)
    for call in session.calls:
        if call.request.method == "tasks/get" and takes_tasks(session) and call.exchange.ok and call.response:
            kind = "an event stream" if call.exchange.is_stream else "JSON"
            yield expect(not call.exchange.is_stream, call, f"tasks/get was answered with {kind}")
