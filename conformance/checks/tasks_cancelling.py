"""Tasks that are cancelled: `tasks/cancel`, basic/utilities/tasks."""

from conformance.checks.deciding import other_cause
from conformance.checks.reading import shown
from conformance.checks.tasked import Task, declined, error_code, in_words, named_in, tasks_of
from conformance.checks.tasks_status import stays
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided


@check("tasks.cancel-final")
def a_cancelled_task_stays_cancelled(session: Session) -> Findings:
    """A task that was cancelled stays cancelled, whatever becomes of the work. It may also be deleted."""
    yield from declined(session, "cancel")
    for task in tasks_of(session):
        cancelled = next((s for s in task.sights if s.how == "tasks/cancel" and s.status == "cancelled"), None)
        if cancelled is not None:
            yield from stays(task, cancelled)


@check("tasks.cancel-terminal")
def a_task_that_has_ended_cannot_be_cancelled(session: Session) -> Findings:
    """tasks/cancel of a task that has ended draws -32602."""
    yield from declined(session, "cancel")
    for task, call in _cancels(session):
        end = task.ended
        if end is None or end.message.at > call.request.at:
            continue
        what = f"tasks/cancel of a task that was {shown(end.status)}"
        reason = other_cause(session, call.exchange)
        if call.response is None or (reason and error_code(call) != INVALID_PARAMS):
            yield undecided(call, reason or f"{what} was not answered")
        else:
            yield expect(error_code(call) == INVALID_PARAMS, call, f"{what} {in_words(call)}")


@check("tasks.cancel-status")
def a_task_is_cancelled_before_that_is_said(session: Session) -> Findings:
    """When tasks/cancel is answered, the task is cancelled already."""
    yield from declined(session, "cancel")
    for task, call in _cancels(session):
        end = task.ended
        if call.response is None or call.response.kind == "error":
            yield undecided(call, f"tasks/cancel {in_words(call)}")
        elif end is None or end.message.at > call.request.at:
            status = call.response.result.get("status")
            yield expect(status == "cancelled", call, f"tasks/cancel was answered with the status {shown(status)}")


def _cancels(session: Session) -> list[tuple[Task, Call]]:
    """The cancellations of tasks that the client had made."""
    tasks = {task.id: task for task in tasks_of(session)}
    cancels = [call for call in session.calls if call.request.method == "tasks/cancel"]
    return [(tasks[id], call) for call in cancels if (id := named_in(call)) is not None and id in tasks]
