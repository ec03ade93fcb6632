"""Traffic made by hand for the live model, step by step."""

import json

from conformance.evidence.recording import About, Asked, Chunk, End, Head, Lost, Record
from conformance.evidence.trace import JSON
from inspector.model.feed import Feed
from inspector.model.nouns import LiveCall, LiveSession, LiveStream, Row
from inspector.model.rows import Rows

URL = "http://127.0.0.1:1/mcp"
JSON_TYPE = (("Content-Type", "application/json"),)
STREAM = (("Content-Type", "text/event-stream"),)
MODERN = "io.modelcontextprotocol/"


def request(id: JSON, method: str, **params: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()


def result(id: JSON, **value: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "result": value}).encode()


def notice(method: str, **params: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode()


class Scene:
    """A feed, and traffic for it, a second a step."""

    def __init__(self, rows: Rows | None = None) -> None:
        self.feed = Feed(About(URL), rows)
        self.at = 0.0
        self._count = 0

    def take(self, record: Record) -> None:
        self.feed.take(record)

    def ask(self, body: bytes = b"", client: str = "c", method: str = "POST", **headers: str) -> int:
        """A request goes out; `session` and `after` are headers that have to do with MCP."""
        names = {"session": "Mcp-Session-Id", "after": "Last-Event-ID", "version": "MCP-Protocol-Version"}
        number, self._count, self.at = self._count, self._count + 1, self.at + 1
        pairs = tuple((names[name], value) for name, value in headers.items())
        self.take(Asked(number, self.at, client, method, URL, pairs, body))
        return number

    def reply(self, number: int, body: bytes, status: int = 200, **headers: str) -> None:
        """The whole answer."""
        named = tuple(("Mcp-Session-Id", value) for value in headers.values())
        self.take(Head(number, self.at, status, JSON_TYPE + named))
        self.take(Chunk(number, self.at, body))
        self.take(End(number, self.at))

    def open(self, number: int) -> LiveStream:
        self.take(Head(number, self.at, 200, STREAM))
        exchange = self.feed.exchange(number)
        assert exchange is not None
        assert exchange.stream is not None
        return exchange.stream

    def say(self, number: int, data: bytes, id: str = "") -> Row:
        """An event comes."""
        self.at += 1
        self.take(Chunk(number, self.at, (f"id: {id}\n".encode() if id else b"") + b"data: " + data + b"\n\n"))
        return self.newest

    def break_off(self, number: int) -> None:
        self.take(Lost(number, self.at, "lost", ""))

    def begin(self, id: str, client: str = "c") -> LiveSession:
        """A session begins."""
        info: JSON = {"name": client, "version": "1"}
        said: dict[str, JSON] = {"protocolVersion": "2025-11-25", "capabilities": {}}
        number = self.ask(request(0, "initialize", **said, clientInfo=info), client)
        self.reply(number, result(0, **said, serverInfo=info), id=id)
        return self.sessions[-1]

    @property
    def sessions(self) -> list[LiveSession]:
        return list(self.feed.sessions)

    @property
    def newest(self) -> Row:
        row = self.feed.rows.get(self.feed.rows.next_number - 1)
        assert row is not None
        return row

    def call_of(self, number: int) -> LiveCall:
        exchange = self.feed.exchange(number)
        assert exchange is not None
        assert exchange.call is not None
        return exchange.call
