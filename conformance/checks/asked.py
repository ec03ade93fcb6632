"""What the server asked its client, and what became of each question. No checks here."""

from dataclasses import dataclass
from typing import TypeAlias

from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session

Key: TypeAlias = tuple[str, JSON]


@dataclass(eq=False, slots=True)
class Question:
    """A request of the server's, the call on whose stream it came, the answer, and the server's cancellation."""

    request: Message
    call: Call | None = None
    answer: Message | None = None
    cancelled: Message | None = None

    @property
    def token(self) -> JSON:
        meta = self.request.params.get("_meta")
        return meta.get("progressToken") if isinstance(meta, dict) else None

    @property
    def has_token(self) -> bool:
        meta = self.request.params.get("_meta")
        return isinstance(meta, dict) and "progressToken" in meta


def key_of(value: JSON) -> Key:
    """What tells ids and tokens apart: type and value count, but 1 and 1.0 are one number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return type(value).__name__, repr(value)
    return "string" if isinstance(value, str) else "number", value


def questions(session: Session) -> list[Question]:
    """All that the server asked, in order of time; what a resumed stream repeats is asked only once."""
    found: dict[tuple[Key, str], Question] = {}
    latest: dict[Key, Question] = {}
    call_of = {leg.number: call for call in session.calls if call.stream for leg in call.stream.legs}
    for message in session.messages():
        if message.sender == "server" and message.kind == "request":
            again = found.get((key_of(message.id), repr(message.body)))
            question = again or Question(message, call_of.get(message.place.exchange))
            found[key_of(message.id), repr(message.body)] = latest[key_of(message.id)] = question
        elif message.sender == "client" and message.is_response and (asked := latest.get(key_of(message.id))):
            asked.answer = asked.answer or message
        elif message.sender == "server" and message.method == "notifications/cancelled":
            named = latest.get(key_of(message.params.get("requestId")))
            if named is not None:
                named.cancelled = named.cancelled or message
    return list(found.values())
