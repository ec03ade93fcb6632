"""What the server wants of its client: asked in a request of its own, or, from 2026-07-28 on, in a result.

No checks here. Whether it may ask in this way is the business of basic/patterns/mrtr.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.checks.asked import questions
from conformance.checks.rounds import wanted
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, the message that says so, and what the client declared that it can do."""

    said_in: Message
    params: dict[str, JSON]
    declared: dict[str, JSON]


def wishes(session: Session, method: str) -> Iterator[Wish]:
    """All wishes of one kind: `elicitation/create`, `sampling/createMessage` or `roots/list`."""
    yield from _in_results(session, method) if session.modern else _asked(session, method)


def _asked(session: Session, method: str) -> Iterator[Wish]:
    for question in questions(session):
        if question.request.method == method:
            yield Wish(question.request, question.request.params, session.client_capabilities)


def _in_results(session: Session, method: str) -> Iterator[Wish]:
    for call in session.calls:
        for wish in wanted(call).values():
            if call.response is not None and isinstance(wish, dict) and wish.get("method") == method:
                params = wish.get("params")
                yield Wish(call.response, params if isinstance(params, dict) else {}, call.client_capabilities)
