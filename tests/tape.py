"""Traces made by hand: a recorder with a clock of its own, for tests that need exactly this evidence.

tape = Tape("2025-11-25")
tape.initialize(session_id="abc")
tape.post(request(2, "ping"), answer=result(2))
tape.post(request(3, "tools/call"), events=["id: 1\ndata:\n\n", message_event(result(3))])
assert tape.outcomes("ping.reply") == ["ok"]

tape = Tape("2026-07-28")
tape.discover()
tape.ask("tools/call", {"name": "x"}, id=2, answer=complete(2, {"content": []}), headers={"Mcp-Name": None})
"""

import json
from collections.abc import Sequence
from typing import Any

from conformance.evidence.era import CAPABILITIES, SERVER_INFO, VERSION, header_value, mirrored_name
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON, Ending, Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement, judge

URL = "http://127.0.0.1:8000/mcp"
SERVER: dict[str, JSON] = {"name": "tape", "version": "1"}


def request(id: JSON, method: str, params: dict[str, JSON] | None = None) -> dict[str, JSON]:
    return {"jsonrpc": "2.0", "id": id, "method": method} | ({} if params is None else {"params": params})


def notification(method: str, params: dict[str, JSON] | None = None) -> dict[str, JSON]:
    return {"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params})


def result(id: JSON, value: dict[str, JSON] | None = None) -> dict[str, JSON]:
    return {"jsonrpc": "2.0", "id": id, "result": value or {}}


def complete(id: JSON, value: dict[str, JSON] | None = None) -> dict[str, JSON]:
    """A result of the modern era."""
    usual: dict[str, JSON] = {"resultType": "complete", "_meta": {SERVER_INFO: SERVER}}
    return result(id, usual | (value or {}))


def discovered(**members: JSON) -> dict[str, JSON]:
    """What a DiscoverResult says beyond what all results say."""
    usual: dict[str, JSON] = {
        "supportedVersions": ["2026-07-28"],
        "capabilities": {"tools": {}},
        "ttlMs": 0,
        "cacheScope": "public",
    }
    return usual | members


def error(id: JSON, code: int = -32600, message: str = "no") -> dict[str, JSON]:
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}


def message_event(body: JSON, id: str | None = None) -> str:
    return (f"id: {id}\n" if id is not None else "") + f"data: {json.dumps(body)}\n\n"


