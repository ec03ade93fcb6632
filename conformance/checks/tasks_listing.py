"""The list of tasks, unknown tasks, and who may see what: basic/utilities/tasks."""

from collections.abc import Iterator

from conformance.checks.deciding import other_cause
from conformance.checks.guessing import weakness
from conformance.checks.reading import shown
from conformance.checks.tasked import (
    Sight,
    declares,
    declined,
    error_code,
    in_words,
    made_by,
    named_in,
    sights,
    takes_tasks,
    tasks_of,
)
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Findings, check, expect, moot, undecided

OURS = {  # headers that no requester is known by
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
    "mcp-protocol-version",
    "mcp-session-id",
    "origin",
    "user-agent",
}


@check("tasks.next-cursor")
def a_page_says_that_more_follow(session: Session) -> Findings:
    """A page of tasks has `nextCursor` if there are more.

    The list has ended too soon if tasks are missing that tasks/get finds afterwards, though others with the same
    status are on it: it leaves them out because they are too many, not because of what they are.
    """
    yield from declined(session, "list")
    for pages in _lists(session):
        for page in pages[1:]:
            led = f"nextCursor led to a page of {len(_listed(page))} tasks"
            yield expect(True, page, led) if _listed(page) else undecided(page, f"{led}: they may have expired")
        on_it = [task for page in pages for task in _listed(page)]
        alike = [s for s in _missing(session, pages) if any(task.get("status") == s.status for task in on_it)]
        if alike:
            seen = f"a list of {len(on_it)} tasks ended without nextCursor, and tasks/get finds {len(alike)} more"
            yield expect(False, pages[-1], seen)
        elif len(pages) == 1:
            yield undecided(pages[0], f"a list of {len(on_it)} tasks was on one page")


@check("tasks.list-complete")
def what_get_finds_list_finds(session: Session) -> Findings:
    """A task that tasks/get finds is on the list too."""
    yield from declined(session, "list")
    for pages in _lists(session):
        missing = {shown(sight.task.get("taskId")) for sight in _missing(session, pages)}
        found = {str(task.get("taskId")) for page in pages for task in _listed(page)}
        looked = {str(s.task.get("taskId")) for s in _looks_after(session, pages)}
        if missing:
            seen = f"{len(missing)} tasks that tasks/get finds are not on the list, such as {min(missing)}"
            yield expect(False, pages[-1], seen)
        elif found & looked:
            yield expect(True, pages[-1], f"{len(found & looked)} tasks that tasks/get finds are on the list")


def _lists(session: Session) -> Iterator[list[Call]]:
    """Each list that was read to its end: its pages in order."""
    open_lists: dict[str, list[Call]] = {}
    for call in session.calls if takes_tasks(session) else ():
        if call.request.method != "tasks/list" or call.response is None or call.response.kind != "result":
            continue
        cursor, following = call.request.params.get("cursor"), call.response.result.get("nextCursor")
        pages = [] if cursor is None else open_lists.pop(str(cursor), None)
        if pages is None:
            continue
        pages = [*pages, call]
        if following is None:
            yield pages
        else:
            open_lists[str(following)] = pages


def _listed(call: Call) -> list[dict[str, JSON]]:
    listed = call.response.result.get("tasks") if call.response is not None else None
    return [task for task in listed if isinstance(task, dict)] if isinstance(listed, list) else []


def _looks_after(session: Session, pages: list[Call]) -> list[Sight]:
    """What tasks/get found when the list had been read, of tasks that were there when the reading began."""
    ended = pages[-1].response.at if pages[-1].response is not None else 0.0
    made = {task.id for task in tasks_of(session) if task.created.message.at < pages[0].request.at}
    looks = (s for s in sights(session) if s.how == "tasks/get" and s.is_after(ended))
    return [s for s in looks if s.asked and named_in(s.asked) in made and s.task.get("taskId") == named_in(s.asked)]


def _missing(session: Session, pages: list[Call]) -> list[Sight]:
    on_it = [task.get("taskId") for page in pages for task in _listed(page)]
    return [sight for sight in _looks_after(session, pages) if sight.task.get("taskId") not in on_it]


