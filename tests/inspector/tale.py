"""A recording made by hand in which everything happens that a screen can show, and one full of hostile text.

Session 7f3a: its GET stream carries a message that belongs elsewhere, the stream of #7 is cut by the inspector and
resumed, a question waits for the client, #9 hangs. Then two clients without sessions.
"""

import json
from dataclasses import dataclass, field

from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Lost, Record, Recording
from conformance.evidence.trace import JSON

URL = "http://127.0.0.1:3000/mcp"
SESSION = "7f3a90c1d2e3f4a5"
HEADERS = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json, text/event-stream"),
    ("MCP-Session-Id", SESSION),
    ("MCP-Protocol-Version", "2025-11-25"),
)
STREAM = (("Content-Type", "text/event-stream"),)


@dataclass
class Tale:
    """Records, in the order in which they are told."""

    client: str = "127.0.0.1:50001"
    records: list[Record] = field(default_factory=list)

    def ask(self, number: int, at: float, body: JSON = None, method: str = "POST", **headers: str) -> None:
        """A request; GET and DELETE have no body."""
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        raw = json.dumps(body).encode() if body is not None else b""
        self.records.append(Asked(number, at, self.client, method, URL, HEADERS + more, raw))

    def answer(self, number: int, at: float, body: JSON = None, status: int = 200, **headers: str) -> None:
        """A whole answer at once."""
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        self.records.append(Head(number, at, status, (("Content-Type", "application/json"), *more)))
        if body is not None:
            self.records.append(Chunk(number, at, json.dumps(body).encode()))
        self.records.append(End(number, at))

    def stream(self, number: int, at: float) -> None:
        """An answer becomes an event stream."""
        self.records.append(Head(number, at, 200, STREAM))

    def event(self, number: int, at: float, body: JSON, id: str = "") -> None:
        """A message on it."""
        name = f"id: {id}\n" if id else ""
        self.records.append(Chunk(number, at, f"{name}data: {json.dumps(body)}\n\n".encode()))

    def raw(self, number: int, at: float, text: str) -> None:
        """Bytes on it."""
        self.records.append(Chunk(number, at, text.encode()))

    @property
    def recording(self) -> Recording:
        """All of it."""
        about = About(URL, "2026-01-02T03:04:05+00:00", "a test")
        return Recording(about, tuple(sorted(self.records, key=lambda record: record.at)))


def request(id: JSON, method: str, **params: JSON) -> JSON:
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


def notice(method: str, **params: JSON) -> JSON:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def result(id: JSON, **value: JSON) -> JSON:
    return {"jsonrpc": "2.0", "id": id, "result": value}


def progress(step: int) -> JSON:
    return notice("notifications/progress", progressToken="a1", progress=step, total=4)


def opened(name: str = "claude-code") -> Tale:
    """A session has begun; the next exchange is 2."""
    tale = Tale()
    about_client: JSON = {"name": name, "version": "2.1"}
    hello = request(0, "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=about_client)
    tale.ask(0, 0.0, hello)
    about_server: JSON = {"name": "weather", "version": "1.0"}
    agreed = result(0, protocolVersion="2025-11-25", capabilities={"tools": {}}, serverInfo=about_server)
    tale.answer(0, 0.021, agreed, mcp_session_id=SESSION)
    tale.ask(1, 0.025, notice("notifications/initialized"))
    tale.answer(1, 0.027, status=202)
    return tale


def whole() -> Recording:
    """The recording that most tests look at."""
    tale = opened()
    tale.ask(2, 0.030, method="GET")
    tale.stream(2, 0.031)
    tale.ask(3, 1.204, request(7, "tools/call", name="slow", _meta={"progressToken": "a1"}))
    tale.stream(3, 1.206)
    tale.raw(3, 1.207, "id: 7:0\nretry: 3000\ndata:\n\n")
    tale.event(3, 1.310, progress(1), "7:1")
    tale.ask(4, 1.355, request(8, "tools/call", name="ask_user"))
    tale.stream(4, 1.357)
    tale.event(4, 1.402, request("s1", "roots/list"), "8:1")
    tale.event(2, 1.480, progress(2), "g:18")
    tale.records += [Deed(3, 1.981, "cut by us after 7:1"), Lost(3, 1.981, "cut off", "the inspector cut it")]
    tale.ask(5, 4.990, method="GET", last_event_id="7:1")
    tale.stream(5, 5.001)
    tale.event(5, 5.002, progress(3), "7:2")
    tale.event(5, 5.310, result(7, content=[]), "7:3")
    tale.records.append(End(5, 5.312))
    tale.ask(6, 6.100, request(9, "tools/list"))
    tale.ask(7, 6.200, request(9, "tools/list"))
    tale.answer(7, 6.210, {"jsonrpc": "2.0", "id": 9, "error": {"code": -32600, "message": "again?"}}, status=400)
    tale.raw(2, 20.0, ": keepalive\n\n")
    return tale.recording


_ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J"
HOSTILE = f"[bold red]x[/] [@click=app.quit]y[/] {_ESCAPES} \u202eRTL\u202c 日本語 👩\u200d👩\u200d👧 {{0}}%s"


def hostile() -> Recording:
    """Names, ids, headers and bodies that try to be something else."""
    tale = opened(HOSTILE)
    call = request(HOSTILE, "tools/call", name=HOSTILE, _meta={"progressToken": HOSTILE})
    tale.ask(2, 1.0, call, x_odd=HOSTILE)
    tale.stream(2, 1.1)
    tale.raw(2, 1.2, f"id: {HOSTILE}\ndata:\n\n: {HOSTILE}\n\nevent: {HOSTILE}\ndata: {HOSTILE}\n\n")
    tale.event(2, 1.3, notice("notifications/message", level="info", data=HOSTILE), HOSTILE)
    tale.event(2, 1.4, {"jsonrpc": "2.0", "id": HOSTILE, "error": {"code": -1, "message": HOSTILE}})
    tale.records.append(Lost(2, 1.5, "cut off", HOSTILE))
    tale.records.append(Deed(2, 1.6, HOSTILE))
    tale.ask(3, 2.0, request(1, HOSTILE), method=HOSTILE)
    return tale.recording


def crowd(streams: int = 30) -> Recording:
    """More streams than there are columns: all speak at first, then fewer and fewer, and every third one ends."""
    tale = opened("busy agent")
    tale.ask(2, 0.030, method="GET")
    tale.stream(2, 0.031)
    for number in range(10, 10 + streams):
        tale.ask(
            number, number / 10, request(number, "tools/call", name="work", _meta={"progressToken": f"t{number}"})
        )
        tale.stream(number, number / 10 + 0.01)
        for step in range(1 + number % 5):
            said = notice("notifications/progress", progressToken=f"t{number}", progress=step + 1, total=5)
            tale.event(number, 6.0 + 6 * step + number / 100, said, f"{number}:{step}")
        if number % 3 == 0:
            tale.event(number, 31.0 + number / 100, result(number, content=[]), f"{number}:last")
            tale.records.append(End(number, 31.001 + number / 100))
    return tale.recording
