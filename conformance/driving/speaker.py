"""What one client says to the server: right by default, and wrong exactly where a story says so.

Common to both eras: asking, calling a tool, one HTTP request for each message. How a conversation begins, and what
goes with every request, is the era's own: `client.ClientSession` and `modern.ModernSpeaker`.
"""

import contextlib
import itertools
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Protocol, TypeAlias

import httpx

from conformance.driving import verbatim
from conformance.driving.connection import Connection, Wire, pairs
from conformance.driving.profile import Fixture
from conformance.driving.unmet import Unmet
from conformance.evidence import jsonrpc
from conformance.evidence.trace import JSON, Exchange, Message

Changes: TypeAlias = Mapping[str, str | None]

BOTH = "application/json, text/event-stream"
_PAGES = 20  # of one list that are read; a server may go on for ever
CLIENT_INFO: dict[str, JSON] = {"name": "mcp-http-conformance", "version": "0.1.0"}


class Owner(Protocol):
    """The story that a speaker belongs to."""

    wire: Wire
    story: str

    def spawn(self, connection: Connection, request: httpx.Request) -> None: ...


class Speaker(ABC):
    """One client's side of a conversation."""

    def __init__(self, client: Owner, label: str) -> None:
        self.label = label
        self._client = client
        self._wire = client.wire
        self._ids = itertools.count(1)

    @property
    @abstractmethod
    def capabilities(self) -> dict[str, JSON]:
        """What the server said it can do."""

    @property
    @abstractmethod
    def plainest(self) -> str:
        """The method that every server answers, whatever it offers, and that takes no params."""

    @abstractmethod
    def _own_headers(self) -> dict[str, str | None]:
        """The headers that go with every request."""

    @abstractmethod
    def _on_question(self, question: Message) -> None:
        """The server sent a request of its own."""

    @abstractmethod
    async def complete(self, connection: Connection) -> Message:
        """Wait for the response and the end of the answer. Raises Unmet if there is no response."""

    def asking(self, method: str, params: dict[str, JSON] | None = None, *, id: JSON = None) -> dict[str, JSON]:
        """A request with an id that this client has not used."""
        number: JSON = next(self._ids) if id is None else id
        return {"jsonrpc": "2.0", "id": number, "method": method} | ({} if params is None else {"params": params})

    def telling(self, method: str, params: dict[str, JSON] | None = None) -> dict[str, JSON]:
        """A notification."""
        return {"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params})

    def calling(self, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> dict[str, JSON]:
        """A tools/call of a fixture, with a progress token if one is given."""
        params: dict[str, JSON] = {"name": fixture.tool, "arguments": dict(fixture.arguments)}
        if token is not None:
            params["_meta"] = {"progressToken": token}
        return self.asking("tools/call", params, id=id)

    def post(
        self,
        body: JSON | bytes,
        *,
        url: str | None = None,
        headers: Changes | None = None,
        intent: str | None = None,
    ) -> Connection:
        """POST a message, or exactly these bytes, and go on at once."""
        raw = body if isinstance(body, bytes) else jsonrpc.dump(body)
        usual = {"Accept": BOTH, "Content-Type": "application/json"}
        return self.send("POST", raw, url=url, headers=usual | dict(headers or {}), intent=intent)

    def send(
        self,
        method: str,
        body: bytes = b"",
        *,
        url: str | None = None,
        headers: Changes | None = None,
        intent: str | None = None,
    ) -> Connection:
        """Send any HTTP request with the client's own headers; a header given as None is left out."""
        wanted = self._own_headers() | dict(headers or {})
        sent = {name.encode(): _bytes(value) for name, value in wanted.items() if value is not None}
        request = self._wire.http.build_request(
            method, url or self._wire.url, headers=sent, content=body, extensions=verbatim.extensions(sent)
        )
        number = self._wire.recorder.request(
            self.label,
            method,
            str(request.url),
            pairs(request.headers),
            body,
            story=self._client.story,
            intent=intent or self._wire.intent,
            token=self._wire.token_in(wanted.get("Authorization")),
        )
        connection = Connection(self._wire, number, self._on_question)
        self._client.spawn(connection, request)
        return connection

    async def request(
        self,
        method: str,
        params: dict[str, JSON] | None = None,
        *,
        id: JSON = None,
        headers: Changes | None = None,
        intent: str | None = None,
    ) -> Message:
        """Ask, and wait for the response and the end of the answer. Raises Unmet if there is no response."""
        return await self.complete(self.post(self.asking(method, params, id=id), headers=headers, intent=intent))

    async def pages(self, method: str) -> list[Message]:
        """The pages of a list, as many as there are, up to a limit; the last may be an error. Raises Unmet.

        A cursor that was followed already is not followed again.
        """
        found: list[Message] = []
        cursors: list[JSON] = [None]
        for _ in range(_PAGES):
            cursor = cursors[-1]
            found.append(await self.request(method, None if cursor is None else {"cursor": cursor}))
            following = found[-1].result.get("nextCursor")
            if not isinstance(following, str) or following in cursors:
                break
            cursors.append(following)
        return found

    async def call(self, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> Message:
        """Call a tool and wait for its result."""
        return await self.complete(self.post(self.calling(fixture, token=token, id=id)))

    def stream(self, body: JSON) -> contextlib.AbstractAsyncContextManager[Connection]:
        """POST a request and follow its stream; leaving the block drops the connection.

        Entering it raises Unmet if the answer is no event stream.
        """
        return followed(self.post(body))

    async def notify(
        self, method: str, params: dict[str, JSON] | None = None, *, intent: str | None = None
    ) -> Exchange:
        """Send a notification and wait for the answer's end."""
        connection = self.post(self.telling(method, params), intent=intent)
        await connection.head()
        return await connection.settle()


def _bytes(value: str) -> bytes:
    """A header's value as it goes out: what came from the server goes back in the same bytes."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


@contextlib.asynccontextmanager
async def followed(connection: Connection) -> AsyncIterator[Connection]:
    """A stream for as long as the block lasts. Raises Unmet if the answer is no event stream.

    When the block is left the connection is really closed: who comes back at once is no second listener.
    """
    try:
        exchange = await connection.head()
        if not (exchange.ok and exchange.is_stream):
            kind = exchange.media_type or "no media type"
            raise Unmet(f"{exchange.method} was answered with {exchange.status} and {kind}, not with an event stream")
        yield connection
    finally:
        connection.close()
        await connection.gone()
