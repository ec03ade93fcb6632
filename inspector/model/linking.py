"""Which message belongs to which: responses and progress to requests, questions to the calls that raised them."""

from conformance.evidence.era import SUBSCRIPTION, meta_of
from conformance.evidence.trace import JSON, Message, Party
from conformance.evidence.views import id_key
from conformance.report.text import short
from inspector.model.nouns import LiveCall, LiveSession, Row
from inspector.model.rows import Rows

_KEPT = 1_000  # tokens of a session, questions of a call
_SUBJECT = 60  # columns
_SUBJECTS = ("name", "uri", "level", "taskId")


def join(row: Row, message: Message, rows: Rows) -> LiveCall | None:
    """Link a message's row to its call and its partner. Returns the call, None if there is none."""
    session = row.session
    call: LiveCall | None
    if message.kind == "request":
        call = (_asked_before(row, message) if row.again else None) or _begin(row, message)
    elif message.is_response:
        call = _answer(row, message, rows)
    else:
        call = _owner(session, row, message)
    row.owner = call
    return call


def _begin(row: Row, message: Message) -> LiveCall:
    session, asker = row.session, message.sender
    subjects = (message.params.get(name) for name in _SUBJECTS)
    subject = next((short(value, _SUBJECT) for value in subjects if isinstance(value, str)), "")
    call = LiveCall(asker, message.id, short(message.method, _SUBJECT), subject, row.number, row.exchange, row.at)
    session.pending.add(call)
    call.token = meta_of(message).get("progressToken")
    if isinstance(call.token, str | int | float):
        session.tokens[id_key(call.token)] = call
        _bound(session.tokens)
    if asker == "client":
        row.exchange.call = row.exchange.call or call
        row.exchange.waiting += 1
        _continue(session, call, message)
    elif row.stream is not None and row.stream.call is not None:
        asked = row.stream.call.questions
        asked[:] = [*(question for question in asked if question.answered_at is None), call][-_KEPT:]
    return call


def _asked_before(row: Row, message: Message) -> LiveCall | None:
    """The call that a request began when it came for the first time."""
    session, asker = row.session, message.sender
    known = [*session.done.named(asker, message.id), *session.pending.named(asker, message.id)]
    return known[-1] if known else None


def _continue(session: LiveSession, call: LiveCall, message: Message) -> None:
    """A request that answers what the first attempt was asked (basic/patterns/mrtr) is a round of the same call."""
    if "inputResponses" not in message.params and "requestState" not in message.params:
        return
    earlier = (c for c in reversed(session.done) if c.waits_for_input and c.title == call.title)
    call.round = next((c.round + 1 for c in earlier), 1)


def _answer(row: Row, message: Message, rows: Rows) -> LiveCall | None:
    """A response: to the call that it fits best, which stops waiting."""
    session = row.session
    call = _answered(row, message)
    if call is None:
        return None
    row.partner = call.row
    if call.answered_at is not None:
        return call
    if (asked := rows.get(call.row)) is not None:
        asked.partner = row.number
    call.answered_at, call.response_row, call.failed = row.at, row.number, message.kind == "error"
    call.waits_for_input = message.result.get("resultType") == "input_required"
    if call.asker == "client":
        call.exchange.waiting -= 1
    session.pending.discard(call)
    session.done.add(call)
    return call


def _answered(row: Row, message: Message) -> LiveCall | None:
    """The call with a response's id. If ids were used again there are several: the one on whose own answer it comes.

    Else it can only be guessed: one that cannot get it on its own answer any more, or the one that waits for longest.
    """
    session = row.session
    asker: Party = "server" if message.sender == "client" else "client"
    waiting = session.pending.named(asker, message.id)
    candidates = [*waiting, *reversed(session.done.named(asker, message.id))]
    if not candidates and message.kind == "error" and message.id is None and row.exchange.facts.refused:
        return row.exchange.call if row.exchange.waiting == 1 else None  # a refusal need not know what it refuses
    if not candidates or asker == "server":
        return next(iter(candidates), None)

    def distance(call: LiveCall) -> int:
        if call.exchange is row.exchange:
            return 0
        if row.stream is not None and call.exchange.stream is row.stream:
            return 1
        return 4 if call.answered_at is not None else 2 if call.exchange.ended else 3

    return min(candidates, key=distance)


def _owner(session: LiveSession, row: Row, message: Message) -> LiveCall | None:
    """The call that a notification is about."""
    match message.method:
        case "notifications/progress":
            token = message.params.get("progressToken")
            call = session.tokens.get(id_key(token)) if isinstance(token, str | int | float) else None
            if call is not None and not row.again:
                call.progress += 1
                call.progress_words = _progress(message)
            return call
        case "notifications/cancelled":
            cancelled = _newest(session, message.sender, message.params.get("requestId"))
            if cancelled is not None:
                cancelled.cancelled = True
            return cancelled
    tagged = meta_of(message).get(SUBSCRIPTION)
    if isinstance(tagged, str | int | float):
        return _newest(session, "client", tagged)
    return row.stream.call if row.stream is not None else None


def _newest(session: LiveSession, asker: Party, id: JSON) -> LiveCall | None:
    waiting = session.pending.named(asker, id)
    return waiting[-1] if waiting else None


def _progress(message: Message) -> str:
    progress, total = message.params.get("progress"), message.params.get("total")
    return short(f"{progress}" + (f"/{total}" if total is not None else ""), _SUBJECT)


def _bound(table: dict[tuple[str, JSON], LiveCall]) -> None:
    while len(table) > _KEPT:
        del table[next(iter(table))]
