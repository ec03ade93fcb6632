"""Messages: basic/index "Messages" and "Schema", and the encoding that basic/transports asks for."""

from collections.abc import Iterator

from conformance.checks.reading import heard, is_batch, is_sound, requests, responses, shown, wants_no_answer, what
from conformance.evidence import jsonrpc
from conformance.evidence.era import HTTP_SSE
from conformance.evidence.trace import JSON, Exchange, Malformed, Message
from conformance.evidence.views import Call, Session, id_key
from conformance.judging import shapes
from conformance.judging.check import Findings, check, expect, undecided

FOREIGN = 3  # characters beyond ASCII that a text must have before its mangled form proves anything
LONGEST = 1_000  # characters of a text that is looked for in an answer
READINGS = ("latin-1", "cp1252")  # what UTF-8 is taken for by those who do not think about it


@check("utf8")
def messages_are_utf8(session: Session) -> Findings:
    """Everything that carries messages is UTF-8, in both directions.

    What a server understood shows where it sends a text back: a text that comes back as UTF-8 looks when it is taken
    for Latin-1, or full of question marks, was read wrongly or written wrongly.
    """
    for exchange in session.exchanges:
        for place, raw in _carriers(exchange):
            offset = _first_bad_byte(raw)
            told = "all bytes are UTF-8" if offset is None else f"byte 0x{raw[offset]:02x} at {offset} is not UTF-8"
            yield expect(offset is None, exchange, f"{place}: {told}")
    for call in session.calls:
        yield from _sent_back(call)


def _carriers(exchange: Exchange) -> Iterator[tuple[str, bytes]]:
    """The bytes in which messages are: events, and bodies of JSON that came whole."""
    if exchange.ok and exchange.is_stream:
        yield from ((f"event {n}", event.raw) for n, event in enumerate(exchange.events))
    elif (
        exchange.ok and exchange.media_type == "application/json" and exchange.ending == "complete" and exchange.body
    ):
        yield "body", exchange.body


def _first_bad_byte(raw: bytes) -> int | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _sent_back(call: Call) -> Findings:
    sent = [t for t in _texts(call.request.params) if len(t) <= LONGEST and sum(c > "\x7f" for c in t) >= FOREIGN]
    if not sent or call.response is None:
        return
    answer = "\n".join(_texts(call.response.body))
    for text in sent:
        if text in answer:
            yield expect(True, call.response, f"{shown(text)} came back unharmed")
        elif any(mangled in answer for mangled in _mangled(text)):
            yield expect(False, call.response, f"{shown(text)} came back as if UTF-8 were Latin-1")
        elif any(lossy in answer for lossy in _lossy(text)):
            yield expect(False, call.response, f"{shown(text)} came back with marks in place of its characters")


def _mangled(text: str) -> Iterator[str]:
    for reading in READINGS:
        try:
            yield text.encode("utf-8").decode(reading)
        except ValueError:
            continue


def _lossy(text: str) -> Iterator[str]:
    """What is left of a text when all beyond ASCII was replaced, character by character or byte by byte.

    Or when only that was replaced which takes four bytes, and which many a program takes for two characters.
    """
    for mark in ("?", "\ufffd"):
        yield "".join(c if c <= "\x7f" else mark for c in text)
        yield "".join(c if c <= "\x7f" else mark * len(c.encode("utf-8", "replace")) for c in text)
        if any(c > "\uffff" for c in text):
            yield from ("".join(c if c <= "\uffff" else mark * many for c in text) for many in (1, 2, 4))


def _texts(value: JSON) -> Iterator[str]:
    """All strings in a value, without recursion: how deep it is, a stranger decides."""
    pending = [value]
    while pending:
        match pending.pop():
            case str(text):
                yield text
            case list(entries):
                pending += entries
            case dict(members):
                pending += members.values()


