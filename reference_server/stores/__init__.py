"""Where sessions, streams and events are kept, so that a client can pick up what it missed.

A store is told everything before it goes on the wire.  It is bounded: of each stream only the newest events
are kept.  `Store` says what a store can do; `memory` forgets with the process, `sqlite` does not.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from reference_server.jsonrpc import RequestId

EVENTS_PER_STREAM = 1000
MESSAGES_ASIDE = 1000


@dataclass(frozen=True, slots=True)
class StoredStream:
    """A stream as it is written down."""

    key: str
    kind: str
    requests: list[RequestId] = field(default_factory=list)
    position: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it was or will be sent."""

    id: str
    data: str


class Store(Protocol):
    """What the server needs of a store; every method is quick and synchronous."""

    def transaction(self) -> AbstractContextManager[object]:
        """What is done within is done together or not at all."""

    def save_session(self, session: str, record: str) -> None:
        """Keep a session's record, replacing the former one."""

    def drop_session(self, session: str) -> None:
        """Forget a session with everything that belongs to it."""

    def sessions(self) -> list[tuple[str, str]]:
        """All sessions with their records."""

    def save_stream(self, session: str, stream: StoredStream) -> None:
        """Keep a stream, replacing what was known of it."""

    def drop_stream(self, session: str, stream: str) -> None:
        """Forget a stream and its events."""

    def streams(self, session: str) -> list[StoredStream]:
        """All streams of a session, oldest first, each with the position of its last event."""

    def append(self, session: str, stream: str, position: int, event: StoredEvent) -> None:
        """Keep an event; the stream's oldest may fall out."""

    def find(self, session: str, event_id: str) -> tuple[str, int] | None:
        """Stream and position of the newest event that has this id."""

    def after(self, session: str, stream: str, position: int) -> list[StoredEvent]:
        """The events of a stream after a position, in order."""

    def set_aside(self, session: str, data: str) -> None:
        """Keep a message that found no open stream; the oldest may fall out."""

    def take_aside(self, session: str) -> list[str]:
        """Hand out the messages that were set aside, in order, and forget them."""

    def close(self) -> None:
        """Let go of files."""


def open_store(name: str) -> Store:
    """The store that `memory` or `sqlite:FILE` stands for."""
    kind, _, file = name.partition(":")
    if kind == "sqlite" and file:
        from reference_server.stores.sqlite import open_sqlite  # sqlite3 is loaded only where it is used

        return open_sqlite(file)
    if name == "memory":
        from reference_server.stores.memory import MemoryStore

        return MemoryStore()
    raise ValueError(f"there is no store {name!r}: it is memory or sqlite:FILE")
