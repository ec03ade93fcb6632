"""The recording client: it says exactly what it is told, and writes down everything that goes over the wire.

A story gets one `Client`. Each `initialize` begins a `ClientSession`, which knows the headers that a right client
sends. Each HTTP request is a `Connection`: a task reads it to the recorder while the story goes on, and the story
waits for what it needs. All waiting is bounded by the target's timeout.
"""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import anyio
import httpx
from anyio.abc import TaskGroup

from conformance import jsonrpc
from conformance.profile import Fixture, Profile
from conformance.recorder import Recorder
from conformance.scenario import Unmet
from conformance.trace import JSON, Ending, Event, Exchange, Malformed, Message

Reply: TypeAlias = Callable[[Message], "dict[str, JSON] | None"]
Headers: TypeAlias = Mapping[str, str | None]

BOTH = "application/json, text/event-stream"
ALL_CAPABILITIES: dict[str, JSON] = {"sampling": {}, "roots": {"listChanged": True}, "elicitation": {}}
CLIENT_INFO: dict[str, JSON] = {"name": "mcp-http-conformance", "version": "0.1.0"}


@dataclass(slots=True)
class Wire:
    """What all stories of one revision share: the HTTP connection pool, the recorder, and what is known of the target.

    `window` is how long silence must last to count, in seconds; `timeout` how long anything may take.
    """

    http: httpx.AsyncClient
    recorder: Recorder
    url: str
    revision: str
    headers: dict[str, str] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    timeout: float = 10.0
    window: float = 0.3