@check("jsonrpc")
def messages_are_jsonrpc(session: Session) -> Findings:
    """Every message is valid JSON-RPC 2.0.

    Bytes that are not UTF-8, and a response without result and error, are judged under rules of their own. A request
    gets one response: a second one on the same connection answers nothing. Over HTTP+SSE messages come on the stream;
    what the body of an answer to POST says is nowhere told.
    """
    for exchange in (x for x in session.exchanges if x.is_stream or session.revision != HTTP_SSE):
        answered: set[tuple[str, JSON]] = set()
        for message in heard(exchange):
            if isinstance(message, Message):
                flaw = flaw_of(message, session.revision) or _answers_again(message, answered)
                yield expect(flaw is None, message, f"the {message.kind} {flaw or 'is JSON-RPC 2.0'}")
            elif message.why == jsonrpc.TOO_DEEP:
                yield undecided(message, f"a message is {message.why}")
            elif message.why != jsonrpc.NO_OUTCOME and not message.why.startswith(jsonrpc.NOT_UTF8):
                yield expect(False, message, f"where a message belongs stands something else: {message.why}")


def _answers_again(message: Message, answered: set[tuple[str, JSON]]) -> str | None:
    """Notes which requests were answered, with an event of its own, on one connection."""
    if not message.is_response or message.place.event is None or not isinstance(message.id, str | int | float):
        return None
    if id_key(message.id) in answered:
        return f"is the second response to the request {shown(message.id)}"
    answered.add(id_key(message.id))
    return None


def flaw_of(message: Message, revision: str) -> str | None:
    """What of JSON-RPC 2.0 a message lacks, so far as no other rule says it."""
    body = message.body
    if message.place.entry is not None and message.place.event is not None and revision > "2025-03-26":
        return "stands in an array, and this revision has no batches"
    version = body.get("jsonrpc")
    if version != "2.0":
        return "lacks `jsonrpc`" if "jsonrpc" not in body else f'says `jsonrpc` is {shown(version)}, not "2.0"'
    if not message.is_response and ("result" in body or "error" in body):
        return "has a method and an outcome, so it is neither request nor response"
    if not message.is_response and not isinstance(body.get("params", {}), dict | list):
        return f"has params that are {shapes.kind_of_value(body['params'])}"
    if revision >= "2025-11-25" and {"result", "error"} <= body.keys():
        return "has both result and error"
    return None


@check("jsonrpc.result-or-error")
def responses_have_an_outcome(exchange: Exchange) -> Findings:
    """A response has a result or an error."""
    for message in heard(exchange):
        if isinstance(message, Malformed):
            if message.why == jsonrpc.NO_OUTCOME:
                yield expect(False, message, "the response has neither result nor error")
        elif message.is_response:
            yield expect(True, message, f"the response has {'a result' if message.kind == 'result' else 'an error'}")


@check("jsonrpc.not-both")
def responses_have_one_outcome(exchange: Exchange) -> Findings:
    """A response never has both a result and an error, not even an error that is null."""
    for message in responses(exchange):
        both = {"result", "error"} <= message.body.keys()
        yield expect(not both, message, f"the response has {'both result and error' if both else 'one outcome'}")


@check("jsonrpc.error-shape")
def errors_have_code_and_message(exchange: Exchange) -> Findings:
    """An error has a code and a message, which is a string."""
    for response in responses(exchange):
        if response.kind == "error":
            flaw = _flaw_of_error(response.body["error"])
            yield expect(flaw is None, response, f"the error {flaw or 'has a code and a message'}")


def _flaw_of_error(error: JSON) -> str | None:
    if not isinstance(error, dict):
        return f"is {shapes.kind_of_value(error)}, not an object"
    missing = [name for name in ("code", "message") if name not in error]
    if missing:
        return f"has no {' and no '.join(missing)}"
    return None if isinstance(error["message"], str) else f"has a message that is {shown(error['message'])}"


@check("jsonrpc.code-int")
def error_codes_are_integers(exchange: Exchange) -> Findings:
    """The code of an error is an integer."""
    for response in responses(exchange):
        if response.kind == "error" and "code" in response.error:
            code = response.error["code"]
            whole = isinstance(code, int) or (isinstance(code, float) and code.is_integer())
            yield expect(whole and not isinstance(code, bool), response, f"the code is {shown(code)}")


