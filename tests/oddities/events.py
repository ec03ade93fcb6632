"""Event streams that look unlike those of any other server. Trap 40 unless it says otherwise: the SSE standard."""

import itertools
import json
import secrets
from collections.abc import Iterable
from typing import ClassVar

from reference_server.jsonrpc import Json
from reference_server.options import Options
from reference_server.state import Session, Stream
from tests.oddities.odd import Answer, Odd


class LinesEndWithCr(Odd):
    """A line may end with CR alone."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return super().encode_event(event_id, data).replace(b"\n", b"\r")


class LineEndsAreMixed(Odd):
    """CR, LF and CRLF may follow one another in one event, and `data` needs no colon."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        head = "" if event_id is None else f"id: {event_id}\r"
        return (f"{head}event: message\r\ndata: {data}\n\r" if data else f"{head}data\r\n\r").encode()


class StreamsBeginWithByteOrderMark(Odd):
    """A stream may begin with a byte order mark."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk if answer.begun or not answer.is_stream else b"\xef\xbb\xbf" + chunk


class BytesComeOneByOne(Odd):
    """Where bytes are cut means nothing."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        return (chunk[n : n + 1] for n in range(len(chunk)))


class PostStreamsAreHeldBack(Odd):
    """Something on the way may hold a stream back until its end; nobody says how soon an event must come."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        if answer.method != "POST":
            yield chunk
            return
        answer.kept += chunk
        if not more:
            yield answer.kept


class DataIsOnSeveralLines(Odd):
    """The data lines of an event are joined."""

    def message_text(self, message: Json) -> str:
        return json.dumps(message, indent=2)

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        lines = "\n".join(f"data: {line}" for line in data.split("\n"))
        return (f"{lines}\n\n" if event_id is None else f"{lines}\nid: {event_id}\n\n").encode()


class CommentsAreEverywhere(Odd):
    """Comments and blank lines mean nothing, wherever they stand and whatever they hold."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        comments = b': {"jsonrpc": 1}\n:data: x\n:\n'
        return b"\n\n: a block of comments\n\n" + comments + super().encode_event(event_id, data) + b"\n: behind\n\n"


class CommentsPrecedeThePriming(Odd):
    """Trap 41: the first event counts, and comments and a bare `retry` are no events."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk if answer.begun or not answer.is_stream else b": hello\n\nretry: 50\n\n" + chunk


class EventsAreNamedMessage(Odd):
    """`message` is the default name of an event, and so is the empty name."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return (b"event: message\n" if data else b"event:\n") + super().encode_event(event_id, data)


class FieldsAreUnknown(Odd):
    """Unknown fields mean nothing, nor do names in other letter case, nor a `retry` that is no number."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return b"foo: bar\nData: no\n data: no\nID: 7\nfoo\nretry: soon\n" + super().encode_event(event_id, data)


class NoSpaceFollowsTheColon(Odd):
    """The space after a colon is optional."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return super().encode_event(event_id, data).replace(b"id: ", b"id:", 1).replace(b"data: ", b"data:", 1)


class RetryIsOnEveryEvent(Odd):
    """`retry` may stand on any event."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return b"retry: 50\n" + super().encode_event(event_id, data)


class RetryIsADay(Odd):
    """`retry` is a whole number, and none is too large: nobody comes back to such a stream in time."""

    timeout: ClassVar = 2.0

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return b"retry: 86400000\n" + super().encode_event(event_id, data)


class KeepAlivesAreEvents(Odd):
    """A keep-alive may be a comment, an event without data, or one of another name with data of any kind."""

    settings: ClassVar = Options(keep_alive=0.02)

    def encode_keep_alive(self) -> bytes:
        return b": still here\n\ndata:\n\nevent: heartbeat\ndata: 1700000000\n\nevent: ping\ndata: {}\n\n"


class StreamsEndWithinAComment(Odd):
    """What no blank line ends is dropped at the end of a stream."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk if more or not answer.is_stream else chunk + b": bye"


class EventIdsAreLongAndOpaque(Odd):
    """Trap 46: how an event id names its stream is the server's affair; it may be encrypted."""

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"{secrets.token_urlsafe(600)}=="


class EventIdsAreUnicode(Odd):
    """Trap 40, the SSE standard: an event id is any text in UTF-8 without NUL, CR and LF."""

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f'ström:{stream.key}/✓ {position}; "a", b'

    def stream_of_event_id(self, session: Session, event_id: str) -> tuple[Stream, int] | None:
        return super().stream_of_event_id(session, event_id.encode("latin-1").decode())


class EventIdsAreCountedForAllSessions(Odd):
    """Trap 46: unique within the session does not say how; the first one may be 0."""

    counter: ClassVar = itertools.count()

    def new_event_id(self, stream: Stream, position: int) -> str:
        return str(next(self.counter))


class OnlyPrimingHasAnId(Odd):
    """basic/transports, Resumability: an id is a MAY; who comes back gets all that followed the last one again."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return super().encode_event(None if data else event_id, data)


class SomeEventsHaveNoId(Odd):
    """basic/transports, Resumability: an id on events is a MAY, for each of them."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        even = event_id is not None and event_id[-1] in "02468"
        return super().encode_event(None if data and even else event_id, data)


class NoEventHasAnId(Odd):
    """Trap 46: ids are a MAY, and priming is not asked for before 2025-11-25."""

    revision: ClassVar = "2025-06-18"

    def has_event_ids(self, session: Session) -> bool:
        return False


class PrimingHasNoData(Odd):
    """Trap 41: an id without any data line does what priming is for."""

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return super().encode_event(event_id, data) if data else f"id: {event_id}\n\n".encode()
