"""Our own messages, held to the same shapes as the target's: what we sent wrong is our error, never its failure.

A message that was sent wrong on purpose says so on its exchange (`intent`) and is left alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.evidence.views import Session, id_key, sessions
from conformance.judging import shapes

Key: TypeAlias = tuple[str, JSON]


def mistakes(trace: Trace) -> Iterator[tuple[Exchange, str]]:
    """Each exchange whose request held a message of the wrong shape, and what is wrong with it."""
    for session in sessions(trace):
        questions: dict[Key, list[Message]] = {}
        for message in session.messages():
            if message.sender == "server" and message.kind == "request":
                questions.setdefault(_key(message), []).append(message)
        for exchange in session.exchanges:
            if exchange.intent is None:
                yield from ((exchange, wrong) for wrong in _wrong(session, exchange, questions))


def _wrong(session: Session, exchange: Exchange, questions: dict[Key, list[Message]]) -> Iterator[str]:
    for message in exchange.sent:
        if not isinstance(message, Message):
            yield f"what we sent is no message: {message.why}"
        elif message.is_response and (asked := questions.get(_key(message))):
            verdicts = [_explain_answer(message, session.revision, question) for question in asked]
            if None not in verdicts:
                yield f"our {message.kind} is wrong: {verdicts[-1]}"
        elif wrong := shapes.explain(message, session.revision):
            yield f"our {message.method or message.kind} is wrong: {wrong}"


def _explain_answer(answer: Message, revision: str, question: Message) -> str | None:
    """What is wrong with our answer; to a wrong question, say a form with fields of a later revision, any will do."""
    if shapes.explain(question, revision) is not None:
        return None
    return shapes.explain(_with_an_id_of_ours(answer), revision, question)


def _with_an_id_of_ours(response: Message) -> Message:
    """The id is the server's; if it is a wrong one, or that of several questions, that is not our mistake."""
    return replace(response, body=response.body | {"id": 0})


def _key(message: Message) -> Key:
    return id_key(message.id) if isinstance(message.id, str | int | float) else (repr(message.id), None)
