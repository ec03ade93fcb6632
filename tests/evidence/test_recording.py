"""A recording of live traffic: line by line, back again, and judged like any trace."""

from pathlib import Path

import pytest

from conformance.__main__ import main
from conformance.evidence import archive, files, recording
from conformance.evidence.lines import BadEvidence, object_of
from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Kept, Lost, Record
from conformance.evidence.trace import Message

ABOUT = About("http://127.0.0.1:3000/mcp", "2026-01-02T03:04:05+00:00", "test")
INITIALIZE = b"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",
"capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"""
ANSWER = b"""{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},
"serverInfo":{"name":"s","version":"1"}}}"""
ASKED = Asked(7, 0.5, "c1", "POST", ABOUT.upstream, (("Accept", "text/event-stream"),), INITIALIZE)
HEAD = Head(7, 0.625, 200, (("Content-Type", "text/event-stream"), ("X", "\xe9")))
EVENT = b"id: 1\ndata: " + ANSWER.replace(b"\n", b"") + b"\n\n"
RECORDS: tuple[Record, ...] = (
    ASKED,
    HEAD,
    Chunk(7, 0.75, EVENT[:9]),
    Chunk(7, 1.0, EVENT[9:] + b": \xff\n"),
    Deed(7, 1.25, "cut after the next event"),
    Kept(7, 1.25, "2"),
    Kept(7, 1.25, None),
    Lost(7, 1.25, "cut off", "cut by the inspector"),
    Asked(9, 2.0, "c1", "GET", ABOUT.upstream, (), b""),
    Head(9, 2.5, 405, ()),
    End(9, 2.5),
)


def written(path: Path, records: tuple[Record, ...] = RECORDS) -> Path:
    path.write_bytes(recording.about_line(ABOUT) + b"".join(recording.record_line(record) for record in records))
    return path


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert recording.record_of(object_of(recording.record_line(record))) == record


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    assert recording.read(written(tmp_path / "r.jsonl")) == recording.Recording(ABOUT, RECORDS)


def test_played_back_it_is_the_trace_that_was_seen(tmp_path: Path) -> None:
    first, second = files.read(written(tmp_path / "r.jsonl")).exchanges
    assert (first.started, first.head_at, first.ended) == (0.5, 0.625, 1.25)
    assert first.ending == "cut off"
    assert [event.id for event in first.events] == ["1"]
    assert [event.at for event in first.events] == [1.0]
    assert [m.kind for m in first.messages if isinstance(m, Message)] == ["request", "result"]
    assert (second.number, second.status, second.ending) == (1, 405, "complete")


def test_what_was_written_before_a_crash_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    kept = recording.read(path)
    assert kept.records == RECORDS[:-1]
    assert kept.notes == ("the recording breaks off in line 12; what stands before it was read",)
    assert files.read(path).notes == kept.notes


def test_a_trace_is_still_read_as_one(tmp_path: Path) -> None:
    trace = recording.Recording(ABOUT, RECORDS).trace()
    archive.write(trace, tmp_path / "t.jsonl")
    assert files.read(tmp_path / "t.jsonl").exchanges == trace.exchanges


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"n":1,"at":0.0}', "a record says neither asked, head, chunk, ending, deed nor kept"),
        ('{"n":"1","at":0.0,"deed":""}', "n is '1', expected a whole number"),
        ('{"n":1,"at":0.0,"ending":"burnt"}', "ending is 'burnt', expected one of open"),
        ('{"n":1,"at":0.0,"chunk":7}', "chunk holds neither text nor base64"),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(recording.about_line(ABOUT) + line.encode() + b"\n")
    with pytest.raises(BadEvidence, match=f"line 2: {complaint}"):
        files.read(path)


def test_a_recording_is_judged_like_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(written(tmp_path / "r.jsonl"))]) in (0, 1)
    assert "2025-11-25 PASS           jsonrpc.id-echo" in capsys.readouterr().out
