"""What a client's messages have to be: basic/index "Messages", "Requests", "Notifications" and `_meta`."""

from conformance.checks.asked import Key, key_of
from conformance.checks.client_sending import is_encoded, strung_together
from conformance.checks.clientside import runs_at, shares_its_label
from conformance.checks.messages import flaw_of
from conformance.checks.reading import is_id, shown
from conformance.evidence import jsonrpc
from conformance.evidence.trace import Malformed, Message
from conformance.evidence.views import Call, Session
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
