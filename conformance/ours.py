"""Our own messages, held to the same shapes as the target's: what we sent wrong is our error, never its failure.

A message that was sent wrong on purpose says so on its exchange (`intent`) and is left alone.
"""

from collections.abc import Iterator

from conformance import shapes
from conformance.trace import Exchange, Message, Trace
from conformance.views import Session, sessions


def mistakes(trace: Trace) -> Iterator[tuple[Exchange, str]]:
    """Each exchange whose request held a message of the wrong shape, and what is wrong with it."""
    for session in sessions(trace):
        questions = {str(m.id): m for m in session.messages() if m.sender == "server" and m.kind == "request"}
        for exchange in session.exchanges:
            if exchange.intent is None:
                yield from ((exchange, wrong) for wrong in _wrong(session, exchange, questions))


def _wrong(session: Session, exchange: Exchange, questions: dict[str, Message]) -> Iterator[str]:
    for message in exchange.sent:
        if not isinstance(message, Message):
            yield f"what we sent is no message: {message.why}"
            continue
        answered = questions.get(str(message.id)) if message.is_response else None
        wrong = shapes.explain(message, session.revision, answered)
        if wrong is not None:
            yield f"our {message.method or message.kind} is wrong: {wrong}"