class Connection:
    """One HTTP request and its answer, read by a task of its own."""

    def __init__(self, wire: Wire, number: int, on_message: Callable[[Message], None]) -> None:
        self.number = number
        self._wire = wire
        self._on_message = on_message
        self._changed = anyio.Event()
        self._scope = anyio.CancelScope()
        self._closing: Ending = "hung up"
        self._messages: list[Message | Malformed] = []

    @property
    def exchange(self) -> Exchange:
        return self._wire.recorder.exchange(self.number)

    @property
    def events(self) -> tuple[Event, ...]:
        return self._wire.recorder.events(self.number)

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the server has said on this answer until now."""
        return tuple(m for m in self._messages if isinstance(m, Message))

    @property
    def ended(self) -> bool:
        return not self._wire.recorder.is_open(self.number)

    async def head(self) -> Exchange:
        """Wait for status and headers. Raises Unmet if they do not come."""
        await self._wait(lambda: self.ended or self.exchange.status is not None, "an answer")
        exchange = self.exchange
        if exchange.status is None:
            raise Unmet(f"{exchange.method} got no answer: {exchange.trouble or exchange.ending}")
        return exchange

    async def finish(self) -> Exchange:
        """Wait until the answer has ended, by whatever cause, and return all of it."""
        await self._wait(lambda: self.ended, "the end of the answer")
        return self.exchange

    async def settle(self) -> Exchange:
        """Wait for the end of the answer, but not longer than silence must last to count."""
        with anyio.move_on_after(self._wire.window):
            await self._wait(lambda: self.ended, "the end of the answer")
        return self.exchange

    async def until(self, wanted: Callable[[Message], bool], what: str = "the message awaited") -> Message:
        """Wait for a message. Raises Unmet if the answer ends without it."""
        found: list[Message] = []

        def seen() -> bool:
            found.extend(m for m in self.messages if not found and wanted(m))
            return bool(found) or self.ended

        await self._wait(seen, what)
        if not found:
            raise Unmet(f"the answer to {self.exchange.method} ended without {what}")
        return found[0]

    async def until_answer(self) -> Message:
        """Wait for the response to the request that this connection carries."""
        asked = [m.id for m in self.exchange.sent if isinstance(m, Message) and m.kind == "request"]
        return await self.until(lambda m: m.is_response and (not asked or m.id in asked), "a response")

    async def until_events(self, count: int, wanted: Callable[[Event], bool] = lambda _: True) -> list[Event]:
        """Wait for so many events of a kind. Raises Unmet if the stream ends before."""

        def matching() -> list[Event]:
            return [event for event in self.events if wanted(event)]

        await self._wait(lambda: self.ended or len(matching()) >= count, f"{count} events")
        if len(matching()) < count:
            raise Unmet(f"the stream ended after {len(matching())} of {count} events")
        return matching()

    def close(self, ending: Ending = "hung up") -> None:
        """Leave: drop the HTTP connection, as a client does that goes away."""
        self._closing = ending
        self._scope.cancel()
        self._wire.recorder.lost(self.number, "", ending)

    async def read(self, request: httpx.Request) -> None:
        """The task behind the connection: send, and write down what comes until it ends."""
        recorder, number = self._wire.recorder, self.number
        with self._scope:
            try:
                response = await self._wire.http.send(request, stream=True)
                try:
                    await self._read_answer(response)
                finally:
                    with anyio.CancelScope(shield=True):
                        await response.aclose()
            except httpx.TimeoutException as error:
                recorder.lost(number, _sentence(error), "timed out")
            except (httpx.HTTPError, httpx.InvalidURL, anyio.BrokenResourceError) as error:
                recorder.lost(number, _sentence(error))
            except anyio.get_cancelled_exc_class():
                recorder.lost(number, "", self._closing)
                raise
        self._tell()

    async def _read_answer(self, response: httpx.Response) -> None:
        recorder, number = self._wire.recorder, self.number
        recorder.head(number, response.status_code, _pairs(response.headers))
        self._tell()
        async for chunk in response.aiter_bytes():
            self._hear(recorder.chunk(number, chunk))
            if not recorder.is_open(number):
                return
        self._hear(recorder.end(number))

    def _hear(self, new: list[Message | Malformed]) -> None:
        self._messages += new
        self._tell()
        for message in new:
            if isinstance(message, Message) and message.kind == "request":
                self._on_message(message)

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _wait(self, done: Callable[[], bool], what: str) -> None:
        try:
            with anyio.fail_after(self._wire.timeout):
                while not done():
                    await self._changed.wait()
        except TimeoutError:
            self.close("timed out")
            raise Unmet(f"waited {self._wire.timeout:g} s for {what}, in vain") from None


class Client:
    """One story's client. Every session that it begins is told apart from all others."""

    def __init__(self, wire: Wire, story: str, tasks: TaskGroup) -> None:
        self.wire = wire
        self.story = story
        self._tasks = tasks
        self._labels = itertools.count(1)
        self._sessions: list[ClientSession] = []

    @property
    def revision(self) -> str:
        """The revision that the story is told in."""
        return self.wire.revision

    async def initialize(
        self,
        *,
        version: str | None = None,
        capabilities: dict[str, JSON] | None = None,
        announce: bool = True,
    ) -> "ClientSession":
        """Begin a session as a right client does. Raises Unmet if the server refuses.

        Without `announce` the story sends `notifications/initialized` itself, or leaves it out.
        """
        session = self.stranger()
        await session.initialize(version=version, capabilities=capabilities)
        if announce:
            await session.notify("notifications/initialized")
        return session

    def stranger(self) -> "ClientSession":
        """A client that has not initialized, for stories about just that."""
        session = ClientSession(self, f"{self.story}#{next(self._labels)}")
        self._sessions.append(session)
        return session

    def fixture(self, role: str) -> Fixture:
        """The target's tool for a role. Raises Unmet with what its owner can do."""
        fixture = self.wire.profile.fixtures.get(role)
        if fixture is None:
            raise Unmet(self.wire.profile.missing(role))
        return fixture

    async def quiet(self) -> None:
        """Let the time pass in which a message that should not come would have come."""
        await anyio.sleep(self.wire.window)

    def spawn(self, connection: Connection, request: httpx.Request) -> None:
        self._tasks.start_soon(connection.read, request)

    def soon(self, work: Callable[[], "object"], /) -> None:
        """Do something beside the story, such as answering a question of the server's."""
        self._tasks.start_soon(work)  # type: ignore[arg-type]

    async def leave(self) -> None:
        """End the sessions that the story left open, so that nothing of ours stays on the server."""
        async with anyio.create_task_group() as tasks:
            for session in self._sessions:
                if session.id is not None and not session.ended:
                    tasks.start_soon(session.delete_quietly)


