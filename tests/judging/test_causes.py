"""A likely cause is named where the trace shows it, and nothing is guessed elsewhere."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence.trace import JSON, Place
from conformance.judging.causes import CAUSES, Evidence, likely_cause, load_causes
from conformance.judging.check import Finding
from tests.tape import Tape, error, message_event, notification, request, result

NO_HEADERS: Mapping[str, str] = {}


def said(tape: Tape, key: str, seen: str = "") -> str:
    """The cause of a finding about the last exchange."""
    trace = tape.trace
    return likely_cause(key, [Finding("bad", seen, Place(trace.exchanges[-1].number))], trace)


def opened(session_id: str | None = "abc") -> Tape:
    tape = Tape()
    tape.initialize(session_id=session_id)
    return tape


def answered(
    key: str, body: JSON | bytes, status: int = 200, headers: Mapping[str, str] = NO_HEADERS, seen: str = ""
) -> str:
    tape = opened()
    media_type = headers.get("Content-Type", "application/json")
    tape.post(request(2, "ping"), answer=body, status=status, media_type=media_type, response_headers=headers)
    return said(tape, key, seen)


@pytest.mark.parametrize(
    ("key", "body", "status", "headers", "words"),
    [
        ("session.ended-404", b"<html>", 502, {"Content-Type": "text/html"}, "web page"),
        ("post.202", b"<html>", 413, {"Content-Type": "text/html", "Server": "nginx"}, "client_max_body_size"),
        ("post.202", b"<html>", 504, {"Content-Type": "text/html", "Server": "nginx/1.22"}, "proxy_read_timeout"),
        ("post.202", b"", 307, {"Location": "/mcp/"}, "redirects /mcp to /mcp/"),
        ("origin.403", b"Invalid Host header", 421, {}, "allowed_hosts"),
        ("version.unsupported", error(2, -32022, "no"), 200, {}, "its HTTP status"),
        ("post.202", b"null", 202, {}, "missing value"),
        ("origin.validate", result(2), 200, {"X-Powered-By": "Express"}, "Express"),
        ("jsonrpc.id-echo", error("server-error", -32600, "no"), 400, {}, "version 1 of the Python SDK"),
        ("batch.receive", error(None, -32602, "4 validation errors for JSONRPCMessage"), 400, {}, "no batches"),
        ("cancel.stop", error(2, 0, "Request cancelled"), 200, {}, "version 1 of the Python SDK"),
        ("cancel.stop", error(2, -32800, "Request cancelled"), 200, {}, "version 2 of the Python SDK"),
        ("resources.not-found-code", error(2, 0, "Unknown resource"), 200, {}, "the code 0"),
        ("tools.structured-text", result(2, {"structuredContent": {"result": "a"}}), 200, {}, "FastMCP"),
        ("log.errors", error(2, -32603, '[{"code": "invalid_value"}]'), 200, {}, "TypeScript SDK"),
        ("session.ended-404", error(None, -32000, "Bad Request: No valid session ID"), 400, {}, "example"),
        ("tasks.ignored", error(2, -32603, "Server does not support task creation"), 200, {}, "version 1"),
        ("schema.prefer-2020", result(2, {"$schema": "http://json-schema.org/draft-07/schema#"}), 200, {}, "zod"),
    ],
)  # fmt: skip
def test_what_shows_itself_is_named(
    key: str, body: JSON | bytes, status: int, headers: Mapping[str, str], words: str
) -> None:
    assert words in answered(key, body, status, headers)


@pytest.mark.parametrize(
    ("key", "body", "status", "headers"),
    [
        ("session.ended-404", b"<html>", 200, {"Content-Type": "text/html"}),
        ("post.202", b"", 307, {"Location": "/elsewhere/"}),
        ("origin.403", b"Forbidden", 403, {}),
        ("version.unsupported", error(2, -32022, "no"), 400, {}),
        ("origin.validate", result(2), 200, {}),
        ("jsonrpc.id-echo", error("2", -32600, "no"), 400, {}),
        ("cancel.stop", error(2, True, "Request cancelled"), 200, {}),
        ("cancel.stop", error(2, 0, "It was cancelled"), 200, {}),
        ("resources.not-found-code", error(2, False, "Unknown resource"), 200, {}),
        ("tools.structured-text", result(2, {"structuredContent": {"result": "a", "b": 1}}), 200, {}),
        ("stream.closes", result(2), 200, {}),
    ],
)
def test_what_does_not_show_itself_is_not_guessed(
    key: str, body: JSON | bytes, status: int, headers: Mapping[str, str]
) -> None:
    assert answered(key, body, status, headers) == ""


def test_a_body_read_as_latin_1_has_its_usual_reason() -> None:
    assert "ISO-8859-1" in answered("utf8", result(2), seen="'é' came back as if UTF-8 were Latin-1")
    assert answered("utf8", result(2), seen="'é' came back as '?'") == ""


def test_a_session_that_is_known_now_and_then_has_several_homes() -> None:
    tape = opened()
    for status in (200, 404, 200, 404):
        tape.post(request(2, "ping"), status=status, answer=result(2) if status == 200 else b"")
    assert "several instances" in said(tape, "ping.reply")


def test_a_session_that_is_never_found_again_has_one_home() -> None:
    tape = opened()
    for status in (200, 404, 404):
        tape.post(request(2, "ping"), status=status, answer=result(2) if status == 200 else b"")
    assert said(tape, "ping.reply") == ""


def test_a_session_id_that_is_asked_for_and_was_never_given_got_lost() -> None:
    tape = opened(session_id=None)
    tape.post(request(2, "ping"), status=400, answer=error(2, -32000, "Missing session ID"))
    assert "Mcp-Session-Id" in said(tape, "ping.reply")


def test_a_server_without_an_event_store_says_so() -> None:
    tape = opened()
    tape.exchange("GET", headers={"Last-Event-ID": "1"}, status=400, answer=b"Event store not configured")
    assert "no event store" in said(tape, "get.sse-or-405")


def test_a_resumed_stream_that_stays_open_is_known_of_the_sdks() -> None:
    tape = opened()
    tape.get(after="1", events=[message_event(result(2))], ending="timed out")
    assert "known of" in said(tape, "stream.closes")


def test_without_a_place_nothing_is_said() -> None:
    assert likely_cause("bind.loopback", [Finding("bad", "it listens everywhere")], opened().trace) == ""


WORDS = st.sampled_from(["code", "message", "error", "result", "id", "structuredContent", "method", "params"])
HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


@settings(deadline=None)
@given(body=HOSTILE, status=st.sampled_from([200, 202, 307, 400, 403, 404, 421, 500]), location=st.text(max_size=9))
def test_no_cause_fails_on_what_a_server_may_say(body: JSON, status: int, location: str) -> None:
    load_causes()
    tape = opened()
    answer: JSON = {"jsonrpc": "2.0", "id": 2, "error": body, "result": body} if status != 200 else body
    headers = {"Location": location.encode("unicode_escape").decode()}
    tape.post(notification("x"), answer=answer, status=status, response_headers=headers)
    trace = tape.trace
    for _, tell in CAUSES:
        evidence = Evidence("utf8", (Finding("bad", "x", Place(1)),), trace.exchanges[-1:], trace)
        assert isinstance(tell(evidence), str)


def test_nginx_drops_a_header_with_an_underscore() -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    tape.ask(
        "tools/call",
        {"name": "a"},
        headers={"Mcp-Param-My_Region": "eu"},
        answer=error(1, -32020),
        status=400,
        response_headers={"Server": "nginx/1.22.1"},
    )
    assert "`underscores_in_headers on;`" in said(tape, "xhdr.missing")