class Tape:
    """Records what it is told, one tenth of a second a step."""

    def __init__(self, revision: str = "2025-11-25", client: str = "story#1") -> None:
        self.now = 0.0
        self.revision = revision
        self.client = client
        self.session_id: str | None = None
        self.recorder = Recorder(revision=revision, target=URL, clock=lambda: self.now)

    def initialize(
        self,
        *,
        session_id: str | None = None,
        version: str | None = None,
        asked: str | None = None,
        capabilities: dict[str, JSON] | None = None,
        offered: dict[str, JSON] | None = None,
    ) -> int:
        """`capabilities` are the server's, `offered` the client's."""
        self.session_id = None
        params: dict[str, JSON] = {
            "protocolVersion": asked or self.revision,
            "capabilities": offered or {},
            "clientInfo": {"name": "tape", "version": "1"},
        }
        answer: dict[str, JSON] = {
            "protocolVersion": version or self.revision,
            "capabilities": {"tools": {}} if capabilities is None else capabilities,
            "serverInfo": SERVER,
        }
        headers = {} if session_id is None else {"Mcp-Session-Id": session_id}
        number = self.post(request(1, "initialize", params), answer=result(1, answer), response_headers=headers)
        self.session_id = session_id
        return number

    def post(
        self,
        body: JSON | bytes,
        *,
        answer: JSON | bytes | None = None,
        events: Sequence[str | bytes] | None = None,
        **options: Any,
    ) -> int:
        """A POST, answered with a JSON body, with events, or with nothing (202)."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.exchange("POST", raw, answer=answer, events=events, **options)

    def ask(
        self,
        method: str,
        params: dict[str, JSON] | None = None,
        *,
        id: JSON = 1,
        meta: dict[str, JSON] | None = None,
        headers: dict[str, str | None] | None = None,
        **options: Any,
    ) -> int:
        """A request of the modern era with all that belongs to it; None leaves a header or a field of `_meta` out."""
        whole: dict[str, JSON] = {VERSION: self.revision, CAPABILITIES: {}}
        kept: dict[str, JSON] = {key: value for key, value in (whole | (meta or {})).items() if value is not None}
        body = request(id, method, (params or {}) | {"_meta": kept})
        name = mirrored_name(body)
        mirrored: dict[str, str | None] = {"MCP-Protocol-Version": self.revision, "Mcp-Method": method}
        mirrored |= {} if name is None else {"Mcp-Name": header_value(name)}
        wanted = {key: value for key, value in (mirrored | (headers or {})).items() if value is not None}
        return self.post(body, headers=wanted, **options)

    def discover(self, **members: JSON) -> int:
        """A right `server/discover`; `members` change its result."""
        return self.ask("server/discover", id="discover", answer=complete("discover", discovered(**members)))

    def get(self, *, events: Sequence[str | bytes] | None = None, after: str | None = None, **options: Any) -> int:
        headers = {} if after is None else {"Last-Event-ID": after}
        return self.exchange("GET", b"", events=events, headers=headers, **options)

    def exchange(
        self,
        method: str,
        body: bytes = b"",
        *,
        answer: JSON | bytes | None = None,
        events: Sequence[str | bytes] | None = None,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        response_headers: dict[str, str] | None = None,
        media_type: str | None = None,
        ending: Ending = "complete",
        wait: float = 0.0,
        intent: str | None = None,
        token: str | None = None,
        url: str = URL,
    ) -> int:
        """One whole exchange; `wait` is how long the answer stays open after its last byte, in seconds."""
        sent = {"Mcp-Session-Id": self.session_id} if self.session_id else {}
        number = self.begin(method, body, headers=sent | (headers or {}), intent=intent, token=token, url=url)
        usual = "text/event-stream" if events is not None else "application/json" if answer is not None else None
        kind = media_type or usual
        given = ({"Content-Type": kind} if kind else {}) | (response_headers or {})
        self.head(number, status or (200 if kind else 202), given)
        if answer is not None:
            self.chunk(number, answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        for event in events or ():
            self.chunk(number, event if isinstance(event, bytes) else event.encode())
        self.now += wait
        self.end(number, ending)
        return number

    def begin(
        self,
        method: str,
        body: bytes = b"",
        *,
        headers: dict[str, str] | None = None,
        intent: str | None = None,
        token: str | None = None,
        url: str = URL,
    ) -> int:
        """Only the request; `head`, `chunk` and `end` follow, so that exchanges can overlap."""
        self.now += 0.1
        pairs = tuple((({"Authorization": f"Bearer {token}"} if token else {}) | (headers or {})).items())
        return self.recorder.request(self.client, method, url, pairs, body, story="tape", intent=intent, token=token)

    def head(self, number: int, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.now += 0.1
        self.recorder.head(number, status, tuple((headers or {}).items()))

    def chunk(self, number: int, data: bytes | str) -> None:
        self.now += 0.1
        self.recorder.chunk(number, data.encode() if isinstance(data, str) else data)

    def end(self, number: int, ending: Ending = "complete") -> None:
        self.now += 0.1
        if ending == "complete":
            self.recorder.end(number)
        elif ending != "open":
            self.recorder.lost(number, "", ending)

    @property
    def trace(self) -> Trace:
        return self.recorder.trace()

    def judge(self, key: str) -> Judgement:
        (judgement,) = judge(self.trace, self.revision, [key])
        return judgement

    def verdict(self, key: str) -> Verdict:
        judgement = self.judge(key)
        assert judgement.verdict is not Verdict.ERROR, judgement.why
        return judgement.verdict

    def outcomes(self, key: str) -> list[str]:
        """What the check said, occasion by occasion."""
        return [finding.outcome for finding in self.judge(key).findings]
