"""What was seen is kept from the start: saved later, it is whole and without secrets, or says what is missing."""

import json
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from conformance.evidence.recording import Asked, Chunk, Deed, End, Head, Lost, Record, read, record_line
from conformance.judging.check import Verdict
from inspector.keeping import spool as spool_module
from inspector.keeping.process import Keeping
from inspector.keeping.spool import Spool
from inspector.keeping.wishes import Save, Stop, Wish, Word, wish_line, wish_of, word_line, word_of
from inspector.opening import opened
from tests.clients.talking import TOKEN
from tests.inspector.kept import LIFE, content, exchanges_in, expected
from tests.inspector.traffic import ABOUT, judged

STREAM = (("Content-Type", "text/event-stream"),)
BAD = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}


class Kept:
    """A process that keeps, in this one. `words` is what it said."""

    all: ClassVar[list["Kept"]] = []

    def __init__(self, most: int = spool_module.MOST) -> None:
        self.words: list[Word] = []
        self.keeping = Keeping(ABOUT, self.words.append, most)
        self.all.append(self)

    def take(self, records: Sequence[Record]) -> None:
        for record in records:
            self.keeping.take(record_line(record))
        self.keeping.settle()

    def ask(self, wish: Wish) -> Word:
        self.keeping.take(wish_line(wish).rstrip())
        return self.words[-1]

    def troubles(self) -> list[str]:
        return [word.told for word in self.words if word.trouble]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while Kept.all:
        Kept.all.pop().keeping.close()


def test_what_was_seen_before_the_key_and_after_it_is_one_recording_like_any_other(tmp_path: Path) -> None:
    kept, file, half = Kept(), tmp_path / "saved", len(LIFE.records) // 2
    kept.take(LIFE.records[:half])
    word = kept.ask(Save(str(file), go_on=True))
    assert word == Word(f"everything since the start is in {file}, and what comes goes there too", str(file))
    kept.take(LIFE.records[half:])
    assert kept.ask(Stop()) == Word(f"{file} is complete")
    assert content(file) == expected(tmp_path)
    assert TOKEN.encode() not in file.read_bytes()


def test_a_second_recording_has_everything_again(tmp_path: Path) -> None:
    kept, third = Kept(), len(LIFE.records) // 3
    kept.take(LIFE.records[:third])
    kept.ask(Save(str(tmp_path / "one"), go_on=True))
    kept.take(LIFE.records[third : 2 * third])
    kept.ask(Stop())
    kept.take(LIFE.records[2 * third :])
    kept.ask(Save(str(tmp_path / "two"), go_on=True))
    kept.keeping.close()
    assert (tmp_path / "two").read_bytes().startswith((tmp_path / "one").read_bytes())
    assert content(tmp_path / "two") == expected(tmp_path)


def test_what_is_under_way_when_it_is_saved_is_open(tmp_path: Path) -> None:
    kept = Kept()
    kept.take([Asked(0, 0.0, "c", "GET", "http://x/mcp", (), b""), Head(0, 0.1, 200, STREAM)])
    kept.take([Chunk(0, 0.2, b"data: 1\n\ndata: ha")])
    kept.ask(Save(str(tmp_path / "now"), go_on=False))
    (exchange,) = opened(tmp_path / "now").trace().exchanges
    assert (exchange.ending, [event.data for event in exchange.events], exchange.tail) == ("open", ["1"], b"")


def test_nobody_else_can_open_what_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool(ABOUT)
    assert spool._file is not None
    facts = os.fstat(spool._file.fileno())
    assert stat.S_IMODE(facts.st_mode) == 0o600
    assert facts.st_nlink == 0
    assert list(tmp_path.iterdir()) == []
    spool.close()


def cut_at(most: int, file: Path, then: int) -> list[str]:
    """A life of which so many bytes were kept, and which is saved when so many records were seen. What was told."""
    kept = Kept(most)
    for record in LIFE.records[:then]:
        kept.take([record])
    kept.ask(Save(str(file), go_on=True))
    for record in LIFE.records[then:]:
        kept.take([record])
    kept.keeping.close()
    return [word.told for word in kept.words]


def test_when_there_is_no_more_room_it_says_so_once_and_what_comes_is_another_recording(tmp_path: Path) -> None:
    file, later = tmp_path / "saved.jsonl", tmp_path / "saved-later.jsonl"
    assert cut_at(4_000, file, 60) == [
        "0 MiB are kept: what comes later is only in recordings (r)",
        f"what was kept is in {file}, and what begins from now on goes to {later}",
    ]
    assert [r.what for r in read(file).records if isinstance(r, Deed)] == ["from here on nothing was kept"]
    assert read(later).about == read(file).about
    assert len(exchanges_in(later)) > len(exchanges_in(file)) > 0


