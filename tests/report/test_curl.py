"""The command that shows an exchange again means what was sent, and only that."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence.trace import Exchange
from conformance.report.curl import curl
from tests.tape import URL, Tape

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
    assert f"http://h/{evil}".encode() in sent
    assert f"X-Evil: {evil or 'x'}".encode() in sent
    assert sent[-1] == (evil.encode() or b"x")


def test_bytes_that_are_no_text_are_sent_as_bytes() -> None:
    assert words(curl(post(b"\xff\xfe'\\{")))[-1] == b"\xff\xfe'\\{"


def test_a_body_that_is_long_is_a_file() -> None:
    assert words(curl(post(b"x" * 9_000)))[-1] == b"@body.json"


def test_a_body_with_a_zero_byte_comes_through_a_pipe() -> None:
    command = curl(post(b"%a\0\\'b"))
    assert words(command)[-1] == b"@-"
    shell = shutil.which("bash")
    assert shell is not None
    ran = subprocess.run([shell, "-c", f"curl() {{ cat; }}; {command}"], capture_output=True, check=True, timeout=10)
    assert ran.stdout == b"%a\0\\'b"


def test_a_body_that_looks_like_a_file_name_reads_no_file() -> None:
    assert words(curl(post(b"@/etc/passwd")))[-2:] == [b"--data-raw", b"@/etc/passwd"]


def test_an_address_is_no_pattern() -> None:
    exchange = replace(post(), url="http://[::1]:8000/{a,b}")
    assert words(curl(exchange))[2:4] == [b"--globoff", b"http://[::1]:8000/{a,b}"]


@settings(deadline=None, max_examples=60)  # it starts a shell
@given(
    evil=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30),
    fold=st.booleans(),
)
def test_a_hostile_text_never_leaves_its_word(evil: str, fold: bool) -> None:
    exchange = replace(post(evil.encode(), X_Evil=evil), url=f"http://h/{evil}")
    given = words(curl(exchange, fold=fold))
    assert f"http://h/{evil}".encode() in given
    assert f"X-Evil: {evil}".encode() in given
    assert given[-1] == evil.encode()


@settings(deadline=None, max_examples=60)
@given(
    before=st.text(st.sampled_from("ab'\"$`\\ ;\n"), max_size=8),
    value=st.text(st.sampled_from("abcd12._-"), min_size=4, max_size=8),
    after=st.text(st.sampled_from("xy'\"$`\\ ;\n"), max_size=8),
)
def test_variables_stand_between_quoted_words(before: str, value: str, after: str) -> None:
    exchange = post(f"{before}{value}{after}".encode())
    assert words(curl(exchange, variables={value: "MCP_TOKEN"}))[-1].startswith(before.encode())
    assert value.encode() not in words(curl(exchange, variables={value: "MCP_TOKEN"}))[-1]


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("full", "$MCP_TOKEN"),
        ("expired", "$MCP_TOKEN_EXPIRED"),
        ("tampered", "$MCP_TOKEN_TAMPERED"),
        ("garbage", "nobodys-token"),
        (None, "$MCP_TOKEN"),
    ],
)
def test_a_token_is_the_variable_of_its_role(role: str | None, shown: str) -> None:
    exchange = replace(post(Authorization="Bearer secret"), token=role)
    assert f'--header "Authorization: Bearer {shown}"' in curl(exchange)
    assert "secret" not in curl(exchange)
