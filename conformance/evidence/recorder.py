"""The one mutable thing: five calls write an exchange down, and `trace` takes the evidence as it stands.

    number = recorder.request(...)      a request goes out
    recorder.head(number, ...)          status and headers of the answer are here
    recorder.chunk(number, data)        some bytes of its body; returns the messages that they complete
    recorder.end(number)                the answer is whole
    recorder.lost(number, why)          or it is not, and why

The same five calls serve whoever drives a server and whoever watches live traffic. Nothing is interpreted
beyond parsing, and all that is kept is bounded: what was left out is marked as cut off.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from conformance.evidence import jsonrpc
from conformance.evidence.sse import EventReader
from conformance.evidence.trace import Ending, Event, Exchange, Headers, Malformed, Message, Place, Trace


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept, so that an endless server cannot fill the memory: bytes and events, of one and of all.

    A run of all stories against an ordinary server records a third of a megabyte and some hundred events. Where
    floods have taken all that there is, what is `small` is still kept, up to `reserve` times as much: a flood in one
    place is no reason not to see the others.
    """

    exchange: int = 2 * 1024 * 1024
    events: int = 5_000
    trace: int = 8 * 1024 * 1024
    trace_events: int = 10_000
    small: int = 16 * 1024
    small_events: int = 50
    reserve: int = 2


@dataclass(slots=True)
class _Open:
    """An exchange in the making: the frozen part, and what still grows."""

    facts: Exchange
    reader: EventReader | None = None
    body: bytearray = field(default_factory=bytearray)
    events: list[Event] = field(default_factory=list)
    received: list[Message | Malformed] = field(default_factory=list)
    size: int = 0

    def exchange(self) -> Exchange:
        return replace(
            self.facts,
            body=bytes(self.body),
            events=tuple(self.events),
            tail=self.reader.tail if self.reader else b"",
            messages=self.facts.messages + tuple(self.received),
        )


