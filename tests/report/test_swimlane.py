"""Pictures: well-formed, in order, bounded, and with everything where it happened."""

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from conformance.evidence.trace import Exchange, Place
from conformance.report.layout import Layout, laid_out
from conformance.report.swimlane import Note, swimlane
from tests.report.runs import EVIL, call, eventful, hostile, progress
from tests.tape import Tape, message_event, request, result


def layout(tape: Tape, joined: dict[int, int] | None = None, noted: tuple[Place, ...] = ()) -> Layout:
    return laid_out(tape.trace.exchanges, joined or {}, noted)


def words(picture: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(picture).iter("text")]


def test_rows_are_in_order_of_time_and_do_not_overlap() -> None:
    rows = layout(eventful()).rows
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert all(below.y - above.y >= 14 for above, below in itertools.pairwise(rows))


def test_a_pause_is_cut_and_says_how_long_it_was() -> None:
    gaps = [row.words for row in layout(eventful()).rows if row.kind == "gap"]
    assert "2.60 s pass" in gaps
    assert "10 s pass" in gaps


def test_streams_at_once_stand_side_by_side_and_others_below_each_other() -> None:
    lanes = layout(eventful()).lanes
    assert (lanes[7].column, lanes[8].column) == (0, 1)
    assert {lanes[number].column for number in (0, 1, 2, 3, 9, 10)} == {0}


def test_a_resumed_leg_stands_under_its_origin() -> None:
    tape = Tape()
    left = tape.begin("POST")
    right = tape.begin("POST")
    for number in (left, right):
        tape.head(number, 200, {"Content-Type": "text/event-stream"})
    tape.end(left, "hung up")
    tape.end(right, "hung up")
    resumed = tape.get(after="b1", events=[message_event(result(1))])
    drawn = layout(tape, {resumed: right})
    assert drawn.lanes[right].column == drawn.lanes[resumed].column == 1
    picture = swimlane(tape.trace.exchanges, joined={resumed: right}, title="resumed")
    assert picture.count('class="join') == 1
    assert "GET resumes after 'b1'" in words(picture)


def test_of_many_events_the_first_and_last_are_drawn_and_those_with_findings() -> None:
    tape = Tape()
    number = tape.post(call(1), events=[message_event(progress(1, n)) for n in range(200)])
    drawn = layout(tape, noted=(Place(number, 100),))
    shown = [row for row in drawn.rows if row.kind == "event"]
    assert [row.events.start for row in shown] == [0, 1, 2, 3, 4, 5, 6, 7, 100, 197, 198, 199]
    assert [row.words for row in drawn.rows if row.kind == "more"] == ["… 92 more events", "… 96 more events"]
    assert drawn.lanes[number].row_of(Place(number, 100)).events.start == 100
    assert drawn.lanes[number].row_of(Place(number, 50)).kind == "more"


def test_a_finding_stands_at_its_arrow() -> None:
    tape = Tape()
    tape.initialize()
    number = tape.post(request(2, "ping"), answer=result(3))
    notes = [Note(Place(number), True, "the id is 3, not 2", "r/x.html"), Note(Place(99), True, "elsewhere")]
    picture = ET.fromstring(swimlane(tape.trace.exchanges, notes, joined={}, title="t"))
    (link,) = (a for a in picture.iter("a") if a.get("href") == "r/x.html")
    (note,) = link.iter("text")
    (answer,) = (text for text in picture.iter("text") if text.text == "200 result 3")
    assert int(note.get("y", 0)) - int(answer.get("y", 0)) == 8
    assert "".join(note.itertext()).endswith("× the id is 3, not 2")


def test_findings_at_one_arrow_share_a_line() -> None:
    tape = Tape()
    tape.initialize()
    notes = [Note(Place(0), bad, f"finding {bad}") for bad in (False, True, False)]
    picture = swimlane(tape.trace.exchanges, notes, joined={}, title="t")
    assert picture.count('class="note') == 1
    assert "× finding True (+2)" in picture


@pytest.mark.parametrize(
    ("ending", "said", "side"),
    [
        ("hung up", "we hung up", "ours"),
        ("lost", "the other side broke off", "theirs"),
        ("timed out", "we waited in vain and left", "theirs"),
        ("cut off", "we stopped recording", "theirs"),
        ("open", "still open when the recording ended", "ours"),
    ],
)
def test_a_cut_says_whose_doing_it_was(ending: str, said: str, side: str) -> None:
    tape = Tape()
    number = tape.begin("GET")
    tape.head(number, 200, {"Content-Type": "text/event-stream"})
    tape.end(number, ending)  # type: ignore[arg-type]
    picture = swimlane(tape.trace.exchanges, joined={}, title="t")
    assert f"0: {said}" in words(picture)
    assert f'<g class="{side}"><path class="cut"' in picture


def test_every_client_has_a_line_of_its_own() -> None:
    tape = Tape()
    for number in range(3):
        tape.client = f"story#{number}"
        tape.post(request(1, "ping"), answer=result(1))
    picture = swimlane(tape.trace.exchanges, joined={}, title="t")
    assert "3 clients" in words(picture)
    assert len(set(re.findall(r'class="ask" d="M(\d+) ', picture))) == 3


def test_a_picture_of_eighty_exchanges_at_once_stays_in_its_frame() -> None:
    tape = Tape()
    numbers = [tape.begin("POST", b'{"jsonrpc":"2.0","id":1,"method":"ping"}') for _ in range(80)]
    for number in numbers:
        tape.head(number)
        tape.end(number)
    picture = ET.fromstring(swimlane(tape.trace.exchanges, joined={}, title="t"))
    width = int(picture.get("width", 0))
    assert all(int(bar.get("x", 0)) + 4 < width for bar in picture.iter("rect"))
    assert width < 1000


@pytest.mark.parametrize("evil", [EVIL, "</title></svg>", "\ufdfd" * 500, "&amp;"])
def test_a_picture_of_hostile_traffic_is_well_formed(evil: str) -> None:
    exchanges = hostile(evil).revisions[0].trace.exchanges
    notes = [Note(Place(n), True, evil, "x.html") for n in range(5)]
    picture = ET.fromstring(swimlane(exchanges, notes, joined={}, title=evil))
    assert {element.tag for element in picture.iter()} <= {
        "svg", "title", "desc", "path", "text", "rect", "g", "a"
    }  # fmt: skip


def test_nothing_to_draw_is_drawn() -> None:
    nothing: list[Exchange] = []
    assert words(swimlane(nothing, joined={}, title="t")) == ["client", "server"]
