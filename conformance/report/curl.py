"""A command that shows an exchange again, ready to paste; secrets are shell variables in it."""

import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from conformance.report.text import visible
from conformance.trace import Exchange

SESSION = "$MCP_SESSION"
_SECRETS = {
    "authorization": "Bearer $MCP_TOKEN", "proxy-authorization": "Bearer $MCP_TOKEN", "cookie": "$MCP_COOKIE",
    "x-api-key": "$MCP_TOKEN", "api-key": "$MCP_TOKEN", "x-auth-token": "$MCP_TOKEN",
}  # fmt: skip
_OF_CURL = {"content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
_ADDED = ("Accept", "Content-Type")  # curl sends these of its own accord, unless told not to
_LONGEST_BODY = 2_000  # bytes; a longer one is left to a file


def curl(exchange: Exchange, session: str | None = None, *, fold: bool = False) -> str:
    """The exchange's request as a `curl` command, on one line unless it may `fold`.

    With `session`, only this id becomes a variable: another one in its place stands there on purpose.
    """
    return (" \\\n  " if fold else " ").join(["curl --include --no-buffer", *_arguments(exchange, session)])


def again(exchange: Exchange, session: str, before: Sequence[Exchange]) -> str:
    """Commands for a shell: open a session as the exchanges `before` did, keep its id, and show the exchange."""
    opening, *others = before
    pick = "grep -i '^mcp-session-id:' | cut -d' ' -f2 | tr -d '\\r'"
    begin = " \\\n  ".join(["curl --silent --dump-header - --output /dev/null", *_arguments(opening, session)])
    commands = [f"{SESSION[1:]}=$({begin} | {pick})"]
    commands += [curl(other, session, fold=True) for other in others]
    return "\n".join([*commands, curl(exchange, session, fold=True)])


def _arguments(exchange: Exchange, session: str | None) -> Iterator[str]:
    bare = exchange.method != "POST" or not exchange.request_body
    yield (f"--request {_quoted(exchange.method)} " if bare else "") + _quoted(exchange.url)
    for name, value in exchange.request_headers:
        if _is_ours(exchange, name, value):
            yield f"--header {_header(name, value, session)}"
    for name in _ADDED:
        if exchange.request_header(name) is None and (name == "Accept" or exchange.request_body):
            yield f"--header {name}:"
    if exchange.request_body:
        yield f"--data-binary {_body(exchange.request_body)}"


def _is_ours(exchange: Exchange, name: str, value: str) -> bool:
    """Whether a header must be said: curl makes the others itself."""
    if name.lower() == "host":
        return value != urlsplit(exchange.url).netloc
    return name.lower() not in _OF_CURL and (name.lower(), value) != ("accept", "*/*")


def _header(name: str, value: str, session: str | None) -> str:
    variable = _SECRETS.get(name.lower())
    if name.lower() == "mcp-session-id" and session in (None, value):
        variable = SESSION
    if variable is not None:
        return f'"{name}: {variable}"'
    return _quoted(f"{name}: {value}" if value else f"{name};")


def _body(raw: bytes) -> str:
    if len(raw) > _LONGEST_BODY or b"\0" in raw:
        return "@body.json"
    try:
        return _quoted(raw.decode())
    except UnicodeDecodeError:
        return _bytes(raw)


def _quoted(text: str) -> str:
    """One word for a shell. A character that nobody sees is written in bytes, so that nothing hides in it."""
    return shlex.quote(text) if visible(text) == text else _bytes(text.encode("utf-8", "surrogatepass"))


def _bytes(raw: bytes) -> str:
    plain = set(range(0x20, 0x7F)) - {0x27, 0x5C}
    return "$'" + "".join(chr(byte) if byte in plain else f"\\x{byte:02x}" for byte in raw) + "'"