def test_nobody_is_blamed_for_what_is_missing(tmp_path: Path) -> None:
    file, later = tmp_path / "saved.jsonl", tmp_path / "saved-later.jsonl"
    for most in range(0, 24_000, 3_000):
        for then in (len(LIFE.records) // 3, 2 * len(LIFE.records) // 3):
            cut_at(most, file, then)
            verdicts = judged(opened(file).trace()) | judged(opened(later).trace())
            assert {rule for rule, verdict in verdicts.items() if verdict in BAD} == set()


def test_after_a_gap_only_whole_exchanges_are_written(tmp_path: Path) -> None:
    kept, file = Kept(400), tmp_path / "saved"
    kept.take([Asked(0, 0.0, "c", "GET", "http://x/mcp", (), b""), Head(0, 0.1, 200, STREAM)])
    kept.take([Chunk(0, 0.2, b"data: %s\n\n" % (b"1" * 1_000))])
    kept.take([Asked(1, 0.3, "c", "GET", "http://x/mcp", (), b""), Head(1, 0.4, 200, STREAM)])
    kept.ask(Save(str(file), go_on=True))
    kept.take([Chunk(0, 0.5, b"data: 2\n\n"), End(1, 0.6), Asked(2, 0.7, "c", "GET", "http://x/mcp", (), b"")])
    kept.keeping.close()
    assert [(type(r), r.number) for r in read(file).records] == [(Asked, 0), (Head, 0), (Lost, 0), (Deed, -1)]
    assert [(type(r), r.number) for r in read(tmp_path / "saved-later").records] == [(Asked, 2)]
    assert exchanges_in(file)[0].ending == "cut off"


def test_a_recording_that_grows_is_whole_even_if_there_is_no_more_room_for_the_rest(tmp_path: Path) -> None:
    kept, file = Kept(10_000), tmp_path / "saved"
    kept.ask(Save(str(file), go_on=True))
    kept.take(LIFE.records)
    kept.keeping.close()
    assert kept.troubles() != []
    assert content(file) == expected(tmp_path)


def test_without_a_temporary_file_what_comes_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def none(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    kept, file = Kept(), tmp_path / "saved"
    assert kept.troubles() == ["nothing is kept, as no temporary file can be made: Permission denied"]
    kept.ask(Save(str(file), go_on=True))
    kept.take(LIFE.records)
    kept.keeping.close()
    assert content(tmp_path / "saved-later") == expected(tmp_path)


def test_a_full_disk_is_said_once_and_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept, file, write = Kept(), tmp_path / "saved", spool_module.write_all
    kept.take(LIFE.records[:40])
    kept.ask(Save(str(file), go_on=True))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool_module, "write_all", full)
    kept.take(LIFE.records[40:50])
    kept.take(LIFE.records[50:])
    why = "No space left on device"
    assert kept.troubles() == [f"what comes from now on is not kept: {why}", f"{file} is written no further: {why}"]
    assert kept.words[-1].growing == ""
    monkeypatch.setattr(spool_module, "write_all", write)
    kept.ask(Save(str(tmp_path / "later"), go_on=False))
    assert opened(tmp_path / "later").trace().exchanges[0].ending == "complete"


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    kept = Kept()
    kept.take(LIFE.records)
    there = tmp_path / "no" / "where"
    assert kept.ask(Save(str(there), go_on=True)) == Word(
        f"{there} cannot be written: No such file or directory", failed=True
    )
    assert kept.ask(Save("/dev/full", go_on=True)).told == "/dev/full cannot be written: No space left on device"
    assert kept.ask(Stop()).told == "no recording was being written"


@pytest.mark.parametrize("wish", [Save("a\n\u2028b", go_on=True), Save("", go_on=False), Stop()])
def test_a_wish_survives_its_line(wish: Wish) -> None:
    assert wish_of(json.loads(wish_line(wish))) == wish


def test_a_word_survives_its_line() -> None:
    word = Word("told\n", "file", failed=True, trouble=True)
    assert word_of(json.loads(word_line(word))) == word


def test_a_recording_is_exported_while_it_is_written(tmp_path: Path) -> None:
    kept, file = Kept(), tmp_path / "growing"
    kept.ask(Save(str(file), go_on=True))
    kept.take(LIFE.records[:80])
    with file.open("ab") as half:
        half.write(record_line(replace(LIFE.records[0], number=999))[:-9])
    recording = opened(file)
    assert len(recording.notes) == 1
    assert "breaks off in line" in recording.notes[0]
    assert len(recording.trace().exchanges) > 10
