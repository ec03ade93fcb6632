"""What a client cancels: basic/utilities/cancellation."""

from conformance.checks.clientside import is_whole, names, said
from conformance.checks.reading import shown
from conformance.checks.tasked import made_by, named_in
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

CANCELLED = "notifications/cancelled"


@check("cancel.valid-id", party="client")
def clients_cancel_only_their_own_requests(session: Session) -> Findings:
    """A client cancels only requests that it made and believes to be running.

    If the answer was under way the client could not know; and what it cancels may have been overtaken. From
    2026-07-28 on nothing tells what one client asked on several connections, but 1 is never the request "1".
    """
    for message in said(session, CANCELLED):
        calls = _named(session, message)
        seen = f"the client cancelled {shown(message.params.get('requestId'))}"
        if not calls and (is_whole(session) or _is_of_another_type(session, message)):
            yield expect(False, message, f"{seen}, which is no request of its own")
        elif not calls:
            yield undecided(message, f"{seen}, which it may have asked before the recording")
        elif any(c.request.at <= message.at and not _was_answered(c, message) for c in calls):
            yield expect(True, message, f"{seen}, its own {calls[-1].request.method}")
        else:
            yield undecided(message, f"{seen} when the answer was under way, or before the request passed")


@check("cancel.not-init", party="client")
def initialize_is_never_cancelled(session: Session) -> Findings:
    """A client never cancels `initialize`."""
    for message in said(session, CANCELLED):
        calls = _named(session, message)
        if calls and session.handshake is not None:
            only = all(call.request.method == "initialize" for call in calls)
            yield expect(not only, message, f"the client cancelled {calls[-1].request.method}")


@check("tasks.cancel-method", party="client")
def tasks_are_cancelled_by_their_own_method(session: Session) -> Findings:
    """A client cancels a call that became a task by `tasks/cancel`, not by `notifications/cancelled`.

    That it is a task the client knows for certain when it has asked for that task.
    """
    for message in said(session, "tasks/cancel"):
        yield expect(True, message, "a task was cancelled by tasks/cancel")
    for message in said(session, CANCELLED):
        for call in _named(session, message):
            if (task := made_by(call)) is not None:
                seen = f"a call that became a task was cancelled by {CANCELLED}"
                knew = any(_names_task(c, task) and c.request.at < message.at for c in session.calls)
                yield expect(False, message, seen) if knew else undecided(message, f"{seen}, perhaps before")


def _is_of_another_type(session: Session, cancellation: Message) -> bool:
    """Whether a request has this id, but as a number instead of a string, or the other way round."""
    named = cancellation.params.get("requestId")
    return any(str(call.request.id) == str(named) for call in session.calls)


def _named(session: Session, cancellation: Message) -> list[Call]:
    return [call for call in session.calls if names(cancellation, call)]


def _names_task(call: Call, task: dict[str, JSON]) -> bool:
    return named_in(call) is not None and named_in(call) == task.get("taskId")


def _was_answered(call: Call, cancellation: Message) -> bool:
    return call.response is not None and call.response.at < cancellation.at
