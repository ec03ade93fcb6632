"""What the checks of messages share: which bytes stand where a message belongs, and who was understandable."""

import reprlib
from collections.abc import Iterator

from conformance.evidence.trace import JSON, Exchange, Malformed, Message

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 3


def shown(value: JSON) -> str:
    """A value from the wire, short enough for a sentence."""
    return _SHORT.repr(value)


def heard(exchange: Exchange) -> Iterator[Message | Malformed]:
    """What the server put where a message belongs.

    An event of another name than `message` is none: the ordinary client does not even look at it.
    """
    for message in exchange.received:
        event = message.place.event
        if event is None or exchange.events[event].name in (None, "", "message"):
            yield message


def responses(exchange: Exchange) -> Iterator[Message]:
    return (m for m in heard(exchange) if isinstance(m, Message) and m.is_response)


def requests(exchange: Exchange) -> list[Message]:
    """The requests that an exchange carried to the server."""
    return [m for m in exchange.sent if isinstance(m, Message) and m.kind == "request"]


def is_batch(exchange: Exchange) -> bool:
    return any(message.place.entry is not None for message in exchange.sent)


def wants_no_answer(exchange: Exchange) -> bool:
    """Whether all that an exchange carried to the server were notifications and responses."""
    return bool(exchange.sent) and all(isinstance(m, Message) and m.kind != "request" for m in exchange.sent)


def is_sound(message: Message | Malformed) -> bool:
    """Whether this is a JSON-RPC message as MCP wants it, so that the other side has to understand it."""
    if isinstance(message, Malformed) or message.body.get("jsonrpc") != "2.0":
        return False
    if not isinstance(message.body.get("params", {}), dict):
        return False
    if message.kind == "notification":
        return True
    if {"result", "error"} <= message.body.keys() or (message.is_response and "method" in message.body):
        return False
    return is_id(message.id)


def is_id(value: JSON) -> bool:
    """A string or an integer; JSON has one type of number, so 1.0 is an integer too."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, str | int) and not isinstance(value, bool)


def what(exchange: Exchange) -> str:
    """What an exchange carried, in words."""
    sent = exchange.sent
    if len(sent) > 1:
        return f"a batch of {len(sent)}"
    message = sent[0] if sent else None
    if not isinstance(message, Message):
        return "a message that is none"
    if message.is_response:
        return "a response"
    article = "the notification" if message.kind == "notification" else "the request"
    return f"{article} {shown(message.method)}"
