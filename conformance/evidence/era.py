"""The two eras: revisions that begin with `initialize`, and those in which each request stands alone.

From 2026-07-28 on a request says in its `_meta` which revision it speaks and what its client can do (basic/index,
"_meta"), and repeats it in headers. The era is therefore a property of a request, not of a connection: one endpoint
may speak both (basic/versioning, "Backward Compatibility with Initialization-Based Versions").
"""

import base64
import re
from collections.abc import Iterator, Mapping

from conformance.evidence.trace import JSON, Exchange, Message

KNOWN_REVISIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
HTTP_SSE = "2024-11-05"  # the revision before Streamable HTTP, with a transport of its own
SESSION_REVISIONS = ("2025-03-26", "2025-06-18", "2025-11-25")
MODERN_REVISIONS = ("2026-07-28",)
BOTH_ERAS = SESSION_REVISIONS + MODERN_REVISIONS

PREFIX = "io.modelcontextprotocol/"
VERSION = f"{PREFIX}protocolVersion"
CAPABILITIES = f"{PREFIX}clientCapabilities"
CLIENT_INFO = f"{PREFIX}clientInfo"
LOG_LEVEL = f"{PREFIX}logLevel"
SUBSCRIPTION = f"{PREFIX}subscriptionId"
SERVER_INFO = f"{PREFIX}serverInfo"

LISTEN = "subscriptions/listen"

HEADER_MISMATCH = -32020
MISSING_CAPABILITY = -32021
UNSUPPORTED_VERSION = -32022
MODERN_CODES = (HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION)

TASKS = f"{PREFIX}tasks"  # an extension (SEP-2663)
TASK_METHODS = ("tasks/get", "tasks/update", "tasks/cancel")
NAMED_BY = {  # the source of Mcp-Name
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    **dict.fromkeys(TASK_METHODS, "taskId"),
}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_SAFE = re.compile(r"[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?")
_WRAPPED = re.compile(r"=\?base64\?(.*)\?=", re.DOTALL)


def is_modern(revision: str) -> bool:
    """Whether requests of a revision stand alone; dates sort like text."""
    return revision >= MODERN_REVISIONS[0]


def meta_of(message: Message) -> dict[str, JSON]:
    """The `_meta` of a request's or notification's params, or of a result; empty if there is none."""
    holder = message.result if message.kind == "result" else message.params
    meta = holder.get("_meta")
    return meta if isinstance(meta, dict) else {}


def declared_version(exchange: Exchange) -> str | None:
    """The revision that a request says it speaks, in its `_meta` or else in its header."""
    for message in exchange.sent:
        if isinstance(message, Message) and message.kind in ("request", "notification"):
            version = meta_of(message).get(VERSION)
            if isinstance(version, str):
                return version
    return exchange.request_header("mcp-protocol-version")


def speaks_modern(exchange: Exchange) -> bool:
    """Whether a request is of the modern era: it carries the metadata, or its header names such a revision."""
    sent = [m for m in exchange.sent if isinstance(m, Message)]
    if any(VERSION in meta_of(m) or CAPABILITIES in meta_of(m) for m in sent):
        return True
    header = exchange.request_header("mcp-protocol-version")
    return header is not None and header in MODERN_REVISIONS


def declared_capabilities(request: Message) -> dict[str, JSON]:
    """What the client says it can do, in the `_meta` of this request."""
    value = meta_of(request).get(CAPABILITIES)
    return value if isinstance(value, dict) else {}


def wrapped(value: str) -> str:
    """A value in the Base64 form (basic/transports/streamable-http, "Value Encoding")."""
    packed = base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()
    return f"=?base64?{packed}?="


def header_value(value: str) -> str:
    """A value as a header carries it: plain where that is safe, else wrapped."""
    return value if _SAFE.fullmatch(value) and not _WRAPPED.fullmatch(value) else wrapped(value)


def mirrored_name(body: Mapping[str, JSON]) -> str | None:
    """What `Mcp-Name` has to say about a request; None where the header does not belong."""
    member, params = NAMED_BY.get(str(body.get("method"))), body.get("params")
    value = params.get(member) if member and isinstance(params, dict) else None
    return value if isinstance(value, str) else None


def marked(schema: JSON) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parameters that a tool wants mirrored: the name behind `Mcp-Param-`, and the path in the arguments.

    Only `properties` are followed ("Schema Extension"); what is marked elsewhere is not to be mirrored.
    """
    waiting: list[tuple[JSON, tuple[str, ...]]] = [(schema, ())]  # no recursion: a stranger chose the depth
    while waiting:
        part, path = waiting.pop()
        properties = part.get("properties") if isinstance(part, dict) else None
        mark = part.get("x-mcp-header") if isinstance(part, dict) and path else None
        if isinstance(mark, str):
            yield mark, path
        if isinstance(properties, dict):
            waiting += [(inner, (*path, name)) for name, inner in reversed(properties.items())]


def at_path(arguments: JSON, path: tuple[str, ...]) -> JSON:
    """The value at a path of the arguments, None where there is none."""
    for step in path:
        if not isinstance(arguments, dict):
            return None
        arguments = arguments.get(step)
    return arguments


def param_value(value: JSON) -> str | None:
    """The text that mirrors an argument, None for what is not mirrored."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return header_value(value)
    return str(value) if isinstance(value, int) else None
