"""Which streams have a column where there are more streams than columns."""

from conformance.evidence.recording import End
from inspector.model.feed import Feed
from inspector.widgets.columns import QUIET, Columns
from tests.inspector.tale import Tale, crowd, notice, opened, request, result, whole

ROOM = 3


def busy(*streams: int) -> Tale:
    """A session with a GET stream and calls that are answered with streams, a second apart."""
    tale = opened()
    tale.ask(2, 1.0, method="GET")
    tale.stream(2, 1.0)
    for number in streams:
        tale.ask(number, float(number), request(number, "tools/call", name="x"))
        tale.stream(number, float(number))
    return tale


def speak(tale: Tale, number: int, at: float) -> None:
    tale.event(number, at, notice("notifications/message", level="info", data=""))


def drawn(tale: Tale, room: int = ROOM) -> tuple[Feed, Columns]:
    recording = tale.recording
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    columns = Columns(next(iter(feed.sessions)), room)
    for row in feed.rows:
        columns.take(row)
    return feed, columns


def names(columns: Columns, row: int) -> list[str]:
    shown = (columns.stream(column, row) for column in range(columns.count))
    return [stream.name if stream is not None else "" for stream in shown]


def last(tale: Tale) -> list[str]:
    feed, columns = drawn(tale)
    return names(columns, feed.rows.next_number - 1)


def test_where_there_is_room_each_lane_has_its_column() -> None:
    recording = whole()
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    session = next(iter(feed.sessions))
    columns = Columns(session, 8)
    for row in feed.rows:
        columns.take(row)
    assert not columns.folds
    assert columns.count == 3
    for row in feed.rows:
        assert [columns.stream(lane, row.number) for lane in range(3)] == [
            session.at_lane(lane, row.number) for lane in range(3)
        ]
        assert columns.hidden(row.number) == 0


def test_a_stream_that_speaks_takes_the_column_of_the_quietest() -> None:
    tale = busy(3, 4, 5)
    speak(tale, 3, 9.0)
    speak(tale, 5, 4.0 + QUIET)
    assert last(tale) == ["GET", "#3", "#5"]


def test_before_a_stream_has_been_silent_for_long_it_keeps_its_column() -> None:
    tale = busy(3, 4, 5)
    speak(tale, 5, 3.0 + QUIET - 0.1)
    assert last(tale) == ["GET", "#3", "#4"]
    feed, columns = drawn(tale)
    assert columns.folds
    assert columns.hidden(feed.rows.next_number - 1) == 1


def test_a_stream_that_is_over_gives_its_column_at_once() -> None:
    tale = busy(3, 4, 5)
    tale.event(3, 5.2, result(3))
    tale.records.append(End(3, 5.3))
    speak(tale, 5, 5.4)
    assert last(tale) == ["GET", "#5", "#4"]


def test_the_get_stream_never_loses_its_column() -> None:
    tale = busy(3, 4, 5)
    for at in (50.0, 50.1, 50.2, 50.3):
        speak(tale, 5, at)
        speak(tale, 4, at)
        speak(tale, 3, at)
    assert last(tale)[0] == "GET"


def test_what_was_drawn_stays_as_it_is() -> None:
    recording = crowd()
    feed = Feed(recording.about)
    columns: Columns | None = None
    seen: dict[int, list[str]] = {}
    for record in recording.records:
        feed.take(record)
        columns = columns or Columns(next(iter(feed.sessions)), ROOM)
        for number in range(len(seen), feed.rows.next_number):
            row = feed.rows.get(number)
            assert row is not None
            columns.take(row)
            seen[number] = names(columns, number)
    assert columns is not None
    assert len({tuple(line) for line in seen.values()}) > ROOM
    for number, line in seen.items():
        assert names(columns, number)[: len(line)] == line


def test_a_column_says_where_another_stream_begins_in_it() -> None:
    tale = busy(3, 4, 5)
    speak(tale, 3, 9.0)
    speak(tale, 5, 4.0 + QUIET)
    feed, columns = drawn(tale)
    newest = feed.rows.next_number - 1
    assert [columns.begins(column, newest) for column in range(ROOM)] == [False, False, True]
    assert [columns.begins(column, newest - 1) for column in range(ROOM)] == [False, False, False]


def test_what_is_not_drawn_any_more_is_forgotten() -> None:
    tale = busy(3, 4, 5)
    for turn in range(100):
        for number in (3, 4, 5):
            speak(tale, number, 10.0 + turn * 3 * QUIET + number * QUIET)
    feed, columns = drawn(tale)
    newest = feed.rows.next_number - 1
    before = names(columns, newest)
    columns.forget(newest)
    assert names(columns, newest) == before
    assert sum(len(turns) for turns in columns._turns) == ROOM
