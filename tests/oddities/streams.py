"""GET streams, polling and resumption in unusual ways."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import JsonObject, Request
from reference_server.options import R2025_11
from reference_server.state import Call, Leg, Session, Stream
from reference_server.stores import StoredEvent
from tests.oddities.odd import Odd


class _Open(Odd):
    """A server that cannot bring back what was missed does not close a connection early."""

    def may_close_early(self, stream: Stream) -> bool:
        return False


class GetIsNotOffered(_Open):
    """Trap 9: GET may draw 405, and trap 11: without Allow."""

    async def get(self, http: Exchange) -> None:
        raise Refusal(405, "There is no stream to listen on.")


class ASecondGetIsRefused(Odd):
    """Trap 12: several streams at once are the client's MAY; 409 is customary."""

    async def get(self, http: Exchange) -> None:
        if http.header("last-event-id") is None and self.open_get_stream(self.session_for(http)):
            raise Refusal(409, "One stream only.")
        await super().get(http)


class ASecondGetEndsTheFirst(Odd):
    """Trap 12: the newer stream may close the older one."""

    async def get(self, http: Exchange) -> None:
        while (stream := self.open_get_stream(self.session_for(http))) and stream.leg:
            stream.leg.close()
        await super().get(http)


class GetIsAnsweredWithTheFirstEvent(Odd):
    """Trap 10: some servers hold the head of a GET stream back until there is something to say."""

    timeout: ClassVar = 1.5

    def primes(self, stream: Stream) -> bool:
        return stream.kind == "post" and super().primes(stream)

    async def carry(self, http: Exchange, stream: Stream, leg: Leg) -> None:
        while stream.kind == "get" and not leg.chunks and not leg.closing:
            leg.wake.clear()
            await leg.wake.wait()
        await super().carry(http, stream, leg)


class GetStreamsEndAtOnce(Odd):
    """basic/transports, Listening: `The server MAY close the SSE stream at any time.`"""

    async def get(self, http: Exchange) -> None:
        if http.header("last-event-id") is not None:
            await super().get(http)
            return
        self.session_for(http)
        await http.start(200, [("content-type", "text/event-stream")])
        await http.write(b"", more=False)


class GetStreamsCarryOneMessage(Odd):
    """Traps 42 and 44: a connection may be closed after each message; `retry` tells when to come back."""

    def append(self, stream: Stream, message: JsonObject) -> None:
        super().append(stream, message)
        if stream.kind == "get":
            self.close_for_polling(stream)


class GetStreamsAreClosedWhenIdle(Odd):
    """Traps 42 and 44: a connection may be closed at any time; `retry` tells when to come back."""

    async def get(self, http: Exchange) -> None:
        asyncio.get_running_loop().call_later(0.1, self._close, self.session_for(http))
        await super().get(http)

    def _close(self, session: Session) -> None:
        while stream := self.open_get_stream(session):
            self.close_for_polling(stream)


class NothingIsReplayed(_Open):
    """Trap 47: replay is a MAY."""

    def events_after(self, stream: Stream, position: int) -> Iterable[StoredEvent]:
        return ()


class LittleIsReplayed(Odd):
    """Trap 47: replay is a MAY, and a store may keep only the last events."""

    def events_after(self, stream: Stream, position: int) -> Iterable[StoredEvent]:
        return list(super().events_after(stream, position))[-2:]


class ComingBackIsRefused(_Open):
    """Trap 47: what a Last-Event-ID draws that means nothing (any more) is unspecified."""

    def resume(self, session: Session, last_event_id: str) -> tuple[Stream, Leg]:
        raise Refusal(404, "Nothing can be resumed.")


class ComingBackBringsAnEmptyStream(_Open):
    """Trap 47: replay is a MAY, and a stream may be ended at any time."""

    def resume(self, session: Session, last_event_id: str) -> tuple[Stream, Leg]:
        stream, leg = super().resume(session, last_event_id)
        leg.chunks.clear()
        leg.close()
        return stream, leg


class ComingBackBringsAFreshStream(_Open):
    """Trap 47: a server may know nothing of Last-Event-ID, and take the GET for a new one."""

    def resume(self, session: Session, last_event_id: str) -> tuple[Stream, Leg]:
        stream = self.open_stream(session, "get", [])
        leg = self.connect(stream)
        self.prime(stream)
        self.hand_out_aside(stream)
        return stream, leg


class EachCallIsPolled(Odd):
    """Trap 42: from 2025-11-25 on a connection may be closed at once after the event that primes the client."""

    warned: ClassVar = frozenset({"tasks.get-json"})  # a SHOULD NOT

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        return True

    def prime(self, stream: Stream) -> None:
        super().prime(stream)
        if stream.kind == "post":
            self.close_for_polling(stream)


class EachConnectionCarriesOneEvent(Odd):
    """Trap 42: a connection may be closed after each event that has an id."""

    def append(self, stream: Stream, message: JsonObject) -> None:
        super().append(stream, message)
        if stream.kind == "post" and self.calls_on(stream):
            self.close_for_polling(stream)


class ResumedConnectionsDoNotWait(Odd):
    """Trap 42: who comes back gets what there is, and is sent away once more."""

    def resume(self, session: Session, last_event_id: str) -> tuple[Stream, Leg]:
        stream, leg = super().resume(session, last_event_id)
        if not stream.ended and session.revision >= R2025_11:
            leg.write(self.encode_retry(40))
            leg.close()
        return stream, leg


class StreamsLinger(Odd):
    """Trap 51: the stream ends after the response, in a second or so."""

    def closes_after_response(self, stream: Stream) -> bool:
        if stream.leg is not None:
            asyncio.get_running_loop().call_later(1.0, stream.leg.close)
        return False


class MoreFollowsTheResponse(Odd):
    """Trap 51: further messages after the response are not forbidden, progress excepted."""

    def messages_after_response(self, call: Call) -> Iterable[JsonObject]:
        yield self.notification("notifications/message", {"level": "info", "data": "afterwards"})


class CancelledStreamsStayOpen(Odd):
    """Trap 90: a cancelled request gets no response; that its stream ends is nowhere said."""

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        if response is not None:
            super().settle(stream, call, response)
