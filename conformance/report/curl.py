"""A command that shows an exchange again, ready to paste; secrets are shell variables in it."""

import shlex
from urllib.parse import urlsplit

from conformance.report.text import visible
from conformance.trace import Exchange

SESSION = "$MCP_SESSION"
_SECRETS = {"authorization": "Bearer $MCP_TOKEN", "cookie": "$MCP_COOKIE"}
_OF_CURL = {"content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
_ADDED = ("Accept", "Content-Type")  # curl sends these of its own accord, unless told not to
_LONGEST_BODY = 2_000  # bytes; a longer one is left to a file


def curl(exchange: Exchange, session: str | None = None) -> str:
    """The exchange's request as a `curl` command line.

    With `session`, only this id becomes a variable: another one in its place stands there on purpose.
    """
    words = ["curl", "--include", "--no-buffer"]
    if exchange.method != "POST" or not exchange.request_body:
        words += ["--request", _quoted(exchange.method)]
    words.append(_quoted(exchange.url))
    for name, value in exchange.request_headers:
        if _is_ours(exchange, name, value):
            words += ["--header", _header(name, value, session)]
    for name in _ADDED:
        needless = name == "Content-Type" and not exchange.request_body
        if exchange.request_header(name) is None and not needless:
            words += ["--header", f"{name}:"]
    if exchange.request_body:
        words += ["--data-binary", _body(exchange.request_body)]
    return " ".join(words)


def begin(exchange: Exchange) -> str:
    """Commands that open a session as `exchange` did, and keep its id for the commands that follow."""
    wanted = curl(exchange).replace("--include --no-buffer", "--silent --dump-header - --output /dev/null", 1)
    pick = "grep -i '^mcp-session-id:' | cut -d' ' -f2 | tr -d '\\r'"
    return f"MCP_SESSION=$({wanted} | {pick})"


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
    """One word for a shell. Text with characters that nobody sees is written in bytes, so that nothing hides in it."""
    return shlex.quote(text) if visible(text) == text else _bytes(text.encode("utf-8", "surrogatepass"))


def _bytes(raw: bytes) -> str:
    plain = set(range(0x20, 0x7F)) - {0x27, 0x5C}
    return "$'" + "".join(chr(byte) if byte in plain else f"\\x{byte:02x}" for byte in raw) + "'"
