"""What httpx-sse makes of bytes that are right."""

import pytest

from conformance.judging.interop import notes
from tests.tape import Tape, message_event, request, result


def notes_on(*events: str) -> list[str]:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "tools/call"), events=events)
    return list(notes(tape.trace))


def test_plain_events_need_no_note() -> None:
    assert notes_on("id: 1\ndata:\n\n", message_event(result(2), id="2")) == []


def test_a_byte_order_mark_hides_the_first_message() -> None:
    (note,) = notes_on("\ufeff" + message_event(result(2)))
    assert "misses 1 message" in note


def test_a_comment_after_an_id_becomes_an_event_without_data() -> None:
    (note,) = notes_on(message_event(result(2), id="1"), ": still here\n\n")
    assert "sees 1 event without data" in note


def test_an_event_without_a_blank_line_behind_it_is_lost_on_everybody() -> None:
    (note,) = notes_on("id: 1\ndata:\n\n", message_event(result(2), id="2").rstrip("\n") + "\n")
    assert "1 stream ended in the middle of an event" in note


@pytest.mark.parametrize(
    ("exposed", "notes_given"), [("", 1), ("WWW-Authenticate", 1), ("x, Mcp-Session-Id", 0), ("*", 0)]
)
def test_a_page_of_another_origin_has_to_see_the_session_id(exposed: str, notes_given: int) -> None:
    tape = Tape()
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": exposed, "Mcp-Session-Id": "abc"}
    tape.post(request(1, "initialize"), answer=result(1), response_headers=headers)
    assert len([note for note in notes(tape.trace) if "Access-Control-Expose-Headers" in note]) == notes_given
