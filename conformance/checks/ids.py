"""Ids of requests and responses: basic/index "Requests" and "Responses"."""

from conformance.checks.echoes import mixed_up
from conformance.checks.reading import is_batch, is_id, is_sound, requests, responses, shown
from conformance.evidence.jsonrpc import METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Session, id_key, same_id
from conformance.judging import shapes
from conformance.judging.check import Findings, check, expect, undecided


@check("jsonrpc.id-type")
def request_ids_are_strings_or_integers(session: Session) -> Findings:
    """The id of a request is a string or an integer. Null has a rule of its own."""
    for question in _questions(session):
        if question.id is not None:
            yield expect(is_id(question.id), question, f"the server's request has the id {shown(question.id)}")


@check("jsonrpc.id-not-null")
def request_ids_are_not_null(session: Session) -> Findings:
    """The id of a request is never null."""
    for question in _questions(session):
        yield expect(question.id is not None, question, f"the server's request has the id {shown(question.id)}")


@check("jsonrpc.id-once")
def request_ids_are_used_once(session: Session) -> Findings:
    """A sender never uses a request id twice in a session.

    The same request on a stream that was resumed is no second use but a replay. Without a session id nobody can tell
    where a session of the server's ends, so there only requests of one answer are compared.
    """
    seen: dict[object, Message] = {}
    replays = {x.number for x in session.exchanges if x.request_header("last-event-id") is not None}
    for question in _questions(session):
        if not isinstance(question.id, str | int | float):
            continue
        key = id_key(question.id) if session.id is not None else (question.place.exchange, id_key(question.id))
        again = seen.setdefault(key, question)
        if again is not question:
            if question.place.exchange not in replays or again.body != question.body:
                yield expect(False, question, f"the id {shown(question.id)} was used before, in {again.place}")
        elif len(seen) > 1:
            yield expect(True, question, f"the id {shown(question.id)} is new among {len(seen)}")
        else:
            yield undecided(question, "the server sent one request only, so no id could come twice")


def _questions(session: Session) -> list[Message]:
    """The server's requests, without notifications that have an id by mistake."""
    return [
        m
        for m in session.messages()
        if m.sender == "server"
        and m.kind == "request"
        and not shapes.is_notification(m.method, "server", session.revision)
    ]


@check("jsonrpc.id-echo")
def responses_repeat_the_id(session: Session) -> Findings:
    """A response repeats the id of its request, value and type.

    An error may leave the id out, or make it null, where the request could not be read or was refused by HTTP; in the
    modern era an unknown method is no such refusal, for it was read. An id that nobody sent, in the answer to a
    request that can be read, is a breach on whatever status. A batch that is refused as a whole gets one error, and
    which id that has is nowhere said. The right id on what another request asked for is as wrong.
    """
    sent = [request.id for exchange in session.exchanges for request in requests(exchange)]
    began = {leg.number: stream.first for stream in session.streams for leg in stream.legs}
    for exchange in session.exchanges:
        asked = [request.id for request in requests(began.get(exchange.number, exchange))]
        answers = list(responses(exchange))
        met = any(_is_among(answer.id, asked) for answer in answers)
        for answer in answers:
            if session.modern and answer.id is None and answer.error.get("code") == METHOD_NOT_FOUND and asked:
                yield expect(False, answer, "the method was read, and the error says nothing of the request's id")
            else:
                yield from _judge(answer, exchange, asked, sent, met)
    for request, response, other in mixed_up(session):
        seen = f"{shown(request.params.get('arguments'))} got what {shown(other.params.get('arguments'))} asked for"
        yield expect(False, response, f"under the right id {seen}")


def _judge(answer: Message, exchange: Exchange, asked: list[JSON], sent: list[JSON], met: bool) -> Findings:
    wanted = ", ".join(map(shown, asked[:4]))
    seen = f"the request had the id {wanted}, the {answer.kind} has {shown(answer.id) if answer.has_id else 'none'}"
    if _is_among(answer.id, asked):
        yield expect(True, answer, seen)
    elif not asked or _is_excused(answer, exchange, met):
        return
    elif answer.id is not None and exchange.is_stream and _is_among(answer.id, sent):
        yield expect(True, answer, f"the {answer.kind} has the id {shown(answer.id)} of a request sent elsewhere")
    elif exchange.method == "POST" and not all(is_sound(message) for message in exchange.sent):
        yield undecided(answer, f"{seen}; it was no sound request")
    else:
        yield expect(False, answer, seen)


def _is_excused(answer: Message, exchange: Exchange, met: bool) -> bool:
    """Whether an error stands for a refusal by HTTP, or beside the response that did repeat the id."""
    nameless = answer.kind == "error" and answer.id is None
    return (exchange.refused and is_batch(exchange)) or (nameless and (exchange.refused or met))


def _is_among(wanted: JSON, ids: list[JSON]) -> bool:
    return any(same_id(wanted, one) for one in ids)
