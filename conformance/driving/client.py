"""The recording client: it says exactly what it is told, and writes down everything that goes over the wire.

A story gets one `Client`. Each `initialize` begins a `ClientSession`, which sends the headers that a right client
sends and answers what the server asks; each HTTP request is a `Connection`.
"""

import contextlib
import copy
import itertools
from dataclasses import replace

import anyio
import httpx
from anyio.abc import TaskGroup

from conformance.driving import replies
from conformance.driving.connection import Connection, Wire, answers
from conformance.driving.modern import ModernSpeaker
from conformance.driving.patience import pause
from conformance.driving.profile import Fixture
from conformance.driving.speaker import CLIENT_INFO, Changes, Speaker, followed
from conformance.driving.unmet import Unmet
from conformance.evidence.era import is_modern
from conformance.evidence.trace import JSON, Exchange, Message

_ANSWERS = 50  # to questions of the server's in one session; a server may ask for ever
_RETURNS = 40  # times to come back for one response; a server that closes at once would keep us busy for ever
_LONG = 100  # characters of a stranger's address that find room in a sentence
_WRONG = {  # with what a token of such a role shows
    None: "no token",
    "garbage": "a token that nobody issued",
    "tampered": "a token that was changed",
    "expired": "an expired token",
    "elsewhere": "a token for another audience",
    "narrow": "a token that may be too small",
}
HEADER_SINCE = "2025-06-18"  # the first revision that knows the MCP-Protocol-Version header


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

    def bearing(self, role: str | None) -> "Client":
        """The same story's client with another of the user's tokens, or none. Raises Unmet if there is no such."""
        headers = {name: value for name, value in self.wire.headers.items() if name.lower() != "authorization"}
        if role is not None:
            if role not in self.wire.tokens:
                raise Unmet(f"no {role} token was given: MCP_TOKEN_{role.upper()} is the place for one")
            headers["Authorization"] = f"Bearer {self.wire.tokens[role]}"
        other = copy.copy(self)
        other.wire = replace(self.wire, headers=headers, intent=_WRONG.get(role))
        return other

    async def look_up(self, url: str) -> Exchange:
        """Fetch a JSON document of the target's own origin, with no credentials at all. Raises Unmet."""
        if origin_of(url) != origin_of(self.wire.url):
            raise Unmet(f"{url[:_LONG]} is not of the target's own origin, so nothing is sent there")
        other = copy.copy(self)
        other.wire = replace(self.wire, headers={})
        wanted = {"Accept": "application/json", "MCP-Protocol-Version": self.revision}
        connection = other.stranger().send("GET", url=url, headers=wanted)
        await connection.head()
        return await connection.settle()

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

    async def begin(self) -> Speaker:
        """Be ready to ask, as a right client of the revision is: after `initialize`, or at once.

        Raises Unmet if the server refuses.
        """
        return self.modern() if is_modern(self.revision) else await self.initialize()

    def modern(self) -> ModernSpeaker:
        """A client whose requests stand alone."""
        return ModernSpeaker(self, f"{self.story}#{next(self._labels)}")

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
        await pause(self.wire.window)

    def spawn(self, connection: Connection, request: httpx.Request) -> None:
        self._tasks.start_soon(connection.read, request)

    async def leave(self) -> None:
        """End the sessions that the story left open, so that nothing of ours stays on the server."""
        async with anyio.create_task_group() as tasks:
            for session in self._sessions:
                if session.id is not None and not session.ended:
                    tasks.start_soon(session.delete_quietly)


