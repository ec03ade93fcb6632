"""What a client answers when the server asks: sampling, elicitation and roots, in either era.

Until 2025-11-25 an answer is a response of the client's; from 2026-07-28 on it comes with a retry.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.checks import fitting
from conformance.checks.asked import Key, key_of, questions
from conformance.checks.clientside import is_whole, shares_its_label
from conformance.checks.reading import shown
from conformance.checks.rounds import answers, wanted
from conformance.checks.waiting import waiting
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

ELICIT, ROOTS = "elicitation/create", "roots/list"
FILE = "file://"


@dataclass(frozen=True, slots=True)
class Given:
    """What a client answered to a question of this method, and where."""

    method: str
    params: dict[str, JSON]
    result: dict[str, JSON]
    where: Message | Call


def _given(session: Session) -> Iterator[Given]:
    for question in questions(session) if not shares_its_label(session) else ():
        if question.answer is not None and question.answer.kind == "result":
            yield Given(question.request.method, question.request.params, question.answer.result, question.answer)
    for call in session.calls:
        for attempt in waiting(call):
            for key, wish in wanted(attempt).items():
                result = (answers(call) or {}).get(key)
                if isinstance(wish, dict) and isinstance(result, dict):
                    params = wish.get("params")
                    yield Given(str(wish.get("method")), params if isinstance(params, dict) else {}, result, call)


@check("jsonrpc.id-echo", party="client")
def answers_have_the_id_of_a_question(session: Session) -> Findings:
    """A client's response has the id of a request of the server's; an error may have none, if none could be read."""
    asked: dict[Key, float] = {}
    for question in questions(session):
        asked.setdefault(key_of(question.request.id), question.request.at)
    for message in session.messages():
        if message.sender != "client" or not message.is_response or (message.kind == "error" and message.id is None):
            continue
        seen = f"the client answered the request {shown(message.id)}"
        if key_of(message.id) in asked and asked[key_of(message.id)] <= message.at:
            yield expect(True, message, seen)
        elif is_whole(session):
            yield expect(False, message, f"{seen}, and the server had made none with this id")
        else:
            yield undecided(message, f"{seen}, which may have been made before the recording")


@check("roots.file", party="client")
def roots_are_files(session: Session) -> Findings:
    """The URI of each root is a `file://` URI."""
    for given in _given(session):
        roots = given.result.get("roots") if given.method == ROOTS else None
        for root in roots if isinstance(roots, list) else ():
            uri = root.get("uri") if isinstance(root, dict) else None
            if isinstance(uri, str):
                yield expect(uri.lower().startswith(FILE), given.where, f"the URI of a root is {shown(uri)}")


@check("elicit.validate", party="client")
def what_is_entered_fits_the_form(session: Session) -> Findings:
    """What the client sends of a form fits the form's schema."""
    for given in _given(session):
        form, content = given.params.get("requestedSchema"), given.result.get("content")
        if given.method != ELICIT or given.result.get("action") != "accept":
            continue
        if not isinstance(form, dict) or not isinstance(content, dict):
            continue
        try:
            wrong = fitting.misfit(content, form, "the content")
        except fitting.Undecidable as reason:
            yield undecided(given.where, f"whether the content fits its form cannot be said: {reason}")
        else:
            yield expect(wrong is None, given.where, wrong or "the content fits its form")