@check("tasks.errors")
def unknown_tasks_and_cursors_draw_an_error(session: Session) -> Findings:
    """A task id or a cursor that does not exist draws -32602. A task of our own is left out: it may have expired."""
    yield from declined(session)
    shown_ids = [sight.task.get("taskId") for sight in sights(session)]
    cursors = [c.response.result.get("nextCursor") for c in session.calls if c.response and _is_list(c)]
    for call in session.calls if takes_tasks(session) else ():
        operation, id = call.request.method.removeprefix("tasks/"), named_in(call)
        cursor = call.request.params.get("cursor")
        if call.request.method in ("tasks/get", "tasks/result", "tasks/cancel") and id is not None:
            what = f"{call.request.method} of a task that does not exist" if id not in shown_ids else None
        else:
            unknown = _is_list(call) and isinstance(cursor, str) and cursor not in cursors
            what = "tasks/list with a cursor that does not exist" if unknown else None
        if what is None or (operation in ("list", "cancel") and not declares(session, operation)):
            continue
        if _made_elsewhere(session, id):
            continue
        reason = other_cause(session, call.exchange)
        if call.response is None or (reason and error_code(call) != INVALID_PARAMS):
            yield undecided(call, reason or f"{what} was not answered")
        else:
            yield expect(error_code(call) == INVALID_PARAMS, call, f"{what} {in_words(call)}")


def _is_list(call: Call) -> bool:
    return call.request.method == "tasks/list"


def _made_elsewhere(session: Session, id: str | None) -> bool:
    """Whether a task was made in another session: then it exists, for whomever."""
    return id is not None and any(
        isinstance(task, dict) and task.get("taskId") == id
        for exchange in session.trace.exchanges
        for message in exchange.received
        if isinstance(message, Message)
        for task in (message.result.get("task"),)
    )


@check("tasks.no-list")
def a_list_is_offered_only_by_who_knows_its_clients(trace: Trace) -> Findings:
    """A server that cannot tell who asks does not offer tasks/list.

    It cannot if one session is shown the tasks of another, and nothing that was sent says that both are one client's:
    no authorization, no cookie, no header of the user's own.
    """
    found = [s for s in sessions(trace) if trace.revision in (None, s.revision)]
    for session in found:
        yield from declined(session, "list")
        for call in session.calls:
            if not _is_list(call) or not takes_tasks(session) or call.response is None:
                continue
            others = _made_in_others(found, session, call)
            if not others or call.response.kind == "error" or "nextCursor" in call.response.result:
                continue
            strange = [id for task in _listed(call) if isinstance(id := task.get("taskId"), str) and id in others]
            if strange and _is_known(call.exchange):
                yield undecided(call, "a session was shown the tasks of another, with headers that may tell who asks")
            else:
                seen = f"a session was shown {len(strange)} of {len(others)} tasks of other sessions"
                yield expect(not strange, call, f"{seen}, and tasks.list is declared")


def _made_in_others(found: list[Session], session: Session, call: Call) -> set[str]:
    """The tasks that other sessions had when this was asked."""
    own = {task.id for task in tasks_of(session)}
    tasks = (task for other in found if other is not session for task in tasks_of(other))
    return {task.id for task in tasks if task.created.message.at < call.request.at} - own


def _is_known(exchange: Exchange) -> bool:
    """Whether a request may say who is asking."""
    return any(name.lower() not in OURS for name, _ in exchange.request_headers)


@check("tasks.id-strong")
def task_ids_are_hard_to_guess(trace: Trace) -> Findings:
    """Ids of tasks cannot be guessed, unless nobody but who made a task can reach it.

    How strong an id is cannot be seen; weak for certain are numbers, and what is so short or so much alike that all
    can be tried.
    """
    found = [s for s in sessions(trace) if trace.revision in (None, s.revision)]
    for session in found:
        yield from declined(session)
    made = [c for s in found for c in s.calls if isinstance((made_by(c) or {}).get("taskId"), str)]
    ids = list(dict.fromkeys(str((made_by(call) or {}).get("taskId")) for call in made))
    if len(ids) < 3:
        if made:
            yield undecided(made[0], f"{len(ids)} task ids were given: too few to say more")
        return
    weak = weakness(ids, "task ids")
    if weak is None:
        yield expect(True, made[0], f"{len(ids)} task ids, of {min(map(len, ids))} characters or more")
    elif strangers := [call for s in found for call in _reached(s)]:
        seen = f"{weak}, and a session was told about the task of another"
        if _is_known(strangers[0].exchange):
            yield undecided(strangers[0], f"{seen}, with headers that may tell who asks")
        else:
            yield expect(False, strangers[0], seen)
    else:
        yield moot(made[0], f"{weak}, but no task was seen from another session")


def _reached(session: Session) -> list[Call]:
    """The answers about tasks that were not made in this session."""
    own = {task.id for task in tasks_of(session)}
    answered = (c for c in session.calls if c.request.method == "tasks/get" and c.response is not None)
    return [c for c in answered if c.response and c.response.kind == "result" and named_in(c) not in own]