def origin_of(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address, None if it is none."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return None
    return (parts.scheme, parts.host, parts.port) if parts.host else None


class ClientSession(Speaker):
    """A session of the revisions that begin with `initialize`."""

    def __init__(self, client: Client, label: str) -> None:
        super().__init__(client, label)
        self.id: str | None = None
        self.revision: str | None = None
        self.result: dict[str, JSON] = {}
        self.ended = False
        self._questions = 0
        self.replies: dict[str, replies.Reply] = {}

    @property
    def capabilities(self) -> dict[str, JSON]:
        """What the server said it can do."""
        value = self.result.get("capabilities")
        return value if isinstance(value, dict) else {}

    @property
    def plainest(self) -> str:
        """Every server answers a ping."""
        return "ping"

    async def initialize(self, *, version: str | None = None, capabilities: dict[str, JSON] | None = None) -> Message:
        """Send `initialize` and keep what was negotiated. Raises Unmet if there is no result."""
        connection = self.post(self.introducing(version=version, capabilities=capabilities))
        answer = await self.first_answer(connection)
        self.agree(await connection.settle(), answer)
        if answer.kind != "result":
            raise Unmet(f"initialize was refused: {answer.error.get('message', answer.error)}")
        return answer

    def agree(self, exchange: Exchange, answer: Message | None = None) -> None:
        """Keep what was agreed, so that all that follows says it, from the answer to an `initialize` of any kind."""
        found = (m for m in exchange.received if isinstance(m, Message) and m.is_response)
        said = answer or next(found, None)
        self.id = exchange.response_header("mcp-session-id")
        self.result = said.result if said is not None else {}
        negotiated = self.result.get("protocolVersion")
        self.revision = negotiated if isinstance(negotiated, str) else None

    async def first_answer(self, connection: Connection) -> Message:
        """The answer to `initialize`. Raises Unmet if there is none."""
        return await connection.until_answer()

    def introducing(
        self, *, version: str | None = None, capabilities: dict[str, JSON] | None = None
    ) -> dict[str, JSON]:
        """The `initialize` request."""
        params: dict[str, JSON] = {
            "protocolVersion": version or self._wire.revision,
            "capabilities": replies.capabilities(self._wire.revision) if capabilities is None else capabilities,
            "clientInfo": CLIENT_INFO,
        }
        return self.asking("initialize", params)

    async def complete(self, connection: Connection) -> Message:
        """Wait for the response and the end of the answer.

        Where the server closes the connection before the response, come back for it, as 2025-11-25 has it
        (basic/transports, "Sending Messages to the Server", 6). Raises Unmet if there is no response.
        """
        asked = [m.id for m in connection.exchange.sent if isinstance(m, Message)]
        for _ in range(_RETURNS):
            await connection.head()
            answer = await connection.until_over_or(lambda m: answers(m, asked))
            if answer is not None:
                await connection.settle()
                return answer
            connection = await self.come_back(connection)
        connection.close()
        raise Unmet(f"the client came back {_RETURNS} times for the response, in vain")

    async def come_back(self, connection: Connection, *, after: str | None = None) -> Connection:
        """Reconnect for what followed the last event, or `after` an earlier one, not before `retry` has passed.

        Raises Unmet if there is nothing to resume from.
        """
        last = after or next((event.id for event in reversed(connection.events) if event.id), None)
        retry = next((event.retry for event in reversed(connection.events) if event.retry is not None), None)
        if last is None and retry is not None:  # nothing new yet: the client is to ask again for the same
            last = connection.exchange.request_header("last-event-id")
        if last is None:
            raise Unmet("the answer ended without a response, and without an event id to resume from")
        await anyio.sleep(min((retry or 0) / 1000, self._wire.timeout))
        return self.get(last)

    def listen(self, after: str | None = None) -> contextlib.AbstractAsyncContextManager[Connection]:
        """Open a GET stream, or resume one `after` an event id; leaving the block drops the connection.

        Entering it raises Unmet if the server offers no such stream.
        """
        return followed(self.get(after))

    def get(
        self, after: str | None = None, *, headers: Changes | None = None, intent: str | None = None
    ) -> Connection:
        """Send the GET that opens or resumes a stream, and go on at once. An event id goes out as UTF-8."""
        resume = {} if after is None else {"Last-Event-ID": after.encode().decode("latin-1")}
        wanted = {"Accept": "text/event-stream"} | resume | dict(headers or {})
        return self.send("GET", headers=wanted, intent=intent)

    async def delete(self) -> Exchange:
        """Ask the server to end the session."""
        connection = self.send("DELETE")
        await connection.head()
        exchange = await connection.settle()
        self.ended = True
        return exchange

    async def delete_quietly(self) -> None:
        with contextlib.suppress(Unmet):
            await self.delete()

    def _own_headers(self) -> dict[str, str | None]:
        headers: dict[str, str | None] = {**self._wire.headers}
        if self.id is not None:
            headers["Mcp-Session-Id"] = self.id
        if self.revision is not None and self.revision >= HEADER_SINCE:
            headers["MCP-Protocol-Version"] = self.revision
        return headers

    def _on_question(self, question: Message) -> None:
        """The server asks: answer on a POST of its own, beside the story, unless the story wants silence."""
        reply = self.replies.get(question.method, replies.usual)(question)
        self._questions += 1
        if reply is not None and self._questions <= _ANSWERS:
            self.post({"jsonrpc": "2.0", "id": question.id, **replies.marked(question, reply)})
