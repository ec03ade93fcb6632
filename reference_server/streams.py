"""SSE streams: which stream a message goes on, how its events are named, kept, sent, and sent again.

A stream outlives its connections ("legs").  Every event is in the store before it is on the wire, so a client
that comes back with Last-Event-ID gets what it missed.  A message for which no stream is open is set aside
until a GET stream opens.
"""

from collections.abc import Iterable

from reference_server.exchange import Refusal
from reference_server.jsonrpc import INTERNAL_ERROR, JsonObject, RequestId, RpcError
from reference_server.options import R2025_11, Options
from reference_server.sessions import Sessions
from reference_server.state import Call, Leg, Session, Stream
from reference_server.stores import StoredEvent, StoredStream

STREAMS_KEPT = 200  # per session; older streams that have ended are forgotten
RETRY_MS = 30


class Streams(Sessions):
    """Routing, event ids, priming, polling, resumption."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.open_legs = 0
        for session in self.sessions.values():
            self._reopen_streams(session)

    # Which stream

    def place(self, session: Session, message: JsonObject, call: Call | None = None) -> None:
        """Send a message of ours, about a call or about nothing in particular."""
        if not self.is_live(session):
            return
        streams = [stream for stream in self.streams_for(session, message, call) if stream is not None]
        for stream in streams:
            self.append(stream, message)
        if not streams and session.id and (call is None or self.goes_by_get_stream(message)):
            self.store.set_aside(session.id, self.message_text(message))

    def streams_for(self, session: Session, message: JsonObject, call: Call | None) -> list[Stream | None]:
        """A message goes on exactly one stream."""
        return [self.stream_for(session, message, call)]

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        """What belongs to a request goes on the request's own stream, all else on a GET stream."""
        if call is not None and not self.goes_by_get_stream(message):
            return call.stream
        return self.open_get_stream(session)

    def goes_by_get_stream(self, message: JsonObject) -> bool:
        """With --progress-route primary progress leaves its request's stream."""
        return self.options.progress_route == "primary" and message.get("method") == "notifications/progress"

    def open_get_stream(self, session: Session) -> Stream | None:
        """The newest GET stream that somebody is listening to."""
        listening = [s for s in session.streams.values() if s.kind != "post" and s.leg and not s.leg.closing]
        return listening[-1] if listening else None

    # Events

    def open_stream(self, session: Session, kind: str, requests: list[RequestId]) -> Stream:
        """Begin a stream; where it is primed its first event says nothing but its id."""
        session.streams_opened += 1
        stream = Stream(session, self.new_stream_key(session), kind, requests)
        session.streams[stream.key] = stream
        if session.id:
            with self.store.transaction():
                self.save(session)
                self._save_stream(stream)
                self._forget_old_streams(session)
        return stream

    def new_stream_key(self, session: Session) -> str:
        """A stream's key is its own within the session."""
        return f"s{session.streams_opened}"

    def new_event_id(self, stream: Stream, position: int) -> str:
        """An event id is unique within the session and tells its stream."""
        return f"{stream.key}-{position}"

    def has_event_ids(self, session: Session) -> bool:
        """Ids promise resumption, so without a session there are none."""
        return bool(session.id)

    def primes(self, stream: Stream) -> bool:
        """From 2025-11-25 on a stream begins with an event that has an id and empty data."""
        return stream.session.revision >= R2025_11 and self.has_event_ids(stream.session)

    def prime(self, stream: Stream) -> None:
        """Give the client an id to come back with before anything else happens."""
        if self.primes(stream):
            self.append_text(stream, "")

    def append(self, stream: Stream, message: JsonObject) -> None:
        """Put a message on a stream."""
        self.append_text(stream, self.message_text(message))

    def append_text(self, stream: Stream, data: str) -> None:
        """Keep an event, then send it if somebody is listening."""
        event_id = None
        if self.has_event_ids(stream.session):
            stream.position += 1
            event_id = self.new_event_id(stream, stream.position)
            self.store.append(stream.session.id, stream.key, stream.position, StoredEvent(event_id, data))
        if stream.leg is not None:
            stream.leg.write(self.encode_event(event_id, data))

    # Connections

    def check_room_for_stream(self) -> None:
        """Only so many streams are open at once."""
        if self.open_legs >= self.options.max_streams:
            raise Refusal(429, "There are too many open streams; try again later.", headers=[("retry-after", "5")])

    def connect(self, stream: Stream) -> Leg:
        """A new connection takes the stream over from the former one."""
        if stream.leg is None:
            self.open_legs += 1
        else:
            stream.leg.close()
        stream.leg = Leg()
        return stream.leg

    def disconnect(self, stream: Stream, leg: Leg) -> None:
        """The connection is closed, by whomever; the stream goes on."""
        if stream.leg is leg:
            stream.leg = None
            self.open_legs -= 1

    def calls_on(self, stream: Stream) -> list[Call]:
        """The calls whose answers this stream still owes."""
        return [call for call in stream.session.calls.values() if call.stream is stream]

    def on_client_gone(self, stream: Stream) -> None:
        """A client that disconnects has not cancelled anything."""

    def close_for_polling(self, stream: Stream) -> None:
        """Close the connection and let the client come back for the rest."""
        if stream.leg is None or not self.may_close_early(stream):
            return
        wait = self.retry_before_close(stream)
        if wait is not None:
            stream.leg.write(self.encode_retry(wait))
        stream.leg.close()

    def may_close_early(self, stream: Stream) -> bool:
        """Only from 2025-11-25 on, and only after an event id, a connection may be closed before its stream ends."""
        return self.primes(stream)

    def retry_before_close(self, stream: Stream) -> int | None:
        """Before such a close the client is told how many milliseconds to wait."""
        return RETRY_MS

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        """Put the answer to one of the stream's requests on it, if there is one, and end it after the last."""
        with self.store.transaction():
            if response is not None:
                self.place(stream.session, response, call)
            stream.requests.remove(call.request.id)
            stream.ended = not stream.requests
            self._save_stream(stream)
        for message in self.messages_after_response(call):
            self.place(stream.session, message, call)
        if stream.ended and stream.leg is not None and self.closes_after_response(stream):
            stream.leg.close()

    def messages_after_response(self, call: Call) -> Iterable[JsonObject]:
        """Nothing about a request follows its response."""
        return ()

    def closes_after_response(self, stream: Stream) -> bool:
        """After the response the stream ends."""
        return True

    # Coming back

    def resume(self, session: Session, last_event_id: str) -> tuple[Stream, Leg]:
        """Continue the stream that the event id belongs to, after that event."""
        place = self.stream_of_event_id(session, last_event_id)
        if place is None:
            raise Refusal(400, f"Last-Event-ID {last_event_id!r} is not known here; nothing can be resumed.")
        stream, position = place
        if stream.leg is None:
            self.check_room_for_stream()
        leg = self.connect(stream)
        for event in self.events_after(stream, position):
            leg.write(self.encode_event(event.id, event.data))
        if stream.kind == "get":
            self.hand_out_aside(stream)
        if stream.ended and self.closes_after_response(stream):
            leg.close()
        return stream, leg

    def stream_of_event_id(self, session: Session, event_id: str) -> tuple[Stream, int] | None:
        """The stream that the event was sent on, and its position there."""
        place = self.store.find(session.id, event_id)
        if place is None or place[0] not in session.streams:
            return None
        return session.streams[place[0]], place[1]

    def events_after(self, stream: Stream, position: int) -> Iterable[StoredEvent]:
        """Only what came later on this very stream is sent again."""
        return self.store.after(stream.session.id, stream.key, position)

    def hand_out_aside(self, stream: Stream) -> None:
        """The messages that found no open stream go on this one."""
        session = stream.session
        if session.id:
            with self.store.transaction():
                for text in self.store.take_aside(session.id):
                    self.append_text(stream, text)

    # Keeping

    def _save_stream(self, stream: Stream) -> None:
        stored = StoredStream(stream.key, stream.kind, stream.requests, stream.position, stream.ended)
        if stream.session.id and self.is_live(stream.session):
            self.store.save_stream(stream.session.id, stored)

    def _forget_old_streams(self, session: Session) -> None:
        gone = [s for s in session.streams.values() if s.leg is None and (s.ended or s.kind == "get")]
        for stream in gone[: max(0, len(session.streams) - STREAMS_KEPT)]:
            del session.streams[stream.key]
            self.store.drop_stream(session.id, stream.key)

    def _reopen_streams(self, session: Session) -> None:
        for stored in self.store.streams(session.id):
            stream = Stream(session, stored.key, stored.kind, stored.requests, stored.position, ended=stored.ended)
            session.streams[stream.key] = stream
            if stream.kind == "post" and not stream.ended:
                self._answer_lost_requests(stream)

    def _answer_lost_requests(self, stream: Stream) -> None:
        lost = RpcError(INTERNAL_ERROR, "The server was restarted before this request was answered.")
        with self.store.transaction():
            for request_id in stream.requests:
                self.append(stream, self.error_response(request_id, lost))
            stream.requests, stream.ended = [], True
            self._save_stream(stream)
