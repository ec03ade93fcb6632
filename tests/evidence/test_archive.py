"""A trace that was written is read back without a difference, and what is no trace is refused in one sentence."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.evidence import archive, lines
from conformance.evidence.lines import BadEvidence
from conformance.evidence.recorder import Limits, Recorder
from conformance.evidence.trace import Ending, Trace
from tests.tape import Tape, error, message_event, request, result

ENDINGS: list[Ending] = ["open", "complete", "hung up", "lost", "cut off", "timed out"]
HEADERS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12)), max_size=3).map(tuple)
MEDIA_TYPES = st.sampled_from(["text/event-stream", "application/json", "text/html; charset=latin-1", ""])
PIECES = st.sampled_from(
    [
        b'{"jsonrpc":"2.0","id":1,"result":{}}',
        b"data: ",
        b"id: 7",
        b": x",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
    ]
)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Whatever a recorder may have written down."""
    time = iter(range(10_000))
    recorder = Recorder(revision=draw(st.none() | st.text()), target=draw(st.text()), clock=lambda: next(time) / 7)
    for _ in range(draw(st.integers(0, 3))):
        body = draw(st.binary(max_size=20) | PIECES)
        words = st.none() | st.text(max_size=5)
        number = recorder.request(
            "c", "POST", "http://x/é", draw(HEADERS), body, story=draw(words), intent=draw(words), token=draw(words)
        )
        if draw(st.booleans()):
            head = (("Content-Type", draw(MEDIA_TYPES)), *draw(HEADERS))
            recorder.head(number, draw(st.sampled_from([200, 202, 404])), head)
            for chunk in draw(st.lists(PIECES | st.binary(max_size=9), max_size=12)):
                recorder.chunk(number, chunk)
        ending = draw(st.sampled_from(ENDINGS))
        if ending == "complete":
            recorder.end(number)
        elif ending != "open":
            recorder.lost(number, draw(st.text(max_size=9)), ending)
    return replace(recorder.trace(), suite=draw(st.text()), notes=tuple(draw(st.lists(st.text(), max_size=2))))


@given(trace=traces())
def test_every_trace_survives_the_file(tmp_path_factory: pytest.TempPathFactory, trace: Trace) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    archive.write(trace, path)
    assert archive.read(path) == trace


def tape() -> Tape:
    tape = Tape()
    tape.initialize(session_id="abc")
    events: list[str | bytes] = [
        b"\xef\xbb\xbfid: 1\ndata:\n\n",
        ": héllo ✓\r\n\r\n",
        message_event(result(2)),
        b"data: \xff\r\r",
        "data: cut",
    ]
    tape.post(request(2, "tools/call"), events=events)
    tape.post(b"\xff\xfe", answer=error(3), status=400)
    tape.post([request(4, "ping")], answer=[result(4)], ending="open")
    return tape


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "trace.jsonl"
    archive.write(tape().trace, path)
    return path


def test_events_messages_and_times_come_back(saved: Path) -> None:
    again = archive.read(saved)
    assert again == tape().trace
    assert [event.comments for event in again.exchanges[1].events][1] == ("héllo ✓",)
    assert again.exchanges[1].tail == b"data: cut"


def test_text_stays_legible_and_nothing_is_stored_twice(saved: Path) -> None:
    header, *lines = [json.loads(line) for line in saved.read_text(encoding="utf-8").splitlines()]
    assert header["format"] == "mcp-http-trace"
    assert lines[1]["events"][1][1] == ": héllo ✓\r\n\r\n"
    assert lines[1]["events"][3][1] == {"base64": "ZGF0YTog/w0N"}
    assert lines[2]["request_body"] == {"base64": "//4="}
    assert not any("messages" in line for line in lines)


def test_what_was_cut_off_while_recording_stays_cut_off(tmp_path: Path) -> None:
    recorder = Recorder(limits=Limits(exchange=10))
    number = recorder.request("c", "GET", "http://x", (), b"")
    recorder.head(number, 200, (("content-type", "application/json"),))
    recorder.chunk(number, b'{"jsonrpc": "2.0"}')
    archive.write(recorder.trace(), tmp_path / "t")
    assert archive.read(tmp_path / "t").exchanges[0].ending == "cut off"


