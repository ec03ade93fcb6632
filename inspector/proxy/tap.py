"""Bytes that pass by become records. Knows no proxy: whoever sees the traffic calls `Watched`, one for each exchange.

It fails open. Whatever goes wrong in here, the caller never hears of it and lets the bytes through; the exchange is
given up, a deed says so, and its ending is "cut off", so that no peer is charged with what we did not see.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeAlias

from conformance.evidence.recording import Asked, Chunk, Deed, End, Head, Kept, Lost, Record
from conformance.evidence.trace import Ending, Headers
from inspector.proxy.decoding import Decode, Unreadable, decoder

Sink: TypeAlias = Callable[[Record], None]
NO_EXCHANGE = -1  # the number of a deed that concerns no exchange, or all

_LONGEST_REQUEST = 8 * 1024 * 1024  # bytes of a request's body; a longer one would have to be cut, and look broken
_MOST_HELD = 1_000  # records of an answer that comes before its request is whole

P = ParamSpec("P")


def failing_open(call: "Callable[Concatenate[Watched, P], None]") -> "Callable[Concatenate[Watched, P], None]":
    """A call about an exchange that never raises, and does nothing once the exchange is over."""

    def guarded(watched: "Watched", /, *args: P.args, **kwargs: P.kwargs) -> None:
        if watched.over:
            return
        try:
            call(watched, *args, **kwargs)
        except Unreadable as error:
            watched.give_up(str(error))
        except Exception as error:  # the traffic matters more than any error of ours
            watched.give_up(f"an error of the inspector: {type(error).__name__}: {error}")

    return guarded


class Tap:
    """Numbers the exchanges, and tells all records to the sinks. Times are seconds since it was made."""

    def __init__(self, sinks: Sequence[Sink], clock: Callable[[], float] = time.monotonic) -> None:
        self._sinks = sinks
        self._clock = clock
        self._began = clock()
        self._count = 0
        self.open: dict[int, Watched] = {}

    @property
    def now(self) -> float:
        return self._clock() - self._began

    def watch(self, client: str, method: str, url: str, headers: Headers, only: Callable[[Asked], bool]) -> "Watched":
        """A request begins; it is recorded when it is whole, if it is one that shall `only` be recorded."""
        number = self._count
        self._count += 1
        return Watched(self, Asked(number, self.now, client, method, url, headers, b""), only)

    def deed(self, what: str, number: int = NO_EXCHANGE) -> None:
        """Something that the observer does itself."""
        self.tell(Deed(number, self.now, what))

    def close(self, why: str) -> None:
        """The observer goes away, and all that is open with it."""
        for watched in list(self.open.values()):
            watched.cut_off(why)

    def tell(self, record: Record) -> None:
        for sink in self._sinks:
            sink(record)


class Watched:
    """One exchange that is going by."""

    def __init__(self, tap: Tap, asked: Asked, only: Callable[[Asked], bool]) -> None:
        self._tap = tap
        self._asked = asked
        self._only = only
        self._body = bytearray()
        self._held: list[Record] | None = []  # until the request is whole
        self._decode: Decode | None = None
        self.over = False

    @property
    def number(self) -> int:
        return self._asked.number

    @property
    def method(self) -> str:
        return self._asked.method

    @property
    def is_encoded(self) -> bool:
        return self._decode is not None

    @failing_open
    def uploaded(self, data: bytes) -> None:
        """Some bytes of the request's body."""
        self._body += data
        if len(self._body) > _LONGEST_REQUEST:
            self.give_up(f"its body is longer than {_LONGEST_REQUEST} bytes")

    @failing_open
    def asked(self) -> None:
        """The request is whole."""
        decode = decoder(_content_encoding(self._asked.headers))
        body = decode(bytes(self._body)) if decode else bytes(self._body)
        asked = replace(self._asked, at=self._tap.now, body=body)
        held, self._held = self._held or [], None
        self._body.clear()
        if not self._only(asked):
            self.over = True
            return
        self._tap.open[self.number] = self
        for record in (asked, *held):
            self._tap.tell(record)
        if held and isinstance(held[-1], End):
            self._close()

    @failing_open
    def head(self, status: int, headers: Headers) -> None:
        """Status and headers of the answer."""
        self._tell(Head(self.number, self._tap.now, status, headers))
        self._decode = decoder(_content_encoding(headers))

    def plain(self, data: bytes) -> bytes:
        """Bytes of the answer's body without their content encoding; none, where they are not what it says."""
        if self._decode is None:
            return data
        try:
            return self._decode(data)
        except Unreadable as error:
            if not self.over:
                self.give_up(str(error))
            return b""

    @failing_open
    def downloaded(self, plain: bytes) -> None:
        """Some bytes of the answer's body, without their content encoding."""
        if plain:
            self._tell(Chunk(self.number, self._tap.now, plain))

    @failing_open
    def ended(self) -> None:
        """The answer is whole."""
        self._tell(End(self.number, self._tap.now))
        if self._held is None:
            self._close()

    @failing_open
    def lost(self, ending: Ending, why: str) -> None:
        """The answer will not be whole, by somebody else's doing."""
        if self._held is not None:
            self.give_up(f"the request was broken off: {why}")
            return
        self._tell(Lost(self.number, self._tap.now, ending, why))
        self._close()

    @failing_open
    def cut_off(self, why: str) -> None:
        """The answer will not be whole, by our own doing."""
        self._tap.deed(why, self.number)
        if self._held is None:
            self._tell(Lost(self.number, self._tap.now, "cut off", why))
        self._close()

    def kept_back(self, event_id: str | None) -> None:
        """An event came after we had cut."""
        self._tap.tell(Kept(self.number, self._tap.now, event_id))

    def give_up(self, why: str) -> None:
        """Record nothing more of this exchange, and say so where that is still possible."""
        self.over = True
        self._tap.open.pop(self.number, None)
        with suppress(Exception):
            self._tap.deed(f"{self.method} {self._asked.url} is let through unrecorded: {why}", self.number)
            if self._held is None:
                self._tap.tell(Lost(self.number, self._tap.now, "cut off", why))

    def _tell(self, record: Record) -> None:
        if self._held is None:
            self._tap.tell(record)
        elif len(self._held) < _MOST_HELD:
            self._held.append(record)
        else:
            self.give_up("too much of the answer came before the request was whole")

    def _close(self) -> None:
        self.over = True
        self._tap.open.pop(self.number, None)


def _content_encoding(headers: Headers) -> str:
    return ",".join(value for name, value in headers if name.lower() == "content-encoding")
