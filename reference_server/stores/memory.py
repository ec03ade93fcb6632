"""A store that lives and dies with the process."""

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from reference_server.stores import EVENTS_PER_STREAM, MESSAGES_ASIDE, StoredEvent, StoredStream


@dataclass(slots=True)
class _Kept:
    streams: dict[str, StoredStream] = field(default_factory=dict)
    events: dict[str, deque[tuple[int, StoredEvent]]] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    aside: deque[str] = field(default_factory=lambda: deque(maxlen=MESSAGES_ASIDE))


class MemoryStore:
    """Dictionaries, bounded."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._records: dict[str, str] = {}

    def transaction(self) -> AbstractContextManager[object]:
        """Nothing can fail half-way here."""
        return nullcontext()

    def save_session(self, session: str, record: str) -> None:
        """Keep the record."""
        self._records[session] = record
        self._kept.setdefault(session, _Kept())

    def drop_session(self, session: str) -> None:
        """Forget it all."""
        self._records.pop(session, None)
        self._kept.pop(session, None)

    def sessions(self) -> list[tuple[str, str]]:
        """All records."""
        return list(self._records.items())

    def save_stream(self, session: str, stream: StoredStream) -> None:
        """Keep the stream."""
        self._kept[session].streams[stream.key] = stream

    def drop_stream(self, session: str, stream: str) -> None:
        """Forget the stream, its events and where they are."""
        kept = self._kept[session]
        kept.streams.pop(stream, None)
        for position, event in kept.events.pop(stream, ()):
            self._forget_place(kept, event.id, (stream, position))

    def streams(self, session: str) -> list[StoredStream]:
        """Streams with the position of their last event."""
        kept = self._kept[session]
        last = {key: events[-1][0] for key, events in kept.events.items() if events}
        return [replace(stream, position=last.get(key, 0)) for key, stream in kept.streams.items()]

    def append(self, session: str, stream: str, position: int, event: StoredEvent) -> None:
        """Keep the event at the end of its stream."""
        kept = self._kept[session]
        events = kept.events.setdefault(stream, deque())
        events.append((position, event))
        kept.places[event.id] = (stream, position)
        if len(events) > EVENTS_PER_STREAM:
            oldest, fallen = events.popleft()
            self._forget_place(kept, fallen.id, (stream, oldest))

    def find(self, session: str, event_id: str) -> tuple[str, int] | None:
        """Where the event is."""
        return self._kept[session].places.get(event_id)

    def after(self, session: str, stream: str, position: int) -> list[StoredEvent]:
        """The later events."""
        events = self._kept[session].events.get(stream, ())
        return [event for at, event in events if at > position]

    def set_aside(self, session: str, data: str) -> None:
        """Keep the message."""
        self._kept[session].aside.append(data)

    def take_aside(self, session: str) -> list[str]:
        """Empty the box."""
        aside = self._kept[session].aside
        messages = list(aside)
        aside.clear()
        return messages

    def close(self) -> None:
        """Nothing to let go of."""

    @staticmethod
    def _forget_place(kept: _Kept, event_id: str, place: tuple[str, int]) -> None:
        if kept.places.get(event_id) == place:
            del kept.places[event_id]
