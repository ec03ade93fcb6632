"""Which of the things that go through an ordinary HTTP proxy look like MCP."""

import re

from conformance.evidence.recording import Asked

_MOST_KNOWN = 1_000  # addresses
_JSON = "application/json"
_STREAM = "text/event-stream"
_MEMBER = re.compile(rb'"jsonrpc"\s*:')


class McpLike:
    """Recognizes MCP by its headers and bodies, and from then on by its address."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}

    def recognizes(self, asked: Asked) -> bool:
        """Whether a request is, or may well be, one of MCP's."""
        headers = {name.lower(): value.lower() for name, value in asked.headers}
        address = asked.url.partition("?")[0]
        if address in self._known:
            return True
        if any(name.startswith("mcp-") for name in headers) or self._is_json_rpc(headers, asked.body):
            if len(self._known) < _MOST_KNOWN:
                self._known[address] = None
            return True
        return _STREAM in headers.get("accept", "")

    def _is_json_rpc(self, headers: dict[str, str], body: bytes) -> bool:
        return headers.get("content-type", "").startswith(_JSON) and bool(_MEMBER.search(body))
