"""One HTTP request and its answer: read by a task of its own, written down as it comes.

A story waits for what it needs (a head, a message, so many events, the end); every wait is bounded by the target's
timeout and ends in `Unmet` with a sentence.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import anyio
import httpx

from conformance.driving.patience import at_most
from conformance.driving.profile import Profile
from conformance.driving.unmet import Unmet
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON, Ending, Event, Exchange, Headers, Malformed, Message
from conformance.evidence.unpacking import NotPacked, Unpacker

NOWHERE = "the answer redirects to what is no address"
_LONG = 200  # characters of a library's own words, in which a stranger's may stand


@dataclass(slots=True)
class Wire:
    """What all stories of one revision share: HTTP connections, the recorder, and what is known of the target.

    `window` is how long silence must last to count, in seconds; `timeout` how long anything may take. `tools` is the
    target's list of tools, `discovered` the DiscoverResult, empty in the session era. `tokens` are those that stories
    may show, by role. `intent` is what is wrong on purpose with everything that goes over it.
    """

    http: httpx.AsyncClient
    recorder: Recorder
    url: str
    revision: str
    headers: dict[str, str] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    timeout: float = 10.0
    window: float = 0.3
    tools: tuple[dict[str, JSON], ...] = ()
    discovered: dict[str, JSON] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    intent: str | None = None

    def token_in(self, authorization: str | None) -> str | None:
        """Which token an Authorization header shows, None if it is none of those that are known."""
        shown = (authorization or "").partition(" ")[2].strip()
        return next((role for role, token in self.tokens.items() if token == shown), None)


class Connection:
    """One HTTP request and its answer, read by a task of its own."""

    def __init__(self, wire: Wire, number: int, on_message: Callable[[Message], None]) -> None:
        self.number = number
        self._wire = wire
        self._on_message = on_message
        self._changed = anyio.Event()
        self._scope = anyio.CancelScope()
        self._closing: Ending = "hung up"
        self._gone = anyio.Event()
        self._said: list[Message] = []

    @property
    def exchange(self) -> Exchange:
        return self._wire.recorder.exchange(self.number)

    @property
    def events(self) -> tuple[Event, ...]:
        return self._wire.recorder.events(self.number)

    @property
    def messages(self) -> Sequence[Message]:
        """What the server has said on this answer until now."""
        return self._said

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

    async def settle(self, within: float | None = None) -> Exchange:
        """Wait for the end of the answer, but not longer than silence must last to count, or so many seconds."""
        with at_most(self._wire.window if within is None else within):
            await self._wait(lambda: self.ended, "the end of the answer")
        return self.exchange

    async def until(self, wanted: Callable[[Message], bool], what: str = "the message awaited") -> Message:
        """Wait for a message. Raises Unmet if the answer ends without it."""
        found = await self._first(wanted, what)
        if found is None:
            ended = "is longer than can be recorded, and came" if self.exchange.ending == "cut off" else "ended"
            raise Unmet(f"the answer to {self.exchange.method} {ended} without {what}")
        return found

    async def until_over_or(self, wanted: Callable[[Message], bool]) -> Message | None:
        """Wait for a message or for the end of the answer, whichever comes first."""
        return await self._first(wanted, "a response")

    async def until_answer(self) -> Message:
        """Wait for the response to the request that this connection carries."""
        asked = [m.id for m in self.exchange.sent if isinstance(m, Message) and m.kind == "request"]
        return await self.until(lambda m: m.is_response and (not asked or answers(m, asked)), "a response")

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

    async def gone(self) -> None:
        """Wait until the HTTP connection is really closed, which takes a moment after `close`."""
        with at_most(self._wire.timeout):
            await self._gone.wait()

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
                recorder.lost(number, why(error), "timed out")
            except (httpx.HTTPError, httpx.InvalidURL, anyio.BrokenResourceError, OSError, ValueError) as error:
                recorder.lost(number, why(error))
            except anyio.get_cancelled_exc_class():
                recorder.lost(number, "", self._closing)
                raise
        self._gone.set()
        self._tell()

    async def _read_answer(self, response: httpx.Response) -> None:
        recorder, number = self._wire.recorder, self.number
        recorder.head(number, response.status_code, pairs(response.headers))
        self._tell()
        unpacker = Unpacker(response.headers.get("content-encoding", ""))
        async for chunk in response.aiter_raw():
            for piece in unpacker.feed(chunk):
                self._hear(recorder.chunk(number, piece))
                if not recorder.is_open(number):
                    return
        self._hear(recorder.end(number))

    def _hear(self, new: list[Message | Malformed]) -> None:
        said = [message for message in new if isinstance(message, Message)]
        self._said += said
        self._tell()
        for message in said:
            if message.kind == "request":
                self._on_message(message)

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _first(self, wanted: Callable[[Message], bool], what: str) -> Message | None:
        """The first message wanted, None if the answer ends without it; each message is looked at once."""
        found: list[Message] = []
        position = 0

        def over() -> bool:
            nonlocal position
            while not found and position < len(self._said):
                found.extend(filter(wanted, [self._said[position]]))
                position += 1
            return bool(found) or self.ended

        await self._wait(over, what)
        return found[0] if found else None

    async def _wait(self, done: Callable[[], bool], what: str) -> None:
        with at_most(self._wire.timeout) as patience:
            while not done():
                await self._changed.wait()
        if patience.cancelled_caught:
            self.close("timed out")
            raise Unmet(f"waited {self._wire.timeout:g} s for {what}, in vain")


def answers(message: Message, asked: Sequence[JSON]) -> bool:
    """Whether it is the response to one of these ids, for a client that cannot tell 1 from "1".

    Many cannot, and stories go on where they do: what is wrong with the id is for a check to say.
    """
    return message.is_response and (message.id in asked or str(message.id) in [str(id) for id in asked])


def pairs(headers: httpx.Headers) -> Headers:
    """Header lines as they were sent: order, case and repetition kept."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def why(error: BaseException) -> str:
    """The cause of a failed request in words: libraries hide it under several layers."""
    causes = list(_causes(error))
    for cause in causes:
        match cause:
            case ssl.SSLCertVerificationError():
                return f"the certificate is not trusted: {cause.verify_message}"
            case ssl.SSLError() if "no application protocol" in str(cause):  # RFC 7301: it takes none that we offer
                return "the server speaks HTTP/2 and nothing older"
            case ssl.SSLError():
                return f"TLS failed: {getattr(cause, 'reason', None) or cause}"
            case NotPacked():
                return str(cause)
            case socket.gaierror() | UnicodeError():
                return "the host name is not known"
            case ConnectionRefusedError():
                return "the connection was refused"
            case ConnectionResetError():
                return "the connection was reset"
            case httpx.ConnectTimeout():
                return "no connection could be made in time"
            case httpx.InvalidURL():
                return NOWHERE
            case httpx.RemoteProtocolError():
                return _bad_http(str(cause))
    return str(error)[:_LONG] or type(error).__name__


def _bad_http(text: str) -> str:
    """What the HTTP library says of an answer that breaks off or is none."""
    if "closed connection" in text:
        return "the connection was closed in the middle of the answer"
    if "without sending" in text:
        return "the connection was closed without an HTTP answer"
    if "location header" in text:
        return NOWHERE
    if "illegal request line" in text:  # h11 says so where an answer begins with a control character
        return "the answer is no HTTP/1.1, and begins as HTTP/2 does"
    return f"the answer is not HTTP: {text[:_LONG]}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
