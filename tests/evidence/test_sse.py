"""The reader of event streams: every rule of the WHATWG HTML standard, 9.2.5 and 9.2.6, whole and cut anywhere."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.evidence.sse import EventReader, interpret
from conformance.evidence.trace import Event


def read(*chunks: bytes) -> list[Event]:
    """The events of a stream that came in these pieces."""
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk, 0.0)]


def only(raw: bytes) -> Event:
    (event,) = read(raw)
    return event


def without_bytes(events: list[Event]) -> list[Event]:
    return [replace(event, raw=b"") for event in events]


# The rules, one by one.


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_ends_with_any_of_three(end: bytes) -> None:
    assert [e.data for e in read(end.join([b"data: a", b"data: b", b"", b"data: c", b"", b""]))] == ["a\nb", "c"]


def test_line_ends_may_be_mixed() -> None:
    assert only(b"data: a\rdata: b\ndata: c\r\n\r").data == "a\nb\nc"


def test_lf_then_cr_are_two_ends_of_line() -> None:
    assert [e.data for e in read(b"data: a\n\rdata: b\n\r")] == ["a", "b"]


def test_a_byte_order_mark_at_the_start_is_dropped() -> None:
    assert only(b"\xef\xbb\xbfdata: a\n\n").data == "a"


def test_a_byte_order_mark_alone_on_the_first_line_is_an_empty_line() -> None:
    assert only(b"\xef\xbb\xbf\ndata: a\n\n").data == "a"


def test_only_one_byte_order_mark_is_dropped_and_only_at_the_start() -> None:
    assert only(b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n").data is None
    assert [e.data for e in read(b"data: a\n\n\xef\xbb\xbfdata: b\n\n")] == ["a", None]
    assert only(b"data: \xef\xbb\xbfa\n\n").data == "\ufeffa"


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert only(b"data: a\xffb\xe2\x82\n\n").data == "a\ufffdb\ufffd"


def test_a_character_may_be_cut_anywhere() -> None:
    raw = "data: 𝄞\n\n".encode()
    for cut in range(len(raw)):
        (event,) = read(raw[:cut], raw[cut:])
        assert event.data == "𝄞"


def test_only_one_space_after_the_colon_is_dropped() -> None:
    assert only(b"data:a\ndata: b\ndata:  c\ndata:\td\n\n").data == "a\nb\n c\n\td"


def test_a_line_without_colon_is_a_field_without_value() -> None:
    assert only(b"data\ndata\n\n").data == "\n"
    assert only(b"id\ndata: a\n\n").id == ""


def test_the_value_may_have_colons() -> None:
    assert only(b"data: a: b:c\n\n").data == "a: b:c"


def test_a_line_that_begins_with_a_colon_is_a_comment() -> None:
    event = only(b": one\n:two\n:\ndata: a\n\n")
    assert (event.comments, event.data) == (("one", "two", ""), "a")


def test_a_comment_alone_is_a_block_that_carries_no_message() -> None:
    event = only(b": still here\n\n")
    assert (event.comments, event.data, event.carries_message) == (("still here",), None, False)


def test_names_of_fields_are_exact() -> None:
    event = only(b"Data: a\ndata : b\n data: c\nDATA: d\nID: e\nunknown: f\n\n")
    assert (event.data, event.id) == (None, None)


def test_the_last_id_and_the_last_name_of_a_block_count() -> None:
    event = only(b"id: 1\nevent: a\nid: 2\nevent: b\ndata: x\n\n")
    assert (event.id, event.name) == ("2", "b")


def test_an_id_with_a_null_character_does_not_count() -> None:
    assert only(b"id: 1\nid: 2\x003\ndata: a\n\n").id == "1"


def test_an_empty_id_is_an_id() -> None:
    assert only(b"id:\ndata: a\n\n").id == ""


@pytest.mark.parametrize(("value", "retry"), [(b"10", 10), (b"0", 0), (b"007", 7)])
def test_retry_is_a_number_of_milliseconds(value: bytes, retry: int) -> None:
    assert only(b"retry: " + value + b"\n\n").retry == retry


@pytest.mark.parametrize("value", [b"", b"1.5", b"-1", b"+1", b"1 ", b"1e3", b"0x10", "١".encode(), "²".encode()])
def test_retry_that_is_not_ascii_digits_is_ignored(value: bytes) -> None:
    assert only(b"retry: 5\nretry: " + value + b"\n\n").retry == 5


def test_retry_of_thousands_of_digits_is_survived() -> None:
    retry = only(b"retry: " + b"9" * 10_000 + b"\n\n").retry
    assert retry is not None
    assert retry > 10**14


def test_an_event_with_an_id_and_empty_data_carries_no_message() -> None:
    event = only(b"id: 1\ndata:\n\n")
    assert (event.id, event.data, event.carries_message) == ("1", "", False)


def test_an_id_without_data_is_told_from_one_with_empty_data() -> None:
    assert only(b"id: 1\n\n").data is None


def test_blank_lines_make_no_events() -> None:
    assert [e.data for e in read(b"\n\n\r\n\rdata: a\n\n\n\n\n")] == ["a"]


def test_a_block_without_its_blank_line_is_no_event() -> None:
    reader = EventReader()
    assert reader.feed(b"data: a\n\ndata: b\nid: 2\n", 1.0) == [Event(1.0, b"data: a\n\n", data="a")]
    assert reader.tail == b"data: b\nid: 2\n"


def test_an_event_has_the_time_of_the_bytes_that_complete_it() -> None:
    reader = EventReader()
    assert reader.feed(b"data: a\n", 1.0) == []
    (event,) = reader.feed(b"\n", 2.0)
    assert event.at == 2.0


def test_cr_ends_a_line_at_once_and_the_lf_behind_it_is_no_other() -> None:
    reader = EventReader()
    assert len(reader.feed(b"data: a\r\r", 1.0)) == 1
    assert reader.feed(b"\ndata: b\r", 2.0) == []
    assert reader.feed(b"", 3.0) == []
    (event,) = reader.feed(b"\n\r", 4.0)
    assert event.data == "b"


# A second reader, slow and obvious, straight from the text of the standard.


def split_into_lines(text: str) -> list[str]:
    """9.2.5: any-char runs, each followed by CR LF, LF or CR; what follows the last end is no line."""
    lines: list[str] = []
    line = ""
    while text:
        if text.startswith("\r\n"):
            lines, line, text = [*lines, line], "", text[2:]
        elif text[0] in "\r\n":
            lines, line, text = [*lines, line], "", text[1:]
        else:
            line, text = line + text[0], text[1:]
    return lines


class Plain:
    """9.2.6: the buffers of one block. A field that never came is None."""

    def __init__(self) -> None:
        self.data: str | None = None
        self.id: str | None = None
        self.name: str | None = None
        self.retry: int | None = None
        self.comments: tuple[str, ...] = ()
        self.empty = True

    def process(self, line: str) -> None:
        self.empty = False
        if line[0] == ":":
            comment = line[1:]
            self.comments += (comment[1:] if comment[:1] == " " else comment,)
        elif ":" in line:
            field, value = line[: line.index(":")], line[line.index(":") + 1 :]
            self.field(field, value[1:] if value[:1] == " " else value)
        else:
            self.field(line, "")

    def field(self, name: str, value: str) -> None:
        if name == "event":
            self.name = value
        if name == "data":
            self.data = value if self.data is None else self.data + "\n" + value
        if name == "id" and "\0" not in value:
            self.id = value
        if name == "retry" and value and all(c in "0123456789" for c in value):
            self.retry = int(value)


def read_plainly(raw: bytes) -> list[Event]:
    text = raw.decode("utf-8", "replace")
    text = text[1:] if text[:1] == "\ufeff" else text
    found, block = [], Plain()
    for line in split_into_lines(text):
        if line:
            block.process(line)
        elif not block.empty:
            found.append(Event(0.0, b"", block.data, block.id, block.name, block.retry, block.comments))
            block = Plain()
    return found


WORDS = ["data", "id", "event", "retry", "x", ":", " ", "\n", "\r", "\r\n", "\n\n", "12", "\0", "\t", "data: a\n\n"]
BEYOND = ["\ufeff", "\u2028", "é", "𝄞"]
BROKEN = [b"\xef", b"\xbb", b"\xff"]
PIECES = st.sampled_from([*(word.encode() for word in WORDS + BEYOND), *BROKEN])
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)


@given(STREAMS)
def test_both_readers_agree(raw: bytes) -> None:
    assert without_bytes(read(raw)) == read_plainly(raw)


@given(STREAMS)
def test_it_does_not_matter_where_the_bytes_are_cut(raw: bytes) -> None:
    whole = without_bytes(read(raw))
    assert without_bytes(read(*(raw[n : n + 1] for n in range(len(raw))))) == whole
    for cut in range(len(raw)):
        assert without_bytes(read(raw[:cut], raw[cut:])) == whole


@given(st.lists(STREAMS, max_size=5))
def test_no_byte_is_lost(chunks: list[bytes]) -> None:
    reader = EventReader()
    events = [event for chunk in chunks for event in reader.feed(chunk, 0.0)]
    assert b"".join(event.raw for event in events) + reader.tail == b"".join(chunks)


@given(st.binary(max_size=200))
def test_garbage_is_survived(raw: bytes) -> None:
    assert without_bytes(read(raw)) == read_plainly(raw)


def test_a_block_can_be_read_alone() -> None:
    assert interpret([b"id: 1", b"data: a"], b"raw", 3.0) == Event(3.0, b"raw", data="a", id="1")


def test_a_long_line_byte_by_byte_is_read() -> None:
    raw = b"data: " + b"x" * 250_000 + b"\n\n"
    (event,) = read(*(raw[n : n + 1] for n in range(len(raw))))
    assert event.data == "x" * 250_000
