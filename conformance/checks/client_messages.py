"""What a client's messages have to be: basic/index "Messages", "Requests", "Notifications" and `_meta`."""

from dataclasses import replace
from typing import Any

from conformance.checks.asked import Key, key_of, questions
from conformance.checks.client_sending import is_encoded, strung_together
from conformance.checks.clientside import runs_at, shares_its_label
from conformance.checks.messages import flaw_of
from conformance.checks.reading import is_id, shown
from conformance.evidence import jsonrpc
from conformance.evidence.era import CAPABILITIES, VERSION, meta_of
from conformance.evidence.trace import JSON, Malformed, Message
from conformance.evidence.views import Call, Session
from conformance.judging import shapes
from conformance.judging.check import Finding, Findings, check, expect, undecided


@check("jsonrpc", party="client")
def messages_of_clients_are_jsonrpc(session: Session) -> Findings:
    """Every message of a client is valid JSON-RPC 2.0.

    Bytes that are not UTF-8, arrays, and messages strung together are judged under rules of their own.
    """
    for exchange in session.exchanges:
        if exchange.method != "POST" or is_encoded(exchange) or strung_together(exchange):
            continue
        for message in exchange.sent:
            if isinstance(message, Message):
                flaw = flaw_of(message, session.revision)
                yield expect(flaw is None, message, f"the {message.kind} {flaw or 'is JSON-RPC 2.0'}")
            elif message.why == jsonrpc.TOO_DEEP:
                yield undecided(message, f"a message is {message.why}")
            elif not _is_judged_elsewhere(message):
                yield expect(False, message, f"where a message belongs stands something else: {message.why}")


def _is_judged_elsewhere(message: Malformed) -> bool:
    return message.why.startswith(jsonrpc.NOT_UTF8) or message.raw.strip() == b"[]"


@check("jsonrpc.id-type", party="client")
def ids_of_clients_are_strings_or_integers(message: Message) -> Findings:
    """The id of a client's request is a string or an integer. Null has a rule of its own."""
    if message.kind == "request" and message.id is not None and not _is_notification(message):
        yield expect(is_id(message.id), message, f"{message.method} has the id {shown(message.id)}")


@check("jsonrpc.id-not-null", party="client")
def ids_of_clients_are_not_null(message: Message) -> Findings:
    """The id of a client's request is never null."""
    if message.kind == "request" and not _is_notification(message):
        yield expect(message.id is not None, message, f"{message.method} has the id {shown(message.id)}")


@check("jsonrpc.notif-no-id", party="client")
def notifications_of_clients_have_no_id(message: Message) -> Findings:
    """A client's notification has no id: with one, it looks like a request that wants an answer."""
    if message.kind == "notification" or _is_notification(message):
        told = f"has the id {shown(message.id)}" if message.has_id else "has no id"
        yield expect(not message.has_id, message, f"the notification {shown(message.method)} {told}")


def _is_notification(message: Message) -> bool:
    return message.method.startswith("notifications/")


@check("jsonrpc.id-once", party="client")
def ids_of_clients_are_used_once(session: Session) -> Findings:
    """A client uses a request id once in a session; from 2026-07-28 on, once among the requests under way.

    A request that was refused, or whose connection broke before there was an answer, may have been sent again by what
    lies between: authorization, a redirection, the HTTP library.
    """
    before: dict[Key, list[Call]] = {}
    for call in session.calls:
        if not is_id(call.request.id):
            continue
        others = before.get(key_of(call.request.id), [])
        if session.modern:
            others = [other for other in others if runs_at(other, call.request.at)]
        yield _reuse_under_way(call, others) if session.modern else _reuse(call, others)
        before[key_of(call.request.id)] = [*others, call]


def _reuse(call: Call, others: list[Call]) -> Finding:
    seen = f"{call.request.method} has the id {shown(call.request.id)}"
    if not others:
        return expect(True, call, f"{seen}, which is new")
    if call.session.handshake is None:
        return undecided(call, f"{seen}, which was used before, in what may have been another session")
    if not any(other.exchange.ok for other in others) or shares_its_label(call.session):
        return undecided(call, f"{seen}, as a request that was sent again, or one of another client")
    return expect(False, call, f"{seen}, which {others[-1].request.method} had before")


def _reuse_under_way(call: Call, waiting: list[Call]) -> Finding:
    seen = f"{call.request.method} has the id {shown(call.request.id)}"
    told = f", which {waiting[0].request.method} had, and it was still waiting for its answer" if waiting else ""
    if waiting and shares_its_label(call.session):
        return undecided(call, f"{seen}{told}, perhaps for another client")
    return expect(not waiting, call, seen + told)


@check("schema.message", party="client")
def messages_of_clients_have_the_shape_of_the_schema(session: Session) -> Findings:
    """What requests, notifications and answers of a client hold has the shape that the revision's schema gives it.

    The envelope, progress tokens, `initialize` and the metadata of each request have rules of their own. What the
    schema does not define, an extension, say, is free.
    """
    if shares_its_label(session) and not session.modern:
        return  # by which revision each of the clients speaks cannot be said
    asked = {key_of(question.request.id): question.request for question in questions(session)}
    for message in (m for m in session.messages() if m.sender == "client"):
        if message.kind == "result" and key_of(message.id) in asked:
            request = asked[key_of(message.id)]
            yield from _shape(message, session.revision, f"the answer to {request.method}", request)
        elif not message.is_response and not _introduces(message, session):
            yield from _shape(message, session.revision, message.method)


def _introduces(message: Message, session: Session) -> bool:
    """Whether a message has to say who the client is, and rules of their own ask whether it does."""
    metadata = meta_of(message)
    return message.method == "initialize" or (session.modern and not {VERSION, CAPABILITIES} <= metadata.keys())


def _shape(message: Message, revision: str, name: str, request: Message | None = None) -> Findings:
    if shapes.definition_of(message, revision, request) is None:
        return
    if not isinstance(message.body.get("params", {}), dict):
        return
    wrong = shapes.explain(_without_what_others_judge(message), revision, request)
    yield expect(wrong is None, message, f"{shown(name)}: {wrong or 'as in the schema'}")


def _without_what_others_judge(message: Message) -> Message:
    """The message in a sound envelope, without a progress token. TypeScript, the source of truth, has no integers."""
    body: dict[str, JSON] = message.body | {"jsonrpc": "2.0"}
    if message.kind != "notification":
        body["id"] = 0
    if message.kind == "request" and isinstance(params := body.get("params"), dict):
        metadata = {key: value for key, value in meta_of(message).items() if key != "progressToken"}
        body["params"] = params | ({"_meta": metadata} if isinstance(params.get("_meta"), dict) else {})
    return replace(message, body=_with_whole_numbers(body))


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, float):
        return 0
    if isinstance(value, dict):
        return {key: _with_whole_numbers(inner) for key, inner in value.items()}
    return [_with_whole_numbers(inner) for inner in value] if isinstance(value, list) else value
