"""A few words for each thing on the wire, the same in pictures and in lists."""

import json
from http import HTTPStatus

from conformance.evidence.trace import JSON, Event, Exchange, Malformed, Message
from conformance.report.text import count

ENDINGS = {
    "open": "still open when the recording ended",
    "complete": "complete",
    "hung up": "we hung up",
    "lost": "the other side broke off",
    "cut off": "we stopped recording",
    "timed out": "we waited in vain and left",
}
_SUBJECTS = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri", "logging/setLevel": "level"}


def asked(exchange: Exchange) -> str:
    """What the request says: its HTTP method, and the messages in it."""
    words = exchange.method
    after = exchange.request_header("last-event-id")
    if after is not None:
        words += f" resumes after {after!r}"
    if len(sent := exchange.sent) > 1:
        return f"{words} {len(sent)} messages"
    if sent:
        return f"{words} {said(sent[0])}"
    return f"{words} without a body" if exchange.method == "POST" and not exchange.request_body else words


def answered(exchange: Exchange) -> str:
    """What the head of the answer says, and the messages in its body if it is no stream."""
    if exchange.status is None:
        return "no answer"
    words = str(exchange.status)
    if exchange.is_stream:
        return f"{words} event stream"
    if len(received := exchange.received) > 1:
        return f"{words} {len(received)} messages"
    if received:
        return f"{words} {said(received[0])}"
    if exchange.body:
        return f"{words} {exchange.media_type or 'no media type'}, {count(len(exchange.body), 'byte')}"
    return words if exchange.status == 202 else f"{words} without a body"


def happened(event: Event, messages: list[Message | Malformed]) -> str:
    """What an event brings."""
    if event.data is None:
        words = f": {event.comments[0]}" if event.comments else "nothing"
    elif not event.data:
        words = "empty data"
    else:
        words = ", ".join(said(message) for message in messages) or "data"
    words += f", retry {event.retry}" if event.retry is not None else ""
    return words + (f", id {event.id!r}" if event.id is not None else "")


def ended(exchange: Exchange) -> str:
    """How an exchange ended, with what is known of the reason."""
    words = ENDINGS[exchange.ending]
    return f"{words}: {exchange.trouble}" if exchange.trouble else words


def said(message: Message | Malformed) -> str:
    """A message in a few words."""
    if isinstance(message, Malformed):
        return f"malformed, {message.why}"
    match message.kind:
        case "request":
            return f"{_named(message)}, id {_short(message.id)}"
        case "notification":
            return _named(message)
        case "result":
            return f"result {_short(message.id)}"
        case "error":
            return f"error {_short(message.id)}: {message.error.get('code')} {message.error.get('message')}"


def phrase(status: int) -> str:
    """404 Not Found: what the number stands for; the words themselves were not recorded."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def by_event(exchange: Exchange) -> dict[int, list[Message | Malformed]]:
    """The messages of a stream, by the position of their event."""
    found: dict[int, list[Message | Malformed]] = {}
    for message in exchange.received:
        if message.place.event is not None:
            found.setdefault(message.place.event, []).append(message)
    return found


def _named(message: Message) -> str:
    params = message.params
    if message.method == "notifications/progress":
        total = f"/{_short(params['total'])}" if "total" in params else ""
        return f"{message.method} {_short(params.get('progress'))}{total}"
    subject = params.get(_SUBJECTS.get(message.method, ""))
    return f"{message.method} {subject}" if isinstance(subject, str) else message.method


def _short(value: JSON) -> str:
    return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)[:60]
