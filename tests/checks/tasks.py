"""Tapes about tasks: a session of 2025-11-25 in which calls become tasks and are looked at."""

import itertools
import json
from collections.abc import Sequence
from typing import Any

from conformance.evidence.trace import JSON
from tests.tape import Tape, error, message_event, request, result

RELATED = "io.modelcontextprotocol/related-task"
DECLARED: dict[str, JSON] = {"list": {}, "cancel": {}, "requests": {"tools": {"call": {}}}}
TIME = "2025-11-25T10:30:00.123Z"


def task(id: JSON = "t1", status: JSON = "working", **changes: JSON) -> dict[str, JSON]:
    """A task object; a member given as "absent" is left out."""
    usual: dict[str, JSON] = {"createdAt": TIME, "lastUpdatedAt": TIME, "ttl": 60_000}
    members = {"taskId": id, "status": status} | usual | changes
    return {name: value for name, value in members.items() if value != "absent"}


def mark(id: JSON = "t1") -> dict[str, JSON]:
    """Metadata that names a task."""
    return {"_meta": {RELATED: {"taskId": id}}}


def told(id: int, answer: JSON) -> dict[str, JSON]:
    """A response: an error if the answer is a code, else a result."""
    return (
        result(id, answer) if isinstance(answer, dict) else error(id, answer if isinstance(answer, int) else -32603)
    )


class Tasks(Tape):
    """A tape with the requests that tasks need."""

    def __init__(self, declared: dict[str, JSON] | None = DECLARED) -> None:
        super().__init__()
        self.ids = itertools.count(2)
        self.start(declared, session_id="s")

    def start(self, declared: dict[str, JSON] | None = DECLARED, *, session_id: str) -> None:
        """A session with these tasks declared."""
        tasks: dict[str, JSON] = {} if declared is None else {"tasks": declared}
        self.initialize(session_id=session_id, capabilities={"tools": {}} | tasks)

    def put(self, method: str, answer: JSON, params: dict[str, JSON] | None = None, **options: Any) -> int:
        """A request and its answer."""
        id = next(self.ids)
        return self.post(request(id, method, params), answer=told(id, answer), **options)

    def list_tools(self, **support: JSON) -> None:
        """tools/list: what each tool says about tasks."""
        tools: list[JSON] = [
            {"name": name} | ({} if value is None else {"execution": {"taskSupport": value}})
            for name, value in support.items()
        ]
        self.put("tools/list", {"tools": tools})

    def call(self, name: str, *, answer: JSON, task: JSON = None, token: JSON = None) -> None:
        """A plain call, or with `task` one that asks for a task."""
        wanted: dict[str, JSON] = {} if task is None else {"task": task}
        meta: dict[str, JSON] = {} if token is None else {"_meta": {"progressToken": token}}
        self.put("tools/call", answer, {"name": name} | wanted | meta)

    def make(
        self, id: JSON = "t1", *, name: str = "a", wishes: JSON = None, token: JSON = None, **changes: JSON
    ) -> None:
        """A call becomes a task."""
        self.call(name, answer={"task": task(id, **changes)}, task=wishes or {}, token=token)

    def look(self, id: str = "t1", status: JSON = "working", **changes: JSON) -> None:
        """tasks/get."""
        self.put("tasks/get", task(id, status, **changes), {"taskId": id})

    def fetch(self, answer: JSON, id: str = "t1") -> None:
        """tasks/result."""
        self.put("tasks/result", answer, {"taskId": id})

    def waiting(self, id: str = "t1") -> tuple[int, int]:
        """A tasks/result whose answer is a stream that is open still: the exchange, and the request's id."""
        asked = next(self.ids)
        body = json.dumps(request(asked, "tasks/result", {"taskId": id})).encode()
        exchange = self.begin("POST", body, headers={"Mcp-Session-Id": self.session_id or ""})
        self.head(exchange, 200, {"Content-Type": "text/event-stream"})
        return exchange, asked

    def say(self, exchange: int, messages: Sequence[JSON]) -> None:
        """More on a stream."""
        for message in messages:
            self.chunk(exchange, message_event(message))
