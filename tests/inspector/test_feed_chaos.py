"""Whatever comes, in whatever order: the live model does not fail, and forgets nothing that is shown."""

import json
import random

import pytest

from conformance.evidence.recording import Asked, Chunk, Deed, End, Head, Kept, Lost, Record
from conformance.evidence.trace import JSON
from inspector.hung import hung_calls
from inspector.model import sessions
from inspector.model.rows import Rows
from inspector.proxy.tap import NO_EXCHANGE
from tests.inspector.scene import JSON_TYPE, MODERN, STREAM, URL, Scene
from tests.thorough import THOROUGH

IDS: tuple[JSON, ...] = (1, "1", 1.0, None, True, [1], {"a": 1}, 2, "q")
METHODS = ("tools/call", "initialize", "subscriptions/listen", "elicitation/create")
PLACES = (b"/messages?1", b"http://[")


class Chaos:
    """Records that are possible one by one, and senseless together."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._count = 0
        self._asked: list[int] = []  # without a status yet
        self._open: list[int] = []

    def record(self, at: float) -> Record:
        """Something that happens now."""
        pick, kind = self.chance.choice, self.chance.random()
        if kind < 0.3 or not (self._asked or self._open):
            return self._ask(at)
        number = pick(self._asked + self._open)
        if number in self._asked and kind < 0.8:
            self._asked.remove(number)
            self._open.append(number)
            given = (("Mcp-Session-Id", pick("xyz")),) if kind < 0.5 else ()
            return Head(
                number, at, pick((200, 200, 200, 202, 204, 400, 404)), pick((STREAM, STREAM, JSON_TYPE)) + given
            )
        if kind < 0.75:
            return Chunk(number, at, self._event())
        if kind < 0.85:
            return pick((Deed(pick((number, NO_EXCHANGE)), at, "done"), Kept(number, at, pick(("1", "2", None)))))
        ended = End(number, at) if number in self._open else None
        self._asked, self._open = ([n for n in each if n != number] for each in (self._asked, self._open))
        return ended if ended and kind < 0.93 else Lost(number, at, pick(("lost", "hung up", "cut off")), "")

    def _ask(self, at: float) -> Asked:
        pick, number = self.chance.choice, self._count
        self._count += 1
        self._asked.append(number)
        some = ("Mcp-Session-Id", pick("xyz")), ("Last-Event-ID", pick("123")), ("MCP-Protocol-Version", "2026-07-28")
        headers = tuple(header for header in some if self.chance.random() < 0.4)
        method = pick(("POST", "POST", "GET", "DELETE"))
        said: JSON = pick((self._message(), [self._message(), self._message()]))
        body = json.dumps(said).encode() if method == "POST" else b""
        return Asked(number, at, pick("ab"), method, pick((URL, "http://h/messages?1", "http://[")), headers, body)

    def _message(self) -> JSON:
        pick = self.chance.choice
        info: JSON = {"name": pick("ab"), "version": "1"}
        meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28", f"{MODERN}clientInfo": info}
        named: JSON = {"_meta": pick(({"progressToken": pick(IDS)}, meta)), "requestId": pick(IDS)}
        kinds: list[dict[str, JSON]] = [
            {"id": pick(IDS), "method": pick(METHODS), "params": named},
            {"id": pick(IDS), "result": {"resultType": pick(("input_required", "complete"))}},
            {"id": pick(IDS), "error": {"code": -1, "message": "no"}},
            {"method": pick(("notifications/progress", "notifications/cancelled")), "params": named},
        ]
        return {"jsonrpc": "2.0", **pick(kinds)}

    def _event(self) -> bytes:
        pick = self.chance.choice
        message = b"data: " + json.dumps(self._message()).encode()
        said = pick((message, message, b"data:", b": alive", b"event: endpoint\ndata: " + pick(PLACES)))
        return pick((b"", b"id: 1\n", b"id: 2\n", b"id: 3\n", b"id\n")) + said + b"\n\n"


@pytest.mark.parametrize("seed", range(400 if THOROUGH else 40))
def test_what_is_shown_is_there(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_KEPT", 3)
    chaos = Chaos(seed)
    scene, at = Scene(Rows(chaos.chance.choice((1, 5, 30, 200)), chaos.chance.choice((500, 10**9)))), 0.0
    for turn in range(400):
        at += chaos.chance.choice((0.0, 0.01, 1.0, 20.0, -3.0))
        scene.take(chaos.record(at))
        if turn % 20 == 0:
            all_is_well(scene)


def all_is_well(scene: Scene) -> None:
    rows = scene.feed.rows
    hung_calls(scene.feed.sessions, rows, scene.feed.now)
    assert all(row.words is not None for row in rows)
    assert sorted(number for session in scene.sessions for number in session.rows) == [row.number for row in rows]
    assert all(row.session in scene.sessions for row in rows)
    for session in scene.sessions:
        assert all(call.answered_at is None for call in session.pending)
        for stream in session.streams:
            assert stream.ledger.sent == stream.ledger.delivered + stream.ledger.lost
            assert stream.session is session
