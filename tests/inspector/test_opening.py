"""What can be opened: a recording, the trace of a run, and a sentence about everything else."""

import gzip
from pathlib import Path

import pytest

from conformance.evidence import archive, recording
from conformance.evidence.lines import BadEvidence
from conformance.evidence.recorder import Limits
from conformance.evidence.recording import Deed
from inspector.opening import opened
from tests.inspector.traffic import ABOUT, client_life
from tests.tape import Tape, message_event, notification, request, result

WHOLE = Limits(2**30, 10**7, 2**30, 10**7)


def saved(folder: Path) -> Path:
    """The trace of a little run, in which a stream broke off in the middle of an event."""
    tape = Tape()
    tape.initialize(session_id="one")
    tape.post(notification("notifications/initialized"))
    tape.post(request(2, "ping"), answer=result(2), intent="the id was used before")
    tape.get(events=[": hello\n\n", message_event(notification("notifications/message"), id="7"), "data: half"])
    tape.get(events=["id: 8\ndata:\n\n"], ending="lost")
    tape.begin("POST", b"{}")
    archive.write(tape.trace, folder / "trace.jsonl.gz")
    return folder / "trace.jsonl.gz"


def test_a_trace_opened_as_a_recording_makes_the_same_trace(tmp_path: Path) -> None:
    before, after = archive.read(saved(tmp_path)), opened(tmp_path / "trace.jsonl.gz").trace(WHOLE)
    for one, other in zip(before.exchanges, after.exchanges, strict=True):
        assert (one.url, one.status, one.body, one.tail, one.messages) == (
            *(other.url, other.status, other.body, other.tail, other.messages),
        )
        assert (one.events, one.ending, one.started, one.ended) == (
            *(other.events, other.ending, other.started, other.ended),
        )


def test_what_the_suite_did_on_purpose_is_said(tmp_path: Path) -> None:
    deeds = [record.what for record in opened(saved(tmp_path)).records if isinstance(record, Deed)]
    assert deeds == ["the suite did this on purpose: the id was used before"]


def test_a_recording_is_opened_as_it_is(tmp_path: Path) -> None:
    whole, path = client_life("2026-07-28"), tmp_path / "r.jsonl"
    path.write_bytes(recording.about_line(ABOUT) + b"".join(map(recording.record_line, whole.records)))
    assert opened(path).about == ABOUT
    assert len(opened(path).records) == len(whole.records)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1: the file is empty, expected a trace"),
        (b"GIF89a", "line 1: not JSON"),
        (b'{"format":"something else"}\n', 'no trace of this suite: expected "format"'),
        (gzip.compress(b"[1]\n"), "line 1: "),
    ],
)
def test_what_cannot_be_opened_says_why_in_a_sentence(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / ("x.jsonl.gz" if content.startswith(b"\x1f") else "x.jsonl")
    path.write_bytes(content)
    with pytest.raises(BadEvidence) as caught:
        opened(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match="cannot be read: No such file"):
        opened(tmp_path / "nothing.jsonl")