def test_a_last_line_that_was_cut_off_costs_only_itself(saved: Path) -> None:
    whole = saved.read_bytes()
    last = whole[:-1].rfind(b"\n") + 1
    for size in (last + 1, last + 50, len(whole) - 2):
        saved.write_bytes(whole[:size])
        again = archive.read(saved)
        assert again.exchanges == tape().trace.exchanges[:-1]
        assert again.notes == ("the recording breaks off in line 5; what stands before it was read",)


def test_a_last_line_that_only_lacks_its_end_is_whole(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-1])
    assert archive.read(saved) == tape().trace


HEADER = '{"format":"mcp-http-trace","version":1,"suite":"","target":"","revision":null,"notes":[]}\n'
EXCHANGE = '{"number":0,"client":"c","method":"GET","url":"http://x","started":0.5'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: the file is empty, expected a trace"),
        ("hello\n", "line 1: not JSON"),
        ("[]\n", "line 1: JSON, but no object"),
        ('{"log": {"version": "1.2"}}\n', 'line 1: no trace of this suite: expected "format": "mcp-http-trace"'),
        (HEADER.replace("1,", "2,"), "line 1: a trace of version 2; this suite reads version 1"),
        (HEADER.replace("[]", "[1]"), "line 1: notes is no list of texts"),
        (HEADER[:40], "line 1: not JSON"),
        (HEADER + "{}\n", "line 2: number is missing"),
        (HEADER + EXCHANGE + ',"status":"200"}\n', "line 2: status is '200', expected a whole number"),
        (HEADER + EXCHANGE + ',"status":true}\n', "line 2: status is True, expected a whole number"),
        (HEADER + EXCHANGE + ',"ending":"bad"}\n', "line 2: ending is 'bad', expected one of open"),
        (HEADER + EXCHANGE + ',"ending":[]}\n', "line 2: ending is [], expected one of open"),
        (HEADER + EXCHANGE + ',"colour":1}\n', "line 2: an exchange has no 'colour'"),
        (HEADER + EXCHANGE + ',"body":{"base64":"%"}}\n', "line 2: body holds neither text nor base64"),
        (HEADER + EXCHANGE + ',"body":"\\ud800"}\n', "line 2: body holds neither text nor base64"),
        (HEADER + EXCHANGE + ',"events":{}}\n', "line 2: events is no list"),
        (HEADER + EXCHANGE + ',"response_headers":[["a"]]}\n', "line 2: a header of response_headers is no pair"),
        (HEADER + EXCHANGE + ',"head_at":NaN}\n', "line 2: not JSON: NaN is not a JSON number"),
        (HEADER + EXCHANGE + f',"head_at":{"9" * 400}}}\n', "line 2: head_at is 999"),
        (HEADER + "[" * 100_000 + "\n", "line 2: nested too deeply to be read"),
        (HEADER + (EXCHANGE + "}\n") * 2, "line 3: exchange 0 was there before"),
    ],
)
def test_what_is_no_trace_is_refused_in_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "some file"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadEvidence) as refusal:
        archive.read(path)
    assert str(refusal.value).startswith(f"{path}, {complaint}")
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < len(str(path)) + 200


def test_events_are_checked_where_there_is_a_stream(tmp_path: Path) -> None:
    stream = (
        EXCHANGE + ',"status":200,"response_headers":[["Content-Type","text/event-stream"]],"events":[[{},""]]}\n'
    )
    (tmp_path / "t").write_text(HEADER + stream)
    with pytest.raises(BadEvidence, match=r"line 2: time is \{\}, expected a number"):
        archive.read(tmp_path / "t")


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match="cannot be read: No such file or directory"):
        archive.read(tmp_path / "nothing")
    with pytest.raises(BadEvidence, match="cannot be read: Is a directory"):
        archive.read(tmp_path)


def test_a_huge_line_is_refused_before_it_fills_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LONGEST_LINE", 1000)
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(HEADER.encode())
        os.truncate(file.fileno(), 10**9)
    with pytest.raises(BadEvidence, match="line 2: too long for a trace"):
        archive.read(path)
