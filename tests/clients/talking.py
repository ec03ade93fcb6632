"""What right clients of both eras share: one POST a message, answers read to their end, ids and tokens of their own.

Each decision that can be got wrong is one short method, whose docstring is the rule.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

import httpx

from conformance.evidence.trace import JSON
from reference_server.options import Options
from reference_server.server import ReferenceServer

Body: TypeAlias = dict[str, JSON]
Headers: TypeAlias = dict[str, str]
TOKEN = "a-token-of-the-tests"
OPTIONS = Options(bearer=TOKEN, page_size=10)
INFO: Body = {"name": "right-client", "version": "1"}
PLACE: Body = {"com.example/place": "here"}  # metadata of somebody's own
_TIMEOUT = 20.0


@dataclass(slots=True)
class Answer:
    """What came back on one HTTP request."""

    status: int
    headers: httpx.Headers
    messages: list[Body] = field(default_factory=list)
    last_id: str | None = None
    retry: int = 0

    def to(self, id: JSON) -> Body:
        """The response to a request, empty if there is none."""
        return next((m for m in self.messages if "method" not in m and m.get("id") == id), {})

    def note(self, event: dict[str, str]) -> Body | None:
        """Keep what an event says. Returns its message, if it has one."""
        self.last_id = event.get("id", self.last_id)
        self.retry = int(event.get("retry", self.retry))
        if not event.get("data"):
            return None
        message: Body = json.loads(event["data"])
        self.messages.append(message)
        return message


class Talker(ABC):
    """One client's side of a conversation with the reference server, from its beginning to its end."""

    server: ClassVar[type[ReferenceServer]] = ReferenceServer
    options: ClassVar[Options] = OPTIONS

    def __init__(self, http: httpx.AsyncClient, url: str, revision: str) -> None:
        self.http = http
        self.url = url
        self.revision = revision
        self.tools: dict[str, Body] = {}
        self._ids = 0
        self._tokens = 0

    @abstractmethod
    async def live(self) -> None:
        """All that this client does."""

    @abstractmethod
    def headers_for(self, method: str, body: JSON = None) -> Headers:
        """The headers of an HTTP request."""

    @abstractmethod
    async def heard(self, message: Body) -> None:
        """A message of the server's came, response or not."""

    # Decisions

    def address(self) -> str:
        """Tokens are never in the address."""
        return self.url

    def authorization(self, method: str) -> Headers:
        """The token goes with every request, as a bearer token."""
        return {"Authorization": f"Bearer {TOKEN}"}

    def accept(self, method: str) -> str:
        """POST accepts JSON and streams, GET streams."""
        return "text/event-stream" if method == "GET" else "application/json, text/event-stream"

    def sending(self, body: JSON) -> str:
        """Messages travel by POST."""
        return "POST"

    def encode(self, body: JSON) -> bytes:
        """Messages are JSON in UTF-8, each alone in its body."""
        return json.dumps(body, ensure_ascii=False).encode()

    def new_id(self, method: str) -> JSON:
        """A request id is a string or an integer, and used once."""
        self._ids += 1
        return self._ids

    def new_token(self) -> JSON:
        """A progress token is a string or an integer that no running request has."""
        self._tokens += 1
        return f"token-{self._tokens}"

    def request(self, method: str, params: Body | None = None) -> Body:
        """A request has an id."""
        return {"jsonrpc": "2.0", "id": self.new_id(method), "method": method, "params": params or {}}

    def notification(self, method: str, params: Body | None = None) -> Body:
        """A notification has none."""
        return {"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params})

    def next_page(self, method: str, cursor: JSON) -> JSON:
        """A cursor goes back as it was given."""
        return cursor

    # The way of talking

    async def post(self, body: JSON, until: Callable[[Answer], bool] | None = None) -> Answer:
        """Send a message and read the answer to its end, or as far as wanted; then the connection is dropped."""
        method = self.sending(body)
        return await self.exchange(method, self.headers_for(method, body), self.encode(body), until)

    async def exchange(
        self, method: str, headers: Headers, content: bytes = b"", until: Callable[[Answer], bool] | None = None
    ) -> Answer:
        """One HTTP request with its answer."""
        async with self.http.stream(
            method, self.address(), headers=headers, content=content, timeout=_TIMEOUT
        ) as response:
            answer = Answer(response.status_code, response.headers)
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                answer.messages = _messages(await response.aread())
                return answer
            async for event in _events(response):
                message = answer.note(event)
                if message is not None:
                    await self.heard(message)
                if until is not None and until(answer):
                    break
        return answer

    async def ask(self, method: str, params: Body | None = None) -> Body:
        """Make a request. Returns its result, empty if there is none."""
        body = self.request(method, params)
        return as_object((await self.post(body)).to(body["id"]).get("result"))

    async def call(self, tool: str, arguments: Body | None = None, more: Mapping[str, JSON] | None = None) -> Body:
        """Call a tool, with `more` params than its name and arguments."""
        return await self.ask("tools/call", {"name": tool, "arguments": arguments or {}, **(more or {})})

    async def tell(self, method: str, params: Body | None = None) -> None:
        """Send a notification."""
        await self.post(self.notification(method, params))

    async def list_all(self, method: str, member: str) -> list[Body]:
        """All pages of a list."""
        found: list[Body] = []
        cursor: JSON = None
        while True:
            page = await self.ask(method, {} if cursor is None else {"cursor": self.next_page(method, cursor)})
            entries = page.get(member)
            found += [as_object(entry) for entry in entries] if isinstance(entries, list) else []
            cursor = page.get("nextCursor")
            if cursor is None:
                return found

    async def list_tools(self) -> None:
        """Learn what the server's tools are."""
        self.tools = {str(tool.get("name")): tool for tool in await self.list_all("tools/list", "tools")}

    def with_token(self) -> Body:
        """Metadata that asks for progress."""
        return {"progressToken": self.new_token()} | PLACE


def as_object(value: JSON) -> Body:
    return value if isinstance(value, dict) else {}


def _messages(body: bytes) -> list[Body]:
    try:
        value = json.loads(body or b"null")
    except ValueError:
        return []
    return [as_object(entry) for entry in (value if isinstance(value, list) else [value])]


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """The fields of each event; the reference server has one line of data in each."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if not line:
            yield fields
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
