"""The command that shows an exchange again means what was sent, and only that."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from conformance.report.curl import again, curl
from conformance.trace import Exchange
from tests.tape import URL, Tape, notification, request

HOSTILE = '\'; touch /tmp/pwned; echo $(id) `id` "x" \\'


def post(body: bytes = b'{"jsonrpc":"2.0"}', **headers: str) -> Exchange:
    tape = Tape()
    tape.begin("POST", body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return tape.trace.exchanges[0]


def words(command: str) -> list[bytes]:
    """The words of a command as a shell hands them to curl."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no bash here")
    function = "curl() { printf '%s\\0' \"$@\"; }; MCP_SESSION=theirs MCP_TOKEN=secret; "
    ran = subprocess.run([shell, "-c", function + command], capture_output=True, check=True, timeout=10)
    return ran.stdout.split(b"\0")[:-1]


def test_a_post_is_shown_again() -> None:
    exchange = post(Accept="text/event-stream", Content_Type="application/json", Host="127.0.0.1:8000")
    assert words(curl(exchange)) == [
        b"--include", b"--no-buffer", URL.encode(), b"--header", b"Accept: text/event-stream", b"--header",
        b"Content-Type: application/json", b"--data-raw", b'{"jsonrpc":"2.0"}',
    ]  # fmt: skip


def test_what_curl_would_add_is_taken_away() -> None:
    assert words(curl(post()))[3:7] == [b"--header", b"Accept:", b"--header", b"Content-Type:"]


def test_a_foreign_host_is_said_and_our_own_is_not() -> None:
    assert b"Host: evil.example" in words(curl(post(Host="evil.example")))
    assert not any(word.startswith(b"Host") for word in words(curl(post(Host="127.0.0.1:8000"))))


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
def test_other_methods_are_named(method: str) -> None:
    tape = Tape()
    tape.begin(method)
    assert words(curl(tape.trace.exchanges[0]))[2:5] == [b"--request", method.encode(), URL.encode()]


def test_secrets_are_variables() -> None:
    shown = curl(post(Authorization="Bearer abc", Cookie="c=abc", Mcp_Session_Id="abc"))
    assert "abc" not in shown
    assert b"Authorization: Bearer secret" in words(shown)
    assert b"Mcp-Session-Id: theirs" in words(shown)


def test_a_session_id_that_is_wrong_on_purpose_stays() -> None:
    assert b"Mcp-Session-Id: wrong" in words(curl(post(Mcp_Session_Id="wrong"), "right"))


@pytest.mark.parametrize("evil", [HOSTILE, "\x1b[2J", "\u202eabc", "two\nlines", "ü", "-o /etc/passwd", ""])
def test_whatever_was_sent_is_one_word(evil: str) -> None:
    exchange = post(evil.encode() or b"x", X_Evil=evil or "x")
    exchange = replace(exchange, url=f"http://h/{evil}")
    sent = words(curl(exchange))
    assert sent[2] == f"http://h/{evil}".encode()
    assert f"X-Evil: {evil or 'x'}".encode() in sent
    assert sent[-1] == (evil.encode() or b"x")


def test_bytes_that_are_no_text_are_sent_as_bytes() -> None:
    assert words(curl(post(b"\xff\xfe'\\{")))[-1] == b"\xff\xfe'\\{"


@pytest.mark.parametrize("body", [b"x" * 5_000, b"a\0b"])
def test_a_body_that_no_shell_takes_is_a_file(body: bytes) -> None:
    assert words(curl(post(body)))[-1] == b"@body.json"


def test_a_session_is_opened_first() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(notification("notifications/initialized"))
    tape.post(request(2, "ping"))
    opening, announcing, exchange = tape.trace.exchanges
    shown = again(exchange, "abc", [opening, announcing])
    assert "abc" not in shown
    assert words("PATH=/usr/bin:/bin; " + shown.replace("$(curl", "$(true curl"))[-1].endswith(b'"method": "ping"}')
