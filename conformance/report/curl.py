"""An exchange's request as a `curl` command, ready to paste. What opens doors is a shell variable in it."""

import re
import shlex
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from conformance.evidence.trace import Exchange
from conformance.report.text import visible

SESSION = "MCP_SESSION"
_SECRETS = {
    "authorization": "Bearer $MCP_TOKEN", "proxy-authorization": "Bearer $MCP_TOKEN", "cookie": "$MCP_COOKIE",
    "x-api-key": "$MCP_TOKEN", "api-key": "$MCP_TOKEN", "x-auth-token": "$MCP_TOKEN",
}  # fmt: skip
_OF_CURL = {"content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
_ADDED = ("Accept", "Content-Type")  # curl sends these of its own accord, unless told not to
_LONGEST_BODY = 8_000  # bytes; a longer one is left to a file
_GLOBBED = re.compile(r"[\[\]{}]")  # curl would read these in an address as patterns
_PLAIN = set(range(0x20, 0x7F)) - {0x27, 0x5C}

Variables = Mapping[str, str]  # from a value that is of one run only to the name of the shell variable for it
_NONE: Variables = {}


def curl(
    exchange: Exchange,
    session: str | None = None,
    *,
    fold: bool = False,
    variables: Variables = _NONE,
    options: str = "--include --no-buffer",
) -> str:
    """The request as one command, on one line unless it may `fold`.

    With `session`, only this id becomes a variable: another one in its place stands there on purpose.
    """
    words = [f"{_piped(exchange)}curl {options}", *_arguments(exchange, session, variables)]
    return (" \\\n  " if fold else " ").join(words)


def quoted(text: str, variables: Variables = _NONE) -> str:
    """One word for a shell that knows POSIX 2024, with the variables in it.

    A character that nobody sees is written in bytes, so that nothing hides in the command.
    """
    for value, name in variables.items():
        before, found, after = text.partition(value)
        if found:
            parts = [quoted(before) if before else "", f'"${name}"', quoted(after, variables) if after else ""]
            return "".join(parts)
    return shlex.quote(text) if visible(text) == text else f"$'{_octal(text.encode('utf-8', 'surrogatepass'))}'"


def _arguments(exchange: Exchange, session: str | None, variables: Variables) -> Iterator[str]:
    bare = exchange.method != "POST" or not exchange.request_body
    globs = "--globoff " if _GLOBBED.search(exchange.url) else ""
    yield globs + (f"--request {quoted(exchange.method)} " if bare else "") + quoted(exchange.url)
    for name, value in exchange.request_headers:
        if _is_ours(exchange, name, value):
            in_role = exchange.token if name.lower() == "authorization" else None
            given = f'"{name}: {_bearer(in_role)}"' if in_role else _header(name, value, session, variables)
            yield f"--header {given}"
    for name in _ADDED:
        if exchange.request_header(name) is None and (name == "Accept" or exchange.request_body):
            yield f"--header {name}:"
    if exchange.request_body:
        yield _body(exchange.request_body, variables)


def _is_ours(exchange: Exchange, name: str, value: str) -> bool:
    """Whether a header must be said: curl makes the others itself."""
    if name.lower() == "host":
        return value != urlsplit(exchange.url).netloc
    return name.lower() not in _OF_CURL and (name.lower(), value) != ("accept", "*/*")


def _bearer(role: str) -> str:
    """The user's own token of a role; those that the suite makes are for the reader to make."""
    named = {"full": "$MCP_TOKEN", "garbage": "nobodys-token"}.get(role, f"$MCP_TOKEN_{role.upper()}")
    return f"Bearer {named}"


def _header(name: str, value: str, session: str | None, variables: Variables) -> str:
    variable = _SECRETS.get(name.lower())
    if name.lower() == "mcp-session-id" and session in (None, value):
        variable = f"${SESSION}"
    if variable is not None:
        return f'"{name}: {variable}"'
    return quoted(f"{name}: {value}" if value else f"{name};", variables)


def _body(raw: bytes, variables: Variables) -> str:
    if len(raw) > _LONGEST_BODY:
        return "--data-binary @body.json"
    if b"\0" in raw:
        return "--data-binary @-"
    try:
        return f"--data-raw {quoted(raw.decode(), variables)}"
    except UnicodeDecodeError:
        return f"--data-raw $'{_octal(raw)}'"


def _piped(exchange: Exchange) -> str:
    """What comes before `curl` where no word can hold the body: no argument of a program has a zero byte in it."""
    raw = exchange.request_body
    return f"printf '{_octal(raw).replace('%', '%%')}' | " if b"\0" in raw and len(raw) <= _LONGEST_BODY else ""


def _octal(raw: bytes) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in raw)
