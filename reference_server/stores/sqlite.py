"""A store in one SQLite file: what was sent, or was to be sent, is still there after the process was killed.

The journal is a write-ahead log with `synchronous=NORMAL`: a commit reaches the operating system before the
event goes on the wire, so killing the process loses nothing (only a power failure could).
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from reference_server.stores import EVENTS_PER_STREAM, MESSAGES_ASIDE, StoredEvent, StoredStream

TABLES = """
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS streams (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
    requests TEXT NOT NULL, ended INTEGER NOT NULL, UNIQUE (session, key));
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, session TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL,
    id TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_stream ON events (session, stream, position);
CREATE INDEX IF NOT EXISTS events_by_id ON events (session, id);
CREATE TABLE IF NOT EXISTS aside (number INTEGER PRIMARY KEY, session TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS aside_by_session ON aside (session);
"""


class SqliteStore:
    """Four tables: sessions, streams, events, and messages that wait for a stream."""

    def __init__(self, file: str) -> None:
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(TABLES)

    def transaction(self) -> AbstractContextManager[object]:
        """One commit for everything within."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def save_session(self, session: str, record: str) -> None:
        """Keep the record."""
        self._db.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?)", (session, record))

    def drop_session(self, session: str) -> None:
        """Forget it all."""
        with self._transaction():
            self._db.execute("DELETE FROM sessions WHERE id = ?", (session,))
            for table in ("streams", "events", "aside"):
                self._db.execute(f"DELETE FROM {table} WHERE session = ?", (session,))

    def sessions(self) -> list[tuple[str, str]]:
        """All records."""
        return self._db.execute("SELECT id, record FROM sessions").fetchall()

    def save_stream(self, session: str, stream: StoredStream) -> None:
        """Keep the stream."""
        self._db.execute(
            "INSERT INTO streams (session, key, kind, requests, ended) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (session, key) DO UPDATE SET requests = excluded.requests, ended = excluded.ended",
            (session, stream.key, stream.kind, json.dumps(stream.requests), stream.ended),
        )

    def drop_stream(self, session: str, stream: str) -> None:
        """Forget the stream and its events."""
        self._db.execute("DELETE FROM streams WHERE session = ? AND key = ?", (session, stream))
        self._db.execute("DELETE FROM events WHERE session = ? AND stream = ?", (session, stream))

    def streams(self, session: str) -> list[StoredStream]:
        """Streams with the position of their last event."""
        rows = self._db.execute(
            "SELECT key, kind, requests, ended, coalesce((SELECT max(position) FROM events"
            " WHERE events.session = streams.session AND events.stream = streams.key), 0)"
            " FROM streams WHERE session = ? ORDER BY number",
            (session,),
        )
        return [
            StoredStream(key, kind, json.loads(requests), position, bool(ended))
            for key, kind, requests, ended, position in rows
        ]

    def append(self, session: str, stream: str, position: int, event: StoredEvent) -> None:
        """Keep the event at the end of its stream."""
        self._db.execute(
            "INSERT INTO events (session, stream, position, id, data) VALUES (?, ?, ?, ?, ?)",
            (session, stream, position, event.id, event.data),
        )
        if position >= EVENTS_PER_STREAM:
            self._db.execute(
                "DELETE FROM events WHERE session = ? AND stream = ? AND position <= ?",
                (session, stream, position - EVENTS_PER_STREAM),
            )

    def find(self, session: str, event_id: str) -> tuple[str, int] | None:
        """Where the event is."""
        row: tuple[str, int] | None = self._db.execute(
            "SELECT stream, position FROM events WHERE session = ? AND id = ? ORDER BY number DESC LIMIT 1",
            (session, event_id),
        ).fetchone()
        return row

    def after(self, session: str, stream: str, position: int) -> list[StoredEvent]:
        """The later events."""
        rows = self._db.execute(
            "SELECT id, data FROM events WHERE session = ? AND stream = ? AND position > ? ORDER BY position",
            (session, stream, position),
        )
        return [StoredEvent(event_id, data) for event_id, data in rows]

    def set_aside(self, session: str, data: str) -> None:
        """Keep the message."""
        self._db.execute("INSERT INTO aside (session, data) VALUES (?, ?)", (session, data))
        self._db.execute(
            "DELETE FROM aside WHERE session = ?1 AND number NOT IN"
            " (SELECT number FROM aside WHERE session = ?1 ORDER BY number DESC LIMIT ?2)",
            (session, MESSAGES_ASIDE),
        )

    def take_aside(self, session: str) -> list[str]:
        """Empty the box."""
        rows = self._db.execute("SELECT data FROM aside WHERE session = ? ORDER BY number", (session,)).fetchall()
        self._db.execute("DELETE FROM aside WHERE session = ?", (session,))
        return [data for (data,) in rows]

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        self._db.close()


def open_sqlite(file: str) -> SqliteStore:
    """The store in this file, or a sentence saying why it cannot be one."""
    try:
        return SqliteStore(file)
    except sqlite3.Error as error:
        raise ValueError(f"the store {file!r} cannot be opened: {error}") from error
