"""Faults in event ids and in what a resumed stream brings."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange
from reference_server.server import ReferenceServer
from reference_server.state import Session, Stream
from reference_server.stores import StoredEvent


class EventIdsStartAgainInEveryStream(ReferenceServer):
    """Every stream counts its events from 1, so ids repeat within the session."""

    breaks: ClassVar = "event.id-unique"

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"e{position}"


class EveryStreamBeginsWithTheSameId(ReferenceServer):
    """All first events have the id 0; whoever comes back with it cannot be told apart."""

    breaks: ClassVar = "event.id-unique"

    def new_event_id(self, stream: Stream, position: int) -> str:
        return "0" if position == 1 else super().new_event_id(stream, position)


class EventIdsLeadToTheNewestStream(ReferenceServer):
    """Whatever the id, the client that comes back gets the stream that was opened last."""

    breaks: ClassVar = "event.id-stream"
    also: ClassVar = {"resume.same-stream": "the wrong stream brings messages of the wrong stream"}

    def stream_of_event_id(self, session: Session, event_id: str) -> tuple[Stream, int] | None:
        return list(session.streams.values())[-1], 0


class ResumingReplaysAllStreams(ReferenceServer):
    """A client that comes back gets what it missed, and everything that the session's other streams have carried."""

    breaks: ClassVar = "resume.same-stream"

    def events_after(self, stream: Stream, position: int) -> Iterable[StoredEvent]:
        yield from super().events_after(stream, position)
        for other in stream.session.streams.values():
            if other is not stream:
                yield from super().events_after(other, 0)


class EventIdsWorkInEverySession(ReferenceServer):
    """A stream can be resumed from any session, by whoever knows an event id."""

    breaks: ClassVar = "resume.same-stream"
    also: ClassVar = {"progress.known-token": "what is replayed reports the progress of the other session's request"}

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"{stream.session.id}-{stream.key}-{position}"

    def session_for(self, http: Exchange) -> Session:
        owner = (http.header("last-event-id") or "").rsplit("-", 2)[0]
        return self.sessions.get(owner) or super().session_for(http)