class ClientSession:
    """What one client says to the server: right by default, and wrong exactly where the story says so."""

    def __init__(self, client: Client, label: str) -> None:
        self.label = label
        self.id: str | None = None
        self.revision: str | None = None
        self.result: dict[str, JSON] = {}
        self.ended = False
        self.replies: dict[str, Reply] = {}
        self._client = client
        self._wire = client.wire
        self._ids = itertools.count(1)

    @property
    def capabilities(self) -> dict[str, JSON]:
        """What the server said it can do."""
        value = self.result.get("capabilities")
        return value if isinstance(value, dict) else {}

    async def initialize(
        self, *, version: str | None = None, capabilities: dict[str, JSON] | None = None
    ) -> Message:
        """Send `initialize` and keep what was negotiated. Raises Unmet if there is no result."""
        params: dict[str, JSON] = {
            "protocolVersion": version or self._wire.revision,
            "capabilities": capabilities_for(self._wire.revision) if capabilities is None else capabilities,
            "clientInfo": CLIENT_INFO,
        }
        connection = self.post(self.asking("initialize", params))
        answer = await connection.until_answer()
        exchange = await connection.settle()
        self.id = exchange.response_header("mcp-session-id")
        self.result = answer.result
        negotiated = answer.result.get("protocolVersion")
        self.revision = negotiated if isinstance(negotiated, str) else None
        if answer.kind != "result":
            raise Unmet(f"initialize was refused: {answer.error.get('message', answer.error)}")
        return answer

    def asking(self, method: str, params: dict[str, JSON] | None = None, *, id: JSON = None) -> dict[str, JSON]:
        """A request with an id that this session has not used."""
        number: JSON = next(self._ids) if id is None else id
        return {"jsonrpc": "2.0", "id": number, "method": method} | ({} if params is None else {"params": params})

    def calling(self, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> dict[str, JSON]:
        """A tools/call of a fixture, with a progress token if one is given."""
        params: dict[str, JSON] = {"name": fixture.tool, "arguments": dict(fixture.arguments)}
        if token is not None:
            params["_meta"] = {"progressToken": token}
        return self.asking("tools/call", params, id=id)

    def post(self, body: JSON | bytes, *, headers: Headers | None = None, intent: str | None = None) -> Connection:
        """POST a message, or exactly these bytes, and go on at once."""
        raw = body if isinstance(body, bytes) else jsonrpc.dump(body)
        usual = {"Accept": BOTH, "Content-Type": "application/json"}
        return self.send("POST", raw, headers=usual | dict(headers or {}), intent=intent)

    def send(
        self,
        method: str,
        body: bytes = b"",
        *,
        url: str | None = None,
        headers: Headers | None = None,
        intent: str | None = None,
    ) -> Connection:
        """Send any HTTP request with the session's headers; a header given as None is left out."""
        wanted = self._own_headers() | dict(headers or {})
        sent = {name: value for name, value in wanted.items() if value is not None}
        request = self._wire.http.build_request(method, url or self._wire.url, headers=sent, content=body)
        number = self._wire.recorder.request(
            self.label,
            method,
            str(request.url),
            _pairs(request.headers),
            body,
            story=self._client.story,
            intent=intent,
        )
        connection = Connection(self._wire, number, self._reply_soon)
        self._client.spawn(connection, request)
        return connection

    async def request(
        self,
        method: str,
        params: dict[str, JSON] | None = None,
        *,
        id: JSON = None,
        headers: Headers | None = None,
        intent: str | None = None,
    ) -> Message:
        """Ask, and wait for the response and the end of the answer. Raises Unmet if there is no response."""
        return await self.complete(self.post(self.asking(method, params, id=id), headers=headers, intent=intent))

    async def call(self, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> Message:
        """Call a tool and wait for its result."""
        return await self.complete(self.post(self.calling(fixture, token=token, id=id)))

    async def complete(self, connection: Connection) -> Message:
        """Wait for the response; where the server closes the connection before it, poll as 2025-11-25 has it."""
        asked = [m.id for m in connection.exchange.sent if isinstance(m, Message)]
        while True:
            await connection.head()
            await connection.wait_for(lambda m: m.is_response and m.id in asked)
            answer = next((m for m in connection.messages if m.is_response and m.id in asked), None)
            if answer is not None:
                await connection.settle()
                return answer
            connection = await self._come_back(connection)

    @asynccontextmanager
    async def stream(self, body: JSON) -> AsyncIterator[Connection]:
        """POST a request and follow its stream; leaving the block drops the connection.

        Raises Unmet if the answer is no event stream.
        """
        connection = self.post(body)
        async with self._following(connection):
            yield connection

    @asynccontextmanager
    async def listen(self, after: str | None = None) -> AsyncIterator[Connection]:
        """Open a GET stream, or resume one `after` an event id; leaving the block drops the connection.

        Raises Unmet if the server offers no such stream.
        """
        async with self._following(self.get(after)):
            yield self._last

    def get(self, after: str | None = None, *, headers: Headers | None = None) -> Connection:
        """Send the GET that opens or resumes a stream, and go on at once."""
        resume = {} if after is None else {"Last-Event-ID": after}
        self._last = self.send("GET", headers={"Accept": "text/event-stream"} | resume | dict(headers or {}))
        return self._last

    async def notify(
        self, method: str, params: dict[str, JSON] | None = None, *, intent: str | None = None
    ) -> Exchange:
        """Send a notification and wait for the answer's end."""
        message: dict[str, JSON] = {"jsonrpc": "2.0", "method": method}
        connection = self.post(message | ({} if params is None else {"params": params}), intent=intent)
        await connection.head()
        return await connection.settle()

    async def delete(self) -> Exchange:
        """Ask the server to end the session."""
        connection = self.send("DELETE")
        await connection.head()
        exchange = await connection.settle()
        self.ended = True
        return exchange

    async def delete_quietly(self) -> None:
        try:
            await self.delete()
        except Unmet:
            self.ended = True