@check("jsonrpc.no-reply")
def notifications_get_no_response(exchange: Exchange) -> Findings:
    """A notification is never answered with a JSON-RPC response.

    An error without an id is no response to it but the reason of a refusal, as basic/transports allows it.
    """
    notified = wants_no_answer(exchange) and all(m.kind == "notification" and is_sound(m) for m in _sent(exchange))
    if not notified or exchange.status is None:
        return
    replies = [m for m in responses(exchange) if m.kind == "result" or (m.id is not None and not exchange.refused)]
    told = f"a response with {replies[0].kind}" if replies else "no JSON-RPC response"
    yield expect(not replies, exchange, f"{what(exchange)} was answered with {exchange.status} and {told}")


def _sent(exchange: Exchange) -> list[Message]:
    return [m for m in exchange.sent if isinstance(m, Message)]


@check("jsonrpc.notif-no-id")
def notifications_have_no_id(session: Session) -> Findings:
    """A notification has no id: with one, it looks like a request that wants an answer."""
    for message in session.messages():
        if message.sender != "server" or message.is_response:
            continue
        if shapes.is_notification(message.method, "server", session.revision) or message.kind == "notification":
            told = f"has the id {shown(message.id)}" if message.has_id else "has no id"
            yield expect(not message.has_id, message, f"the notification {shown(message.method)} {told}")


@check("batch.receive")
def batches_are_understood(session: Session) -> Findings:
    """A batch of messages is understood: its requests are answered.

    Batches that are wrong themselves (empty, with `initialize`, requests mixed with responses) decide nothing, nor do
    answers that are missing, if only some are.
    """
    for exchange in session.exchanges:
        asked = requests(exchange)
        if not asked or not is_batch(exchange) or not _is_sound_batch(exchange):
            continue
        ids = [request.id for request in asked]
        answered = [m for m in session.messages() if m.sender == "server" and m.is_response and m.id in ids]
        seen = f"{what(exchange)} was answered with {exchange.status} and {len(answered)} of {len(asked)} responses"
        refusal = next((m for m in responses(exchange) if m.kind == "error" and m.id is None), None)
        if exchange.ok and refusal is not None and not answered:
            told = shown(refusal.error.get("message"))
            yield expect(False, exchange, f"{seen}; an error without an id says {told}")
        elif exchange.status in (None, 401, 403, 404, 429, 502, 503, 504) or (exchange.ok and not answered):
            yield undecided(exchange, seen)
        else:
            yield expect(exchange.ok and any(map(_is_understood, answered)), exchange, seen)


def _is_sound_batch(exchange: Exchange) -> bool:
    return all(is_sound(m) for m in exchange.sent) and not any(
        m.is_response or m.method == "initialize" for m in _sent(exchange)
    )


def _is_understood(response: Message) -> bool:
    """Neither parse error nor invalid request."""
    return response.kind == "result" or response.error.get("code") not in (-32700, -32600)


@check("schema.message")
def messages_have_the_shape_of_the_schema(session: Session) -> Findings:
    """What requests, notifications and results hold has the shape that the revision's schema gives it.

    The envelope (`jsonrpc`, `id`, error) has rules of its own. What the schema does not define, an extension, say,
    is free.
    """
    for message in session.messages():
        if message.sender == "server" and not message.is_response:
            yield from _shape(message, session.revision, message.method)
    for call in session.calls:
        if call.response is not None and call.response.kind == "result":
            yield from _shape(call.response, session.revision, f"{call.request.method} result", call.request)


def _shape(message: Message, revision: str, name: str, request: Message | None = None) -> Findings:
    if shapes.definition_of(message, revision, request) is None:
        return
    if not isinstance(message.body.get("params", {}), dict | list):
        return
    wrong = shapes.explain(_in_a_sound_envelope(message), revision, request)
    yield expect(wrong is None, message, f"{shown(name)}: {wrong or 'as in the schema'}")


def _in_a_sound_envelope(message: Message) -> Message:
    envelope: dict[str, JSON] = {"jsonrpc": "2.0"}
    if message.kind != "notification":
        envelope["id"] = 0
    return Message(message.sender, message.at, message.place, message.kind, message.body | envelope)
