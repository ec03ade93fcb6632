"""Which stream has which column, and when."""

from conformance.evidence.recording import End, Lost
from inspector.model.feed import Feed
from inspector.model.nouns import LiveSession
from inspector.model.rows import Rows
from tests.inspector.tale import Tale, opened, request, result, whole


def fed(tale: Tale) -> Feed:
    recording = tale.recording
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    return feed


def columns(session: LiveSession, number: int) -> list[str]:
    """The names of the streams that have the columns at a row, empty where there is none."""
    streams = [session.at_lane(lane, number) for lane in range(len(session.lanes))]
    return [stream.name if stream is not None else "" for stream in streams]


def test_column_0_is_the_get_stream_and_others_take_the_first_that_is_free() -> None:
    recording = whole()
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    session = next(iter(feed.sessions))
    at = {row.words: columns(session, row.number) for row in feed.rows}
    assert at["initialized"] == ["", "", ""]
    assert at["progress 1/4 of #7"] == ["GET", "#7", ""]
    assert at["#s1 roots/list"] == ["GET", "#7", "#8"]
    assert at["#7 resumed after 7:1, leg 2"] == ["GET", "#7", "#8"]
    assert at[": keepalive"] == ["GET", "", "#8"]


def test_a_column_is_used_again_when_its_stream_is_over() -> None:
    tale = opened()
    for number, at in ((2, 1.0), (3, 2.0)):
        tale.ask(number, at, request(number, "tools/call", name="x"))
        tale.stream(number, at)
        tale.event(number, at, result(number))
        tale.records.append(End(number, at))
    feed = fed(tale)
    session = next(iter(feed.sessions))
    assert [(hold.stream.name, hold.first, hold.last) for hold in session.lanes[1]] == [("#2", 4, 6), ("#3", 8, 10)]
    assert session.in_lane == {}


def test_a_severed_stream_keeps_its_column_until_it_is_resumed() -> None:
    tale = opened()
    tale.ask(2, 1.0, request(2, "tools/call", name="x"))
    tale.stream(2, 1.0)
    tale.raw(2, 1.1, "id: a\ndata:\n\n")
    tale.records.append(Lost(2, 1.2, "lost", ""))
    tale.ask(3, 1.3, request(3, "ping"))
    tale.answer(3, 1.4, result(3))
    tale.ask(4, 2.0, method="GET", last_event_id="a")
    tale.stream(4, 2.1)
    feed = fed(tale)
    stream = next(iter(feed.sessions)).streams[0]
    words = {row.number: row.words for row in feed.rows}
    severed = [text for number, text in words.items() if stream.severed_at(number)]
    assert severed == ["#3 ping", "#3 result 0.10 s", "GET resumes after 'a'"]
    assert (stream.state, len(stream.legs)) == ("open", 2)


def test_what_is_forgotten_leaves_nothing_behind() -> None:
    tale = opened()
    for number in range(2, 30):
        tale.ask(number, number, request(number, "tools/call", name="x"))
        tale.stream(number, number)
        tale.event(number, number, result(number))
        tale.records.append(End(number, number))
    recording = tale.recording
    feed = Feed(recording.about, Rows(kept=20))
    for record in recording.records:
        feed.take(record)
    session = next(iter(feed.sessions))
    assert len(session.streams) <= 6
    assert sum(len(lane) for lane in session.lanes) == len(session.streams)
