"""A client for the tests: it says what it is told, and knows no more of SSE than the tests need."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

BOTH = "application/json, text/event-stream"
NEWEST = "2025-11-25"
ALL_CAPABILITIES: dict[str, Any] = {"sampling": {}, "elicitation": {}, "roots": {}}

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An event, or a lone comment."""

    id: str | None
    data: str | None
    retry: int | None
    comment: str | None = None

    @property
    def message(self) -> Message:
        """The JSON-RPC message in the data."""
        message: Message = httpx.Response(200, content=self.data or "").json()
        return message


class Events:
    """The events of one connection, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.last_id: str | None = None
        self._lines = response.iter_lines()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        fields: dict[str, str] = {}
        for line in self._lines:
            if line:
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
            elif fields:
                return self._event(fields)
        raise StopIteration

    def _event(self, fields: dict[str, str]) -> Event:
        self.last_id = fields.get("id", self.last_id)
        retry = fields.get("retry")
        return Event(fields.get("id"), fields.get("data"), int(retry) if retry else None, fields.get(""))

    def messages(self) -> Iterator[Message]:
        """The messages, without events that have none."""
        return (event.message for event in self if event.data)

    def until(self, method: str) -> Message:
        """Read up to a message of this method."""
        return next(message for message in self.messages() if message.get("method") == method)

    def answer(self) -> Message:
        """Read to the end; the answer is the last message."""
        return list(self.messages())[-1]


class Talk:
    """One session."""

    def __init__(
        self,
        url: str,
        revision: str = NEWEST,
        capabilities: Message | None = None,
        *,
        initialized: bool = True,
        session: str | None = None,
    ) -> None:
        self.url = url
        self.http = httpx.Client(timeout=5, verify=False)
        self.ids = itertools.count(1)
        self.headers = {"accept": BOTH}
        if session is not None:
            self.headers |= {"mcp-session-id": session, "mcp-protocol-version": revision}
            return
        response = self.initialize(revision, ALL_CAPABILITIES if capabilities is None else capabilities)
        self.hello: Message = response.json()["result"]
        self.headers["mcp-protocol-version"] = self.hello["protocolVersion"]
        if "mcp-session-id" in response.headers:
            self.headers["mcp-session-id"] = response.headers["mcp-session-id"]
        if initialized:
            assert self.notify("notifications/initialized").status_code == 202

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    @property
    def session(self) -> str:
        """The session's id."""
        return self.headers["mcp-session-id"]

    def post(self, message: object, **headers: str) -> httpx.Response:
        """POST anything."""
        return self.http.post(self.url, json=message, headers=self.headers | dashed(headers))

    def initialize(self, revision: str, capabilities: Message) -> httpx.Response:
        """The first message."""
        client = {"name": "test", "version": "1"}
        params = {"protocolVersion": revision, "capabilities": capabilities, "clientInfo": client}
        return self.post(self.request("initialize", params))

    def request(self, method: str, params: Message | None = None) -> Message:
        """A request with a new id."""
        return {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params or {}}

    def notify(self, method: str, params: Message | None = None) -> httpx.Response:
        """Send a notification."""
        return self.post({"jsonrpc": "2.0", "method": method, "params": params or {}})

    def ask(self, method: str, params: Message | None = None) -> Message:
        """Send a request that is answered with JSON, and return the answer."""
        answer: Message = self.post(self.request(method, params)).json()
        return answer

    def tool(self, name: str, arguments: Message | None = None, token: str | int | None = None) -> Message:
        """A request that calls a tool."""
        params: Message = {"name": name, "arguments": arguments or {}}
        if token is not None:
            params["_meta"] = {"progressToken": token}
        return self.request("tools/call", params)

    def call(self, name: str, arguments: Message | None = None, token: str | int | None = None) -> list[Message]:
        """Call a tool and read all its messages."""
        with self.stream(self.tool(name, arguments, token)) as events:
            return list(events.messages())

    def text_of(self, name: str, arguments: Message | None = None) -> str:
        """Call a tool and return the text that it answers with."""
        return text_in(self.call(name, arguments)[-1])

    @contextmanager
    def stream(self, message: object, **headers: str) -> Iterator[Events]:
        """POST and read the answer as events."""
        sent = self.headers | dashed(headers)
        with self.http.stream("POST", self.url, json=message, headers=sent) as response:
            assert response.headers["content-type"] == "text/event-stream", response.read()
            yield Events(response)

    @contextmanager
    def listen(self, after: str | None = None) -> Iterator[Events]:
        """GET and read events."""
        sent = self.headers | {"accept": "text/event-stream"} | ({"last-event-id": after} if after else {})
        with self.http.stream("GET", self.url, headers=sent) as response:
            assert response.status_code == 200, response.read()
            yield Events(response)


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """Python's names as HTTP's."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def text_in(answer: Message) -> str:
    """The first text of a tool's result."""
    text: str = answer["result"]["content"][0]["text"]
    return text
