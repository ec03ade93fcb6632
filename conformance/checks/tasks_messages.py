"""Messages that belong to a task, and progress that goes on behind the answer: basic/utilities/tasks and progress."""

from collections.abc import Iterator

from conformance.checks.asked import key_of, questions
from conformance.checks.clientside import was_cut
from conformance.checks.lagging import lag
from conformance.checks.reading import shown
from conformance.checks.tasked import (
    Task,
    declined,
    has_mark,
    related_to,
    takes_tasks,
    tasks_of,
)
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

ASKING = ("sampling/createMessage", "elicitation/create")


@check("tasks.related")
def what_belongs_to_a_task_names_it(session: Session) -> Findings:
    """Requests and progress that belong to a task name it in their metadata.

    Progress belongs to the task whose token it has. A question belongs to a task if it says so, or if it asks the
    user or the model while a task's result is waited for, and on that stream.
    """
    yield from declined(session)
    tasks = tasks_of(session)
    for message, task in _progress(session, tasks):
        named = related_to(message)
        seen = f"progress of task {shown(task.id)} names the task {shown(named)}"
        yield expect(named == task.id, message, seen)
    ids = [task.id for task in tasks]
    waiting = [leg.number for task in tasks for call in task.results if call.stream for leg in call.stream.legs]
    for question in questions(session) if tasks else ():
        asked, named = question.request, related_to(question.request)
        if has_mark(asked) or (asked.method in ASKING and asked.place.exchange in waiting):
            seen = f"{asked.method}, which belongs to a task, names the task {shown(named)}"
            if named not in ids and (session.handshake is None or was_cut(session)):
                yield undecided(asked, f"{seen}, which may have begun where nothing was recorded")
            else:
                yield expect(named in ids, asked, seen)


@check("tasks.no-related-in-get")
def answers_that_have_the_id_do_not_repeat_it(session: Session) -> Findings:
    """The results of tasks/get, tasks/list and tasks/cancel have no related-task metadata."""
    yield from declined(session)
    for call in session.calls if takes_tasks(session) else ():
        has_id = call.request.method in ("tasks/get", "tasks/list", "tasks/cancel")
        if has_id and call.response is not None and call.response.kind == "result":
            marked = has_mark(call.response)
            seen = f"the result of {call.request.method} has {'' if marked else 'no '}related-task metadata"
            yield expect(not marked, call.response, seen)


@check("tasks.status-no-related")
def status_notifications_do_not_repeat_the_id(session: Session) -> Findings:
    """notifications/tasks/status has no related-task metadata."""
    yield from declined(session)
    for message in session.messages() if takes_tasks(session) else ():
        if message.sender == "server" and message.method == "notifications/tasks/status":
            marked = has_mark(message)
            yield expect(not marked, message, f"{message.method} has {'' if marked else 'no '}related-task metadata")


@check("tasks.progress-token")
def progress_of_a_task_has_the_token_of_its_call(session: Session) -> Findings:
    """Progress of a task has the token that the call which became the task gave, for as long as the task lasts."""
    yield from declined(session)
    tasks = tasks_of(session)
    by_id = {task.id: task for task in tasks}
    for message in _all_progress(session):
        token = message.params.get("progressToken")
        task = by_id.get(str(related_to(message)))
        if task is not None:
            seen = f"progress of task {shown(task.id)} has the token {shown(token)}"
            given = task.call.progress_token
            yield expect(key_of(token) == key_of(given), message, f"{seen}, and its call gave {shown(given)}")
    for message, task in _progress(session, tasks):
        if related_to(message) is None and message.at > task.created.message.at:
            yield expect(True, message, "progress went on with the call's token when the task was returned")


@check("tasks.progress-stops")
def progress_ends_with_the_task(session: Session) -> Findings:
    """No progress of a task is reported when it has ended.

    On one stream the order is certain. On another that was open all the time, what comes in a tenth of a second, or
    later where the way is slow, may have been under way, and so may a single straggler.
    """
    yield from declined(session)
    reported: dict[str, list[Message]] = {}
    for message, task in _progress(session, tasks_of(session)):
        reported.setdefault(task.id, []).append(message)
    for task in tasks_of(session):
        end = task.ended
        if end is None or task.id not in reported:
            if task.call.progress_token is not None:
                yield undecided(task.call, "a task that may report progress did not end, or reported none")
            continue
        messages = reported[task.id]
        same = [m for m in messages if _follows(m, end.message)]
        over = end.message.at + lag(session.trace)
        late = [m for m in messages if m.at > over and _was_open(session, m, end.message.at)]
        seen = f"a task reported progress {len(messages)} times, and was {shown(end.status)} then"
        if same or len(late) > 1:
            where = (same or late)[0]
            yield expect(False, where, f"{seen}: {len(same or late)} of them came when it had ended")
        else:
            yield expect(True, messages[-1], seen)


def _follows(message: Message, end: Message) -> bool:
    """Whether a message came behind another in one answer."""
    here, there = message.place, end.place
    return here.exchange == there.exchange and (here.event or 0) > (there.event or 0)


def _was_open(session: Session, message: Message, time: float) -> bool:
    """Whether the answer that carried a message had begun by then, so that nothing had to wait for it."""
    carried = next((x for x in session.exchanges if x.number == message.place.exchange), None)
    return carried is not None and _began_before(carried, time)


def _began_before(exchange: Exchange, time: float) -> bool:
    return exchange.head_at is not None and exchange.head_at < time and exchange.last_event_id is None


def _progress(session: Session, tasks: list[Task]) -> Iterator[tuple[Message, Task]]:
    """Progress with the token of a task's call, where only this call gave it."""
    given: dict[tuple[str, object], list[Call]] = {}
    for call in session.calls:
        if call.progress_token is not None:
            given.setdefault(key_of(call.progress_token), []).append(call)
    by_call = {id(task.call): task for task in tasks}
    for message in _all_progress(session):
        owners = given.get(key_of(message.params.get("progressToken")), [])
        task = by_call.get(id(owners[0])) if len(owners) == 1 else None
        if task is not None:
            yield message, task


def _all_progress(session: Session) -> Iterator[Message]:
    if takes_tasks(session):
        yield from (m for m in session.messages() if m.sender == "server" and m.method == "notifications/progress")
