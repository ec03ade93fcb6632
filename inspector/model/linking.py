"""Which message belongs to which: responses and progress to requests, questions to the calls that raised them."""

from conformance.evidence.era import SUBSCRIPTION, meta_of
from conformance.evidence.trace import JSON, Message, Party
from conformance.evidence.views import id_key
from conformance.report.text import short
from inspector.model.nouns import CallKey, LiveCall, LiveSession, Row
from inspector.model.rows import Rows

_KEPT = 1_000  # answered calls, and tokens, of a session
_SUBJECT = 60  # columns
_SUBJECTS = ("name", "uri", "level", "taskId")


def join(row: Row, message: Message, rows: Rows) -> LiveCall | None:
    """Link a message's row to its call and its partner. Returns the call, None if there is none."""
    session = row.session
    call: LiveCall | None
    if message.kind == "request":
        call = _begin(row, message)
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
    session.pending[_key(asker, message.id)] = call
    _bound(session.pending)
    call.token = meta_of(message).get("progressToken")
    if isinstance(call.token, str | int | float):
        session.tokens[id_key(call.token)] = call
        _bound(session.tokens)
    if asker == "client":
        row.exchange.call = row.exchange.call or call
        _continue(session, call, message)
    elif row.stream is not None and row.stream.call is not None:
        asked = row.stream.call.questions
        asked[:] = [*(question for question in asked if question.answered_at is None), call][-_KEPT:]
    return call


def _continue(session: LiveSession, call: LiveCall, message: Message) -> None:
    """A request that answers what the first attempt was asked (basic/patterns/mrtr) is a round of the same call."""
    if "inputResponses" not in message.params and "requestState" not in message.params:
        return
    earlier = (c for c in reversed(session.done.values()) if c.waits_for_input and c.title == call.title)
    call.round = next((c.round + 1 for c in earlier), 1)


def _answer(row: Row, message: Message, rows: Rows) -> LiveCall | None:
    """A response: on the call's own answer first, because in the modern era ids are used again."""
    session = row.session
    asker: Party = "server" if message.sender == "client" else "client"
    key = _key(asker, message.id)
    own = row.exchange.call if asker == "client" else None
    call = own if own is not None and id_key(own.id) == id_key(message.id) else session.pending.get(key)
    if call is None:
        return session.done.get(key)
    row.partner = call.row
    if (asked := rows.get(call.row)) is not None:
        asked.partner = row.number
    if call.answered_at is None:
        call.answered_at, call.response_row, call.failed = row.at, row.number, message.kind == "error"
        call.waits_for_input = message.result.get("resultType") == "input_required"
    if session.pending.get(key) is call:
        del session.pending[key]
    session.done[key] = call
    _bound(session.done)
    return call


def _owner(session: LiveSession, row: Row, message: Message) -> LiveCall | None:
    """The call that a notification is about."""
    match message.method:
        case "notifications/progress":
            token = message.params.get("progressToken")
            call = session.tokens.get(id_key(token)) if isinstance(token, str | int | float) else None
            if call is not None:
                call.progress += 1
                call.progress_words = _progress(message)
            return call
        case "notifications/cancelled":
            cancelled = session.pending.get(_key(message.sender, message.params.get("requestId")))
            if cancelled is not None:
                cancelled.cancelled = True
            return cancelled
    tagged = meta_of(message).get(SUBSCRIPTION)
    if isinstance(tagged, str | int | float):
        return session.pending.get(_key("client", tagged))
    return row.stream.call if row.stream is not None else None


def _progress(message: Message) -> str:
    progress, total = message.params.get("progress"), message.params.get("total")
    return short(f"{progress}" + (f"/{total}" if total is not None else ""), _SUBJECT)


def _key(asker: Party, value: JSON) -> CallKey:
    return (asker, *(id_key(value) if isinstance(value, str | int | float) else (repr(value), None)))


def _bound(table: dict[CallKey, LiveCall] | dict[tuple[str, JSON], LiveCall]) -> None:
    while len(table) > _KEPT:
        del table[next(iter(table))]  # type: ignore[arg-type]
