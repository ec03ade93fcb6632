"""Rows of the live model: which ones a violation marks, and what is left of everything when the oldest go."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence.recording import End, Record
from inspector.model.nouns import Violation
from inspector.model.rows import Rows
from tests.inspector.scene import Scene, notice, request, result
from tests.inspector.traffic import client_life


def violation(exchange: int, event: int | None = None) -> Violation:
    return Violation("k", "server", "MUST", "2025-11-25", "rule", "https://x", "seen", 1.0, exchange, event)


def test_a_violation_marks_the_row_of_its_event_and_its_session() -> None:
    scene = Scene()
    session = scene.begin("one")
    number = scene.ask(method="GET", session="one")
    scene.open(number)
    scene.say(number, notice("notifications/message"))
    marked = scene.say(number, notice("notifications/message"))
    scene.feed.found(violation(number, 1))
    assert [row.number for row in scene.feed.rows if row.marks] == [marked.number]
    assert (marked.weight, len(session.violations), scene.feed.violations[0].row) == ("MUST", 1, marked.number)
    scene.feed.withdrawn(violation(number, 1))
    assert (marked.marks, session.violations, scene.feed.violations) == ([], [], [])


def test_a_violation_of_what_is_not_shown_any_more_is_kept_without_a_row() -> None:
    scene = Scene()
    scene.feed.found(violation(99))
    assert [found.row for found in scene.feed.violations] == [None]


def records() -> Iterator[Record]:
    yield from client_life("2025-11-25").records
    yield from (replace(record, number=record.number + 1_000) for record in client_life("2026-07-28").records)


@settings(max_examples=20, deadline=None)
@given(kept=st.integers(1, 60), largest=st.sampled_from([2_000, 10**9]))
def test_whatever_goes_what_is_left_is_found(kept: int, largest: int) -> None:
    scene = Scene(Rows(kept, largest))
    for record in records():
        scene.take(record)
    scene.ask(b"", client="the last")
    rows = scene.feed.rows
    assert len(rows) <= kept
    assert [row.number for row in rows] == list(range(rows.first, rows.next_number))
    assert all(rows.get(row.number) is row for row in rows)
    assert rows.get(rows.first - 1) is None
    assert all(row in rows.around(row.exchange.number, row.position) for row in rows)
    shown = sorted(number for session in scene.sessions for number in session.rows)
    assert shown == [row.number for row in rows]
    assert all(scene.feed.exchange(row.exchange.number) is row.exchange for row in rows)


def test_what_goes_takes_its_exchanges_and_streams_along() -> None:
    scene = Scene(Rows(20))
    session = scene.begin("one")
    for call in range(1, 300):
        number = scene.ask(request(call, "tools/call"), session="one")
        scene.open(number)
        scene.say(number, result(call))
        scene.take(End(number, scene.at))
    scene.ask(request(300, "ping"), session="one")
    assert scene.feed.exchange(0) is None
    assert len(session.streams) <= 20
    assert sum(map(len, session.lanes)) <= 20


def test_what_is_told_of_violations_counts_those_too_that_are_not_kept() -> None:
    scene = Scene()
    for exchange in range(6_000):
        scene.feed.found(violation(exchange))
    scene.feed.withdrawn(violation(0))
    assert (len(scene.feed.violations), scene.feed.broken["MUST"]) == (5_000, 5_999)
