"""What became of a stream's events: sent, delivered, lost, come again because the client wished so, or come twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence.recording import About, Asked, Chunk, End, Head, Kept, Lost, Record
from conformance.evidence.trace import Event
from inspector.model.feed import Feed
from inspector.model.ledger import Ledger
from inspector.model.nouns import LiveSession, LiveStream

URL = "http://127.0.0.1:1/mcp"
CALL = b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"slow"}}'
STREAM = (("Content-Type", "text/event-stream"),)
PRIME = b"id: %s\ndata:\n\n"


def event(id: int | str = "", said: int | str = "") -> bytes:
    """An event with or without an id, which says something; the same id says the same, if nothing else is said."""
    name = f"id: {id}\n" if id != "" else ""
    body = '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"%s"}}' % (said or id)
    return f"{name}data: {body}\n\n".encode()


def told(*records: Record) -> LiveSession:
    """A session in which all this happened."""
    feed = Feed(About(URL))
    for record in records:
        feed.take(record)
    (session,) = feed.sessions
    return session


def called(number: int = 0, at: float = 0.0) -> tuple[Record, ...]:
    """A tool is called, and a stream answers."""
    return Asked(number, at, "c", "POST", URL, (), CALL % number), Head(number, at, 200, STREAM)


def resumed(number: int, after: int | str, *came: bytes, at: float = 1.0) -> tuple[Record, ...]:
    """Another leg."""
    headers = (("Last-Event-ID", str(after)),)
    asked = Asked(number, at, "c", "GET", URL, headers, b""), Head(number, at, 200, STREAM)
    return *asked, *(Chunk(number, at, data) for data in came)


def cut(number: int, at: float = 0.5) -> Lost:
    return Lost(number, at, "cut off", "cut")


def begun(*records: Record) -> LiveStream:
    """A stream that began with events 1 and 2 and was then cut, and what came after that."""
    (stream,) = told(*called(), Chunk(0, 0.2, event(1) + event(2)), cut(0), *records).streams
    return stream


# One connection.


def test_all_was_delivered_as_long_as_nobody_says_otherwise() -> None:
    assert begun().ledger == Ledger(sent=2, delivered=2)


def test_only_events_with_data_count() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, PRIME % b"0" + b": alive\n\n" + b"id: 5\n\n" + event(1))).streams
    assert (stream.ledger, stream.events) == (Ledger(sent=1, delivered=1), 2)


def test_the_same_event_on_one_connection_came_twice() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, event(1) + event(1))).streams
    assert stream.ledger == Ledger(sent=1, delivered=1, duplicated=1)


def test_an_id_that_is_used_for_something_else_is_another_event() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, event(1, "a") + event(1, "b"))).streams
    assert stream.ledger == Ledger(sent=2, delivered=2)


def test_what_has_no_id_is_never_the_same() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, event() * 3)).streams
    assert stream.ledger == Ledger(sent=3, delivered=3)


def test_what_we_kept_back_is_lost() -> None:
    assert begun(Kept(0, 0.5, "3"), Kept(0, 0.5, None)).ledger == Ledger(sent=4, delivered=2, lost=2)


# Resumed.


def test_what_we_kept_back_is_not_lost_once_it_is_replayed() -> None:
    stream = begun(Kept(0, 0.5, "3"), *resumed(1, 2, event(3)))
    assert stream.ledger == Ledger(sent=3, delivered=3, replayed=1)
    assert len(stream.legs) == 2


def test_what_the_client_did_not_have_is_replayed() -> None:
    assert begun(*resumed(1, 1)).ledger == Ledger(sent=2, delivered=1, lost=1)
    assert begun(*resumed(1, 1, event(2))).ledger == Ledger(sent=2, delivered=2, replayed=1)


def test_what_the_client_had_comes_twice() -> None:
    assert begun(*resumed(1, 2, event(1), event(2))).ledger == Ledger(sent=2, delivered=2, duplicated=2)


def test_what_is_replayed_more_than_once_for_one_wish_comes_twice() -> None:
    assert begun(*resumed(1, 1, event(2), event(2))).ledger == Ledger(sent=2, delivered=2, replayed=1, duplicated=1)


def test_whether_an_event_had_been_waiting_that_comes_first_after_the_cut_is_not_known() -> None:
    ledger = begun(Kept(0, 0.5, "3"), *resumed(1, 2, event(3), event(4))).ledger
    assert ledger == Ledger(sent=4, delivered=4, replayed=1, first_seen_late=1)
    assert str(ledger) == "4 sent, 4 delivered, at least 1 replayed, 0 lost, 0 twice"


def test_each_leg_begins_where_the_client_says() -> None:
    """2 is missing on the first leg; the second brings 3 only, the third brings the rest."""
    second = (*resumed(1, 1, event(2), event(3)), cut(1, 1.5))
    assert begun(*second, *resumed(2, 1, at=2.0)).ledger == Ledger(
        3, delivered=1, lost=2, replayed=1, first_seen_late=1
    )
    third = begun(*second, *resumed(2, 1, event(2), event(3), at=2.0))
    assert third.ledger == Ledger(sent=3, delivered=3, replayed=3, first_seen_late=1)


def test_what_is_left_out_stays_lost_whatever_the_client_resumes_after_later() -> None:
    second = (*resumed(1, 1, event(3)), cut(1, 1.5))
    third = begun(*second, *resumed(2, 3, event(4), at=2.0))
    assert third.ledger == Ledger(sent=4, delivered=3, lost=1, first_seen_late=2)


def test_a_priming_event_is_a_place_to_resume_from() -> None:
    """Polling, as 2025-11-25 has it: the answer comes by GET, after the event that primed the client."""
    polling = *called(), Chunk(0, 0.1, PRIME % b"p0"), End(0, 0.2), *resumed(1, "p0", PRIME % b"p1"), End(1, 1.1)
    (stream,) = told(*polling, *resumed(2, "p1", event(1), at=2.0), End(2, 2.1)).streams
    assert (stream.ledger, len(stream.legs)) == (Ledger(sent=1, delivered=1, first_seen_late=1), 3)


def test_a_priming_event_on_a_later_leg_does_not_say_that_the_client_has_the_rest() -> None:
    later = *resumed(1, 1, PRIME % b"p1"), cut(1, 1.5), *resumed(2, "p1", event(2), at=2.0)
    assert begun(*later).ledger == Ledger(sent=2, delivered=2, replayed=1)


def test_events_without_an_id_may_have_come_before() -> None:
    first = *called(), Chunk(0, 0.1, event(1) + event() + event()), cut(0)
    (stream,) = told(*first, *resumed(1, 1)).streams
    assert stream.ledger == Ledger(sent=3, delivered=1, lost=2)
    (stream,) = told(*first, *resumed(1, 1, event())).streams
    assert stream.ledger == Ledger(sent=4, delivered=2, lost=2, first_seen_late=1, nameless_late=1)
    assert str(stream.ledger) == (
        "at most 4 sent, at most 2 delivered, at least 0 replayed, at most 2 lost, at least 0 twice"
    )


def test_an_event_without_an_id_that_we_kept_back_is_lost_once() -> None:
    assert begun(Kept(0, 0.5, None), *resumed(1, 2)).ledger == Ledger(sent=3, delivered=2, lost=1)
    again = begun(Kept(0, 0.5, None), *resumed(1, 2), cut(1, 1.5), *resumed(2, 1, at=2.0))
    assert again.ledger == Ledger(sent=3, delivered=1, lost=2)


def test_an_empty_id_takes_the_means_to_resume_away() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, event(1) + b"id\ndata: 1\n\n"), cut(0)).streams
    assert (stream.last_id, stream.state) == (None, "ended")


# Which stream.


def test_an_unknown_event_id_resumes_nothing_that_we_saw() -> None:
    first, second = told(*called(), Chunk(0, 0.1, event(1)), cut(0), *resumed(1, "older", event(2))).streams
    assert (first.ledger, first.state) == (Ledger(sent=1, delivered=1), "severed")
    assert second.ledger == Ledger(sent=1, delivered=1, first_seen_late=1)


def test_the_id_of_another_stream_resumes_that_one() -> None:
    two = *called(), *called(1), Chunk(0, 0.1, event("a1")), Chunk(1, 0.1, event("b1")), cut(0), cut(1)
    first, second = told(*two, *resumed(2, "a1", event("a2"))).streams
    assert [len(first.legs), len(second.legs)] == [2, 1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_streams_with_one_event_id_the_one_that_broke_off_there_goes_on_and_nothing_is_certain(
    order: tuple[int, int],
) -> None:
    broken, other = order
    two = *called(), *called(1), Chunk(0, 0.1, event(1)), Chunk(1, 0.1, event(1)), Chunk(other, 0.2, event(2))
    streams = told(*two, cut(broken), *resumed(2, 1, event(3))).streams
    assert len(streams[broken].legs) == 2
    assert str(streams[broken].ledger).startswith("about 2 sent, about 2 delivered")


def test_a_client_may_come_back_before_we_know_that_it_has_gone() -> None:
    (stream,) = told(*called(), Chunk(0, 0.1, event(1)), *resumed(1, 1), cut(0, 2.0)).streams
    assert (stream.state, stream.legs[-1].leg) == ("open", 2)


def test_a_stream_is_known_by_its_newest_ids_however_long_it_is() -> None:
    more = [Chunk(1, 1.0, event(number)) for number in range(3, 20_003)]
    stream = begun(*resumed(1, 2), *more, cut(1, 2.0), *resumed(2, 20_001, event(20_002), at=3.0))
    assert stream.ledger == Ledger(sent=20_002, delivered=20_002, replayed=1, first_seen_late=20_000)


def test_of_many_legs_the_first_and_the_newest_are_kept() -> None:
    legs = (r for n in range(1, 300) for r in (*resumed(n, n + 1, event(n + 2), at=n), cut(n, n + 0.5)))
    stream = begun(*legs)
    assert (stream.leg_count, len(stream.legs), stream.legs[0].leg, stream.legs[-1].leg) == (300, 101, 1, 300)
    assert stream.ledger == Ledger(sent=301, delivered=301, first_seen_late=299)


# Whatever happens.

IDS = st.sampled_from(["", "1", "2", "3", "4"])
HAPPENED = st.tuples(st.sampled_from(["came", "came", "kept back", "resumed"]), IDS, st.sampled_from(["", "a", "b"]))


@settings(max_examples=300, deadline=None)
@given(st.lists(HAPPENED, max_size=25))
def test_what_was_sent_was_delivered_or_lost(happened: list[tuple[str, str, str]]) -> None:
    ledger, later = Ledger(), False
    for what, id, said in happened:
        if what == "came":
            ledger.came(Event(0.0, b"", data=said, id=id or None), later)
        elif what == "kept back":
            ledger.kept_back(id or None)
        elif ledger.knows(id):
            ledger.resumed(id)
            later = True
        assert ledger.sent == ledger.delivered + ledger.lost
        assert min(ledger.delivered, ledger.lost, ledger.replayed, ledger.duplicated) >= 0
