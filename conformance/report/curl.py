"""A command that shows an exchange again, ready to paste; secrets are shell variables in it."""

import shlex

from conformance.trace import Exchange

_VARIABLES = {"mcp-session-id": "$MCP_SESSION_ID", "authorization": "Bearer $MCP_TOKEN", "cookie": "$MCP_COOKIE"}
_OF_CURL = {"host", "content-length", "connection", "accept-encoding", "user-agent"}
_LONGEST_BODY = 2_000  # bytes; a longer one is left to a file


def curl(exchange: Exchange) -> str:
    """The exchange's request as a `curl` command line."""
    words = ["curl", "--include", "--no-buffer"]
    if exchange.method != "POST" or not exchange.request_body:
        words += ["--request", exchange.method]
    words.append(shlex.quote(exchange.url))
    for name, value in exchange.request_headers:
        if name.lower() not in _OF_CURL:
            words += ["--header", _header(name, value)]
    if exchange.request_body:
        words += ["--data-binary", _body(exchange.request_body)]
    return " ".join(words)


def _header(name: str, value: str) -> str:
    variable = _VARIABLES.get(name.lower())
    return f'"{name}: {variable}"' if variable else shlex.quote(f"{name}: {value}")


def _body(raw: bytes) -> str:
    if len(raw) > _LONGEST_BODY:
        return "@body.json"
    try:
        return shlex.quote(raw.decode())
    except UnicodeDecodeError:
        return "$'" + "".join(f"\\x{byte:02x}" for byte in raw) + "'"
