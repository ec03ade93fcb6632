"""How a client sends its messages: basic/transports "Sending Messages to the Server", and GET requests."""

import json
from collections.abc import Iterator

from conformance.checks.clientside import header_values, messages_in, shares_its_label
from conformance.checks.reading import is_batch, what
from conformance.evidence.trace import JSON, Exchange, Malformed
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided

JSON_TYPE, STREAM_TYPE = "application/json", "text/event-stream"
BATCHES_UNTIL = "2025-03-26"


@check("post.method", party="client")
def messages_travel_by_post(exchange: Exchange) -> Findings:
    """A client's messages travel by POST."""
    sent = messages_in(exchange)
    if any("jsonrpc" in message.body for message in sent):
        yield expect(exchange.method == "POST", exchange, f"{what(exchange)} was sent by {exchange.method}")


@check("post.each", party="client")
def every_message_is_a_post_of_its_own(exchange: Exchange) -> Findings:
    """Each message is sent in a POST of its own: none is strung together with others in one body."""
    strung = len(strung_together(exchange))
    if exchange.method == "POST" and (strung > 1 or messages_in(exchange)):
        seen = f"{strung} messages one behind the other" if strung > 1 else what(exchange)
        yield expect(strung < 2, exchange, f"a POST held {seen}")


def strung_together(exchange: Exchange) -> list[JSON]:
    """The JSON objects in a body that holds several, one behind the other; empty for any other body."""
    if not any(isinstance(message, Malformed) for message in exchange.sent):
        return []
    text, found, position = exchange.request_body.decode("utf-8", "replace").strip(), [], 0
    decoder = json.JSONDecoder()
    try:
        while position < len(text):
            value, position = decoder.raw_decode(text, position)
            found.append(value)
            position += len(text[position:]) - len(text[position:].lstrip())
    except (ValueError, RecursionError):
        return []
    return found if len(found) > 1 and all(isinstance(value, dict) for value in found) else []


@check("post.body", party="client")
def the_body_is_one_message(session: Session) -> Findings:
    """The body of a POST is one message; in 2025-03-26 it may be a batch, of responses only or without any.

    What is no message at all is judged under `jsonrpc`, and a response of the modern era under a rule of its own.
    """
    for exchange in session.exchanges:
        if exchange.method != "POST" or is_encoded(exchange):
            continue
        if not exchange.request_body:
            yield expect(False, exchange, "a POST had an empty body")
        elif is_batch(exchange) or exchange.request_body.strip() == b"[]":
            flaw = _flaw_of_batch(exchange, BATCHES_UNTIL if shares_its_label(session) else session.revision)
            yield expect(flaw is None, exchange, f"a POST held an array of {len(exchange.sent)}{flaw or ''}")
        elif (sent := messages_in(exchange)) and not (session.modern and sent[0].is_response):
            yield expect(True, exchange, f"a POST held {what(exchange)}")


def _flaw_of_batch(exchange: Exchange, revision: str) -> str | None:
    if revision > BATCHES_UNTIL:
        return ", and this revision has no batches"
    sent = messages_in(exchange)
    if not sent:
        return ", in which is no message"
    mixed = any(m.is_response for m in sent) and not all(m.is_response for m in sent)
    return ", in which responses are mixed with others" if mixed else None


@check("post.no-responses", party="client")
def responses_are_never_posted(session: Session) -> Findings:
    """From 2026-07-28 on a client never posts a response: what a server wants to know comes with a retry."""
    for exchange in session.exchanges:
        for message in messages_in(exchange) if exchange.method == "POST" else ():
            yield expect(not message.is_response, message, f"a POST held {what(exchange)}")


@check("accept.post", party="client")
def posts_accept_json_and_streams(exchange: Exchange) -> Findings:
    """The Accept header of a POST names both application/json and text/event-stream; a wildcard names neither."""
    if exchange.method == "POST":
        missing = [kind for kind in (JSON_TYPE, STREAM_TYPE) if kind not in accepted(exchange)]
        given = ", ".join(header_values(exchange, "accept"))
        yield expect(not missing, exchange, f"POST with {f'Accept: {given}' if given else 'no Accept header'}")


@check("accept.get", party="client")
def gets_accept_streams(exchange: Exchange) -> Findings:
    """The Accept header of a GET names text/event-stream.

    A GET that names neither session nor revision may be of anybody: a browser, a health check.
    """
    if exchange.method != "GET":
        return
    given = ", ".join(header_values(exchange, "accept"))
    seen = f"GET with {f'Accept: {given}' if given else 'no Accept header'}"
    if STREAM_TYPE in accepted(exchange):
        yield expect(True, exchange, seen)
    elif exchange.request_header("mcp-session-id") or exchange.request_header("mcp-protocol-version"):
        yield expect(False, exchange, seen)
    else:
        yield undecided(exchange, f"{seen}, and nothing that tells a client of MCP")


def accepted(exchange: Exchange) -> set[str]:
    """The media types that a request accepts, in lower case; one of quality 0 is not accepted (RFC 9110, 12.4.2)."""
    return set(_accepted(exchange))


def _accepted(exchange: Exchange) -> Iterator[str]:
    for entry in header_values(exchange, "accept"):
        kind, *parameters = (part.strip().lower() for part in entry.split(";"))
        weights = [part.partition("=")[2].strip() for part in parameters if part.partition("=")[0].strip() == "q"]
        if not any(weight.strip("0.") == "" for weight in weights if weight):
            yield kind


@check("utf8", party="client")
def what_clients_send_is_utf8(exchange: Exchange) -> Findings:
    """The bodies of a client's requests are UTF-8."""
    if exchange.method != "POST" or not exchange.request_body or is_encoded(exchange):
        return
    try:
        exchange.request_body.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = exchange.request_body[error.start]
        yield expect(False, exchange, f"byte 0x{byte:02x} at {error.start} of the body is not UTF-8")
    else:
        yield expect(True, exchange, f"{what(exchange)} is UTF-8")


def is_encoded(exchange: Exchange) -> bool:
    """Whether a body was compressed on its way, so that its bytes are not those of the message."""
    return (exchange.request_header("content-encoding") or "identity").lower() != "identity"