class Recorder:
    """Writes exchanges down. Times are seconds since it was made, by a clock that never goes back."""

    def __init__(
        self,
        *,
        revision: str | None = None,
        target: str = "",
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._began = clock()
        self._revision = revision
        self._target = target
        self._open: dict[int, _Open] = {}
        self._done: dict[int, Exchange] = {}
        self._count = 0
        self._size = 0
        self._event_count = 0

    def request(
        self,
        client: str,
        method: str,
        url: str,
        headers: Headers,
        body: bytes,
        *,
        story: str | None = None,
        intent: str | None = None,
        token: str | None = None,
    ) -> int:
        """A request goes out. Returns the number by which the other calls name its exchange."""
        number = self._count
        self._count += 1
        asked = Exchange(
            number=number,
            client=client,
            method=method,
            url=url,
            request_headers=headers,
            request_body=body,
            started=self._now(),
            story=story,
            intent=intent,
            token=token,
        )
        self._open[number] = _Open(replace(asked, messages=messages_sent(asked)))
        return number

    def head(self, number: int, status: int, headers: Headers) -> None:
        """Status and headers of the answer have come."""
        record = self._open.get(number)
        if record is None:
            return
        record.facts = replace(record.facts, head_at=self._now(), status=status, response_headers=headers)
        if record.facts.is_stream:
            record.reader = EventReader()

    def chunk(self, number: int, data: bytes) -> list[Message | Malformed]:
        """Bytes of the body have come. Returns the messages that they complete, which may be none."""
        record = self._open.get(number)
        if record is None:
            return []
        if self._is_full(self._limits.reserve):
            self._close(number, "cut off", "a limit of the recorder was reached")
            return []
        data = data[: self._room(record) + 1]  # what is one too many ends it
        record.size += len(data)
        self._size += len(data)
        if record.reader is None:
            record.body += data
            new: list[Message | Malformed] = []
        else:
            new = self._events(number, record, record.reader.feed(data, self._now()))
        if self._is_too_much(record):
            self._close(number, "cut off", "a limit of the recorder was reached")
        return new

    def end(self, number: int) -> list[Message | Malformed]:
        """The answer is whole. Returns the messages of a body that was no event stream."""
        record = self._open.get(number)
        if record is None:
            return []
        now = self._now()
        facts = replace(record.facts, body=bytes(record.body), ended=now)
        new = [] if record.reader else messages_of_body(facts)
        record.received += new
        self._close(number, "complete", now=now)
        return new

    def lost(self, number: int, why: str, ending: Ending = "lost") -> None:
        """The answer will not be whole; `ending` says by whose doing, `why` says it in words."""
        self._close(number, ending, why)

    def is_open(self, number: int) -> bool:
        return number in self._open

    def exchange(self, number: int) -> Exchange:
        """An exchange as it stands now."""
        record = self._open.get(number)
        return record.exchange() if record else self._done[number]

    def events(self, number: int) -> tuple[Event, ...]:
        """The events of an exchange until now."""
        record = self._open.get(number)
        return tuple(record.events) if record else self._done[number].events

    def forget(self, number: int) -> None:
        """Drop an exchange that is over, so that whoever watches for days does not fill the memory."""
        if (done := self._done.pop(number, None)) is not None:
            self._size -= len(done.body) + sum(len(event.raw) for event in done.events)
            self._event_count -= len(done.events)

    def shorten(self, number: int, first: int, last: int) -> int:
        """Keep the first and the last events of an answer under way. Returns how many were dropped between them."""
        record = self._open.get(number)
        dropped = record.events[first : len(record.events) - last] if record else []
        if record is None or not dropped:
            return 0
        record.events = record.events[:first] + record.events[len(record.events) - last :]
        record.received = list(_moved(record.received, first, len(dropped)))
        size = sum(len(event.raw) for event in dropped)
        record.size -= size
        self._size -= size
        self._event_count -= len(dropped)
        return len(dropped)

    def trace(self) -> Trace:
        """Everything as it stands now, but for what was forgotten."""
        return Trace(
            exchanges=tuple(self.exchange(number) for number in sorted({*self._done, *self._open})),
            revision=self._revision,
            target=self._target,
        )

    def _events(self, number: int, record: _Open, events: list[Event]) -> list[Message | Malformed]:
        new: list[Message | Malformed] = []
        for event in events:
            new += messages_of_event(event, Place(number, len(record.events)))
            record.events.append(event)
            self._event_count += 1
            if self._is_too_much(record):
                break
        record.received += new
        return new

    def _room(self, record: _Open) -> int:
        """How many bytes of an answer may still be kept."""
        most = self._limits.small if self._is_full(1) else self._limits.exchange
        return max(most - record.size, 0)

    def _is_too_much(self, record: _Open) -> bool:
        limits = self._limits
        if record.size > limits.exchange or len(record.events) > limits.events:
            return True
        is_small = record.size <= limits.small and len(record.events) <= limits.small_events
        return self._is_full(limits.reserve if is_small else 1)

    def _is_full(self, times: int) -> bool:
        limits = self._limits
        return self._size > times * limits.trace or self._event_count > times * limits.trace_events

    def _close(self, number: int, ending: Ending, why: str = "", now: float | None = None) -> None:
        record = self._open.pop(number, None)
        if record is not None:
            ended = self._now() if now is None else now
            record.facts = replace(record.facts, ended=ended, ending=ending, trouble=why)
            self._done[number] = record.exchange()

    def _now(self) -> float:
        return self._clock() - self._began


def _moved(messages: Iterable[Message | Malformed], first: int, dropped: int) -> Iterator[Message | Malformed]:
    """The messages whose events are left, at the places where these stand now."""
    for message in messages:
        event = message.place.event
        if event is None or event < first:
            yield message
        elif event >= first + dropped:
            yield replace(message, place=replace(message.place, event=event - dropped))


def messages_sent(exchange: Exchange) -> tuple[Message | Malformed, ...]:
    """What the client put into the body of its request."""
    if not exchange.request_body:
        return ()
    return jsonrpc.read(exchange.request_body, "client", exchange.started, exchange.place)


def messages_of_event(event: Event, place: Place) -> tuple[Message | Malformed, ...]:
    """What an event of the server's says: one message, several in a batch, or none."""
    if event.data is None or not event.carries_message:
        return ()
    return jsonrpc.read(event.data.encode("utf-8", "surrogatepass"), "server", event.at, place)


def messages_of_body(exchange: Exchange) -> list[Message | Malformed]:
    """What a whole body says that is no event stream.

    Only where JSON answers a request, all of it has to be JSON-RPC. A refusal may carry anything (2025-11-25,
    basic/transports, "Sending Messages to the Server", 4), an OAuth error for one, and so may the answer to a
    DELETE: there only what calls itself JSON-RPC counts as a message. Of an event stream that is not called one the
    responses count, because nobody knows when the rest came.
    """
    if not exchange.body or exchange.ended is None:
        return []
    messages = jsonrpc.read(exchange.body, "server", exchange.ended, exchange.place)
    asked = any(isinstance(m, Message) and m.kind == "request" for m in exchange.messages)
    if asked and exchange.ok and exchange.media_type == "application/json":
        return list(messages)
    blocks = EventReader().feed(exchange.body, exchange.ended)
    streamed = [message for event in blocks for message in messages_of_event(event, exchange.place)]
    said = [*messages, *(m for m in streamed if isinstance(m, Message) and m.is_response)]
    return [m for m in said if isinstance(m, Message) and "jsonrpc" in m.body]


def read_again(bare: Exchange, events: Iterable[tuple[float, bytes]], tail: bytes) -> Exchange:
    """An exchange with all that follows from its bytes: events from times and raw bytes, and messages."""
    asked = replace(bare, messages=messages_sent(bare))
    if not asked.is_stream:
        received = messages_of_body(asked) if asked.ending == "complete" else []
        return replace(asked, messages=asked.messages + tuple(received))
    reader = EventReader()
    whole = [event for at, raw in events for event in reader.feed(raw, at)]
    reader.feed(tail, 0.0)
    said = [m for n, event in enumerate(whole) for m in messages_of_event(event, Place(asked.number, n))]
    return replace(asked, events=tuple(whole), tail=reader.tail, messages=asked.messages + tuple(said))
