"""What became of a stream's events: sent, delivered, kept back by us, caught up with, delivered twice."""

from conformance.evidence.recording import About, Asked, Chunk, Head, Kept, Lost, Record
from inspector.model.feed import Feed
from inspector.model.nouns import Ledger, LiveStream

URL = "http://127.0.0.1:1/mcp"
CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}'
STREAM = (("Content-Type", "text/event-stream"),)


def event(number: int) -> bytes:
    return b'id: %d\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n' % number


def begun(*records: Record) -> LiveStream:
    """A stream that began with events 1 and 2 and was then cut, and what came after that."""
    feed = Feed(About(URL))
    first = Asked(0, 0.0, "c", "POST", URL, (), CALL), Head(0, 0.1, 200, STREAM), Chunk(0, 0.2, event(1) + event(2))
    for record in (*first, Lost(0, 0.3, "cut off", "cut"), *records):
        feed.take(record)
    (session,) = feed.sessions
    (stream,) = session.streams
    return stream


def resumed(number: int, after: int, at: float) -> tuple[Asked, Head]:
    """Another leg."""
    headers = (("Last-Event-ID", str(after)),)
    return Asked(number, at, "c", "GET", URL, headers, b""), Head(number, at, 200, STREAM)


def test_what_we_kept_back_is_lost() -> None:
    assert begun(Kept(0, 0.3, "3"), Kept(0, 0.3, None)).ledger == Ledger(sent=4, delivered=2, lost=2)


def test_what_we_kept_back_is_not_lost_once_it_is_replayed() -> None:
    stream = begun(Kept(0, 0.3, "3"), *resumed(1, 2, 1.0), Chunk(1, 1.01, event(3) + event(4)))
    assert stream.ledger == Ledger(sent=4, delivered=4, replayed=2)
    assert len(stream.legs) == 2


def test_what_comes_again_is_delivered_twice() -> None:
    stream = begun(*resumed(1, 1, 1.0), Chunk(1, 1.01, event(2) + event(3)))
    assert stream.ledger == Ledger(sent=3, delivered=4, replayed=2, duplicated=1)


def test_what_happens_after_a_leg_has_caught_up_is_not_replayed() -> None:
    soon = [Chunk(1, 1.0 + n * 0.03, event(3 + n)) for n in range(5)]
    stream = begun(*resumed(1, 2, 1.0), *soon, Chunk(1, 2.0, event(8)), Chunk(1, 2.01, event(9)))
    assert stream.ledger == Ledger(sent=9, delivered=9, replayed=5)


def test_what_was_kept_back_is_replayed_however_late_it_comes() -> None:
    stream = begun(Kept(0, 0.3, "3"), *resumed(1, 2, 1.0), Chunk(1, 3.0, event(3)))
    assert stream.ledger == Ledger(sent=3, delivered=3, replayed=1)


def test_a_stream_is_known_by_its_newest_ids_however_long_it_is() -> None:
    more = [Chunk(1, 1.0, event(number)) for number in range(3, 20_003)]
    cut = Lost(1, 2.0, "cut off", "cut")
    assert len(begun(*resumed(1, 2, 1.0), *more, cut, *resumed(2, 20_002, 3.0)).legs) == 3
