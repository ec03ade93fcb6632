"""A modern client for the tests: every request carries its metadata, and headers that repeat the body."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from tests.reference_server.talk import BOTH, Events, Message

MODERN = "2026-07-28"
VERSION = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
LOG_LEVEL = "io.modelcontextprotocol/logLevel"
SERVER_INFO = "io.modelcontextprotocol/serverInfo"
TASK_METHODS = ("tasks/get", "tasks/update", "tasks/cancel")
NAMES = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    **dict.fromkeys(TASK_METHODS, "taskId"),
}

Headers = dict[str, str]


class Lone:
    """Requests that stand alone; what is said can be changed at every point."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(timeout=5, verify=False)
        self.ids = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def request(self, method: str, params: Message | None = None, meta: Message | None = None) -> Message:
        """A request with complete metadata, and `meta` over it."""
        whole = {VERSION: MODERN, CAPABILITIES: {}} | (meta or {})
        return {
            "jsonrpc": "2.0",
            "id": next(self.ids),
            "method": method,
            "params": {"_meta": whole, **(params or {})},
        }

    def headers(self, message: Any) -> Headers:
        """The headers that go with a message."""
        said = {"accept": BOTH, "mcp-protocol-version": MODERN}
        if isinstance(message, dict) and "method" in message:
            said["mcp-method"] = message["method"]
            name = message.get("params", {}).get(NAMES.get(message["method"], ""))
            said |= {"mcp-name": name} if isinstance(name, str) else {}
        return said

    def post(self, message: Any, **headers: str | bytes | None) -> httpx.Response:
        """POST with the right headers, except those that are given: None leaves one out."""
        said: dict[str, Any] = self.headers(message) | {name.replace("_", "-"): v for name, v in headers.items()}
        kept = {name: value for name, value in said.items() if value is not None}
        return self.http.post(self.url, json=message, headers=kept)

    def ask(self, method: str, params: Message | None = None, meta: Message | None = None) -> Message:
        """Ask what is answered with JSON."""
        answer: Message = self.post(self.request(method, params, meta)).json()
        return answer

    def tool(self, name: str, arguments: Message | None = None, meta: Message | None = None) -> Message:
        """A request that calls a tool."""
        return self.request("tools/call", {"name": name, "arguments": arguments or {}}, meta)

    @contextmanager
    def stream(self, message: Message) -> Iterator[Events]:
        """POST and read the answer as events."""
        with self.http.stream("POST", self.url, json=message, headers=self.headers(message)) as response:
            assert response.headers["content-type"] == "text/event-stream", response.read()
            yield Events(response)


def refused(response: httpx.Response) -> tuple[int, int]:
    """The status and the code of a refusal."""
    return response.status_code, response.json()["error"]["code"]
