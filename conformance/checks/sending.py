"""POST: basic/transports "Sending Messages to the Server", as far as the answer's status and form go."""

from conformance.checks.deciding import says_nothing
from conformance.checks.reading import is_sound, requests, responses, wants_no_answer, what
from conformance.evidence.trace import Exchange
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided


@check("post.202")
def accepted_messages_get_202(exchange: Exchange) -> Findings:
    """An accepted notification or response is answered with 202 and an empty body.

    A refusal is legal and decides nothing here; nor does one that only the body tells, which `post.reject-status`
    judges.
    """
    if exchange.method != "POST" or not wants_no_answer(exchange) or _refuses_in_body(exchange):
        return
    seen = f"{what(exchange)} was answered with {_answer(exchange)}"
    if reason := says_nothing(exchange):
        yield undecided(exchange, reason)
    elif exchange.refused:
        yield undecided(exchange, f"{seen}: it was not accepted")
    else:
        yield expect(exchange.status == 202 and not _size(exchange), exchange, seen)


@check("post.reject-status")
def refused_messages_get_an_error_status(exchange: Exchange) -> Findings:
    """A notification or response that the server cannot accept gets an HTTP error status.

    That it cannot accept it, only the server says: by the status, or by a JSON-RPC error without an id.
    """
    if exchange.method != "POST" or not wants_no_answer(exchange):
        return
    seen = f"{what(exchange)} was answered with {_answer(exchange)}"
    if reason := says_nothing(exchange):
        yield undecided(exchange, reason)
    elif exchange.refused:
        yield expect(True, exchange, seen)
    elif _refuses_in_body(exchange):
        yield expect(False, exchange, f"{seen}, which hold a JSON-RPC error")
    else:
        yield undecided(exchange, f"{seen}: it was accepted")


@check("post.content-type")
def requests_are_answered_with_json_or_a_stream(session: Session) -> Findings:
    """A request is answered with an event stream or with one JSON document.

    So is whatever succeeds: refusals may have any form. A document is one object, and only in 2025-03-26, which has
    batches, it may be an array.
    """
    for exchange in session.exchanges:
        asked = requests(exchange)
        if exchange.method != "POST" or not asked or not all(is_sound(m) for m in exchange.sent) or not exchange.ok:
            continue
        seen = f"{what(exchange)} was answered with {_answer(exchange)}"
        if exchange.is_stream:
            yield expect(exchange.status not in (202, 204), exchange, seen)
        elif exchange.media_type == "application/json" and exchange.ending == "complete":
            alone = session.revision == "2025-03-26" or not exchange.body.lstrip().startswith(b"[")
            told = seen if alone else f"{seen}, which are a JSON array"
            yield expect(bool(exchange.body) and exchange.status not in (202, 204) and alone, exchange, told)
        elif exchange.media_type != "application/json":
            yield expect(False, exchange, seen)


def _refuses_in_body(exchange: Exchange) -> bool:
    return exchange.ok and any(m.kind == "error" and m.id is None for m in responses(exchange))


def _size(exchange: Exchange) -> int:
    return len(exchange.body) + sum(len(event.raw) for event in exchange.events) + len(exchange.tail)


def _answer(exchange: Exchange) -> str:
    """Status, media type and size in words."""
    kind = f" of {exchange.media_type}" if exchange.media_type else ""
    return f"{exchange.status} and {_size(exchange)} bytes{kind}"
