"""Recordings with masked secrets: no secret is in the file, and every verdict is what it was."""

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.evidence import recording
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.recording import Asked, Chunk, Deed, End, Head, Lost, Record, Recording
from inspector.proxy.masks import Masks
from inspector.proxy.outbox import RecordingFile
from tests.clients.faults.client_sessions import NoSessionIdOnGet
from tests.clients.talking import TOKEN
from tests.inspector.traffic import ABOUT, client_life, judged, suite_run

SECRET = "sk-4f9a8b7c6d5e4f3a2b1c"
STREAM = (("Content-Type", "text/event-stream"),)


def masked(records: tuple[Record, ...]) -> tuple[Record, ...]:
    masks = Masks()
    told = [told for record in records for told in masks.masked(record)]
    return (*told, *masks.rest())


def in_pieces(whole: Recording, seed: int) -> Recording:
    """The same bytes, cut into chunks in other places."""
    chance, kept = random.Random(seed), list[Record]()
    for record in whole.records:
        if not isinstance(record, Chunk):
            kept.append(record)
            continue
        data = record.data
        while data:
            length = chance.choice((1, 2, 7, 40, 1_000))
            kept.append(replace(record, data=data[:length]))
            data = data[length:]
    return replace(whole, records=tuple(kept))


def text(records: tuple[Record, ...]) -> str:
    return "".join(map(str, records))


RECORDINGS = [(client_life, revision, mode) for revision in BOTH_ERAS for mode in ("sessions", "json")]
RECORDINGS += [(suite_run, "2025-11-25", "sessions"), (suite_run, "2026-07-28", "sessions")]


@pytest.mark.parametrize(("make", "revision", "mode"), RECORDINGS)
def test_every_verdict_is_what_it_was(make: object, revision: str, mode: str) -> None:
    whole: Recording = make(revision, mode)  # type: ignore[operator]
    for seed in range(2):
        pieces = in_pieces(whole, seed)
        without = replace(whole, records=masked(pieces.records))
        assert judged(without.trace()) == judged(pieces.trace())
        assert TOKEN not in text(without.records)


def test_a_fault_shows_in_a_masked_recording() -> None:
    whole = client_life("2025-11-25", "sessions", NoSessionIdOnGet)
    assert judged(replace(whole, records=masked(whole.records)).trace()) == judged(whole.trace())


def test_session_ids_are_told_apart_and_not_told() -> None:
    ids = [f"{letter * 8}-{n}" for letter in "abc" for n in range(40)]
    given = [Asked(n, n, "c", "GET", ABOUT.upstream, (("Mcp-Session-Id", id),), b"") for n, id in enumerate(ids)]
    told = [record.headers[0][1] for record in masked(tuple(given)) if isinstance(record, Asked)]
    assert len(set(told)) == len(ids)
    assert not set(told) & set(ids)
    assert [len(id) for id in told] == [len(id) for id in ids]


def answered(*chunks: bytes, stream: bool = True, headers: tuple[tuple[str, str], ...] = ()) -> tuple[Record, ...]:
    answer = [Chunk(1, 2.0 + n, chunk) for n, chunk in enumerate(chunks)]
    asked = Asked(1, 0.0, "c", "POST", ABOUT.upstream, headers, b"{}")
    return (asked, Head(1, 1.0, 200, STREAM if stream else ()), *answer, End(1, 9.0))


TOKEN_FIELD = f'"access_token":"{SECRET}"'.encode()


@pytest.mark.parametrize("cut", range(1, len(TOKEN_FIELD), 3))
@pytest.mark.parametrize("stream", [True, False])
def test_a_secret_that_is_cut_in_two_is_masked(cut: int, stream: bool) -> None:
    before, after = (b"data: {", b"}\n\n") if stream else (b"{", b"}")
    records = masked(answered(before + TOKEN_FIELD[:cut], TOKEN_FIELD[cut:] + after, stream=stream))
    assert SECRET[:12] not in text(records)
    whole = b"".join(record.data for record in records if isinstance(record, Chunk))
    assert len(whole) == len(before + TOKEN_FIELD + after)


def test_what_was_a_secret_once_is_one_from_there_on() -> None:
    headers = (("Authorization", f"Bearer {SECRET}"),)
    said = b"data: you said " + SECRET.encode() + b"\n\n"
    records = masked((*answered(said, headers=headers), Deed(1, 9.0, f"we saw {SECRET}")))
    assert SECRET not in text(records)


def test_an_event_is_written_when_it_is_whole_and_not_later() -> None:
    records = masked(answered(b"id: 1\nda", b"ta: x\n", b"\nid: 2\n"))
    assert [(r.at, r.data) for r in records if isinstance(r, Chunk)] == [
        (4.0, b"id: 1\ndata: x\n\n"),
        (9.0, b"id: 2\n"),
    ]


def test_many_secrets_are_found_as_well_as_few() -> None:
    masks = Masks()
    for number in range(300):
        given = Asked(number, number, "c", "GET", ABOUT.upstream, (("Mcp-Session-Id", f"session-of-{number}"),), b"")
        list(masks.masked(given))
    (late,) = masks.masked(
        Asked(999, 999, "c", "POST", ABOUT.upstream, (), b"it was session-of-7, or session-of-299")
    )
    assert isinstance(late, Asked)
    assert b"session-of" not in late.body
    assert len(late.body) == 38


def test_an_endless_event_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.proxy.masks._LONGEST", 1_000)
    kinds = [type(record) for record in masked(answered(b"data: " + b"x" * 2_000, b"more\n\n"))]
    assert kinds == [Asked, Head, Deed, Lost]


def test_the_address_of_the_server_has_no_password(tmp_path: Path) -> None:
    about = replace(ABOUT, upstream=f"https://user:{SECRET}@example.com/mcp?api_key={SECRET[::-1]}")
    file = RecordingFile(tmp_path / "r.jsonl", about, print)
    file.close()
    assert SECRET not in (tmp_path / "r.jsonl").read_text()
    assert SECRET[::-1] not in (tmp_path / "r.jsonl").read_text()


def test_raw_is_what_it_says(tmp_path: Path) -> None:
    file = RecordingFile(tmp_path / "r.jsonl", ABOUT, print, raw=True)
    records = answered(b"data: x\n\n", headers=(("Authorization", f"Bearer {SECRET}"),))
    for record in records:
        file.put(record)
    file.close()
    assert recording.read(tmp_path / "r.jsonl").records == records


KILLED = """
import asyncio, sys
from pathlib import Path
from conformance.evidence.recording import About, Asked, Chunk, Head
from inspector.proxy.outbox import recording

async def main():
    async with recording(Path(sys.argv[1]), About()) as put:
        put(Asked(1, 0.0, "c", "GET", "http://x/mcp", (), b""))
        put(Head(1, 0.0, 200, (("Content-Type", "text/event-stream"),)))
        put(Chunk(1, 0.0, b"data: one\\n\\n"))
        await asyncio.sleep(1)
        print("a second has passed", flush=True)
        put(Chunk(1, 1.0, b"data: two\\n\\n"))
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_kill_minus_nine_costs_at_most_a_second(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
    kept = recording.read(path).records
    assert b"data: one" in b"".join(record.data for record in kept if isinstance(record, Chunk))
    assert json.loads(path.read_bytes().splitlines()[0])["format"] == recording.FORMAT
