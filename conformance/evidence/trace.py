"""Facts: what went over the wire, in the order and the letters in which it went.

Everything here is frozen. Nothing is judged and nothing is repaired: a header is a list of pairs as sent, an
event keeps its bytes, and a message that is not JSON-RPC is a `Malformed` with the same bytes. What can be
derived (sessions, streams, calls) is derived in `views`. This module imports nothing of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import filterfalse
from typing import Literal, TypeAlias

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
Headers: TypeAlias = tuple[tuple[str, str], ...]
Party: TypeAlias = Literal["client", "server"]
Kind: TypeAlias = Literal["request", "notification", "result", "error"]

Ending: TypeAlias = Literal[
    "open",  # not ended when the trace was taken
    "complete",  # the answer ended as HTTP says it should
    "hung up",  # our own side closed the connection
    "lost",  # the other side broke the connection off
    "cut off",  # we stopped recording: a limit of the recorder was reached
    "timed out",  # nothing came for as long as we were ready to wait
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a trace something stands: an exchange, and in it an event and an entry of a batch."""

    exchange: int
    event: int | None = None
    entry: int | None = None

    def __str__(self) -> str:
        parts = [f"exchange {self.exchange}"]
        if self.event is not None:
            parts.append(f"event {self.event}")
        if self.entry is not None:
            parts.append(f"entry {self.entry}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Message:
    """One JSON-RPC message as it stood on the wire. `at` is in seconds since the trace began."""

    sender: Party
    at: float
    place: Place
    kind: Kind
    body: dict[str, JSON]

    @property
    def id(self) -> JSON:
        """The `id` member, None when it is absent (see `has_id`)."""
        return self.body.get("id")

    @property
    def has_id(self) -> bool:
        return "id" in self.body

    @property
    def method(self) -> str:
        """The `method` of a request or notification, an empty string for a response."""
        method = self.body.get("method")
        return method if isinstance(method, str) else ""

    @property
    def params(self) -> dict[str, JSON]:
        return _object(self.body.get("params"))

    @property
    def result(self) -> dict[str, JSON]:
        return _object(self.body.get("result"))

    @property
    def error(self) -> dict[str, JSON]:
        return _object(self.body.get("error"))

    @property
    def is_response(self) -> bool:
        return self.kind in ("result", "error")


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that stood where a JSON-RPC message belongs, and why they are none."""

    sender: Party
    at: float
    place: Place
    raw: bytes
    why: str


@dataclass(frozen=True, slots=True)
class Event:
    """One block of an event stream, as far as the blank line that ends it.

    `data`, `id`, `name` and `retry` follow the interpretation of the WHATWG HTML standard, section 9.2.6:
    None means that the block has no such field, or none that counts. `data == ""` with an id is the event that
    primes a client for resumption. A block of comments alone is an event too: it is what keep-alives are.
    """

    at: float
    raw: bytes
    data: str | None = None
    id: str | None = None
    name: str | None = None
    retry: int | None = None
    comments: tuple[str, ...] = ()

    @property
    def carries_message(self) -> bool:
        """Whether a client has a message to parse here: the standard drops events without data.

        An `endpoint` event carries an address: it is how the transport of 2024-11-05 begins.
        """
        return bool(self.data) and self.name != "endpoint"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and all that came back on it, until now.

    `client` says who sent it, `story` which scenario was being told, `intent` what was wrong with it on purpose,
    `token` which of the user's tokens went with it, or what was made of one; None if it was none of those.
    Times are in seconds since the trace began; None means that it has not happened.
    """

    number: int
    client: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    started: float
    story: str | None = None
    intent: str | None = None
    token: str | None = None
    head_at: float | None = None
    status: int | None = None
    response_headers: Headers = ()
    body: bytes = b""
    events: tuple[Event, ...] = ()
    tail: bytes = b""
    ended: float | None = None
    ending: Ending = "open"
    trouble: str = ""
    messages: tuple[Message | Malformed, ...] = ()

    def request_header(self, name: str) -> str | None:
        return _header(self.request_headers, name)

    def response_header(self, name: str) -> str | None:
        return _header(self.response_headers, name)

    @property
    def last_event_id(self) -> str | None:
        """The event id from which a GET resumes a stream; it travels as UTF-8 (WHATWG HTML, 9.2.4)."""
        value = self.request_header("last-event-id") if self.method == "GET" else None
        return value.encode("latin-1", "replace").decode("utf-8", "replace") if value else None

    @property
    def media_type(self) -> str:
        """The media type of the answer in lower case and without parameters (RFC 9110, 8.3.1)."""
        return (self.response_header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_stream(self) -> bool:
        return self.media_type == "text/event-stream"

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        return self.status is not None and self.status >= 400

    @property
    def sent(self) -> tuple[Message | Malformed, ...]:
        """What the client put into the request's body."""
        return tuple(m for m in self.messages if m.sender == "client")

    @property
    def received(self) -> tuple[Message | Malformed, ...]:
        """What the server put into the answer, in the order in which it came."""
        return tuple(m for m in self.messages if m.sender == "server")

    @property
    def asks_for_authorization(self) -> bool:
        """Whether this asks for a token (RFC 6749, 3.2) or registers a client (RFC 7591, 3.1): no part of MCP."""
        form = (self.request_header("content-type") or "").startswith("application/x-www-form-urlencoded")
        strange = bool(self.sent) and not any(isinstance(m, Message) for m in self.sent)
        return strange and (form or b'"redirect_uris"' in self.request_body)

    @property
    def place(self) -> Place:
        return Place(self.number)


@dataclass(frozen=True, slots=True)
class Trace:
    """All exchanges of one recording, in the order in which they began.

    `revision` is the one the stories were told in; None for live traffic, where each session says its own.
    """

    exchanges: tuple[Exchange, ...] = ()
    revision: str | None = None
    target: str = ""
    suite: str = ""
    notes: tuple[str, ...] = field(default=())

    def messages(self) -> Iterator[Message | Malformed]:
        for exchange in self.exchanges:
            yield from exchange.messages

    def documents(self) -> Iterator[Exchange]:
        """What clients looked up beside the endpoint, such as where tokens are to be had."""
        return filter(self._is_document, self.exchanges)

    def spoken(self) -> Iterator[Exchange]:
        """The exchanges of the transport itself: all but the documents, and what was posted to be authorized.

        Clients whose traffic is watched may knock at wrong addresses too: where nothing ever succeeded, and which are
        not the target's, nothing is owed to them.
        """
        knocked = self._knocked_in_vain()
        return filterfalse(
            lambda x: self._is_document(x) or x.asks_for_authorization or _path(x.url) in knocked, self.exchanges
        )

    def _knocked_in_vain(self) -> set[str]:
        """Paths of live traffic that are not the target's and led nowhere."""
        if self.revision is not None or _path(self.target) == "/":
            return set()
        served = {_path(x.url) for x in self.exchanges if x.ok} | {_path(self.target)}
        return {_path(x.url) for x in self.exchanges} - served

    def _is_document(self, exchange: Exchange) -> bool:
        """A GET of something else than the endpoint, and of no event stream."""
        if exchange.method != "GET" or "text/event-stream" in (exchange.request_header("accept") or ""):
            return False
        path = _path(exchange.url)
        return path != _path(self.target) if self.target else path.startswith("/.well-known/")


def _header(headers: Headers, name: str) -> str | None:
    """The first value under this name, optional white space around it taken off (RFC 9110, 5.5)."""
    wanted = name.lower()
    return next((value.strip(" \t") for key, value in headers if key.lower() == wanted), None)


def _path(url: str) -> str:
    """The path of an address; without one it is the root."""
    return "/" + url.partition("://")[2].partition("?")[0].partition("/")[2]


def _object(value: JSON) -> dict[str, JSON]:
    return value if isinstance(value, dict) else {}
