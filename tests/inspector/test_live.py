"""Live judging: nothing false is said of legal traffic, however it is cut into looks and however little is kept."""

from dataclasses import replace

import pytest

from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.recording import About, Asked, Chunk, Deed, Head, Lost, Record, Recording
from conformance.judging.check import Verdict
from inspector.judging.live import LiveJudge
from inspector.judging.window import Size
from reference_server.faults.listening import ProgressGoesOnTheGetStream
from tests.clients.faults.client_sessions import NoSessionIdOnGet
from tests.inspector.traffic import ABOUT, BOTH, MODES, Fed, client_life, judged, suite_run
from tests.thorough import some

SIZES = (None, Size(300, 600), Size(60, 120), Size(15, 30), Size(4, 20), Size(1_000, 40, first=2))
SUITES = [(revision, mode) for revision in BOTH_ERAS for mode in MODES]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_nothing_is_said_of_a_right_client_and_its_right_server(revision: str, mode: str, size: Size | None) -> None:
    assert Fed(client_life(revision, mode), size, seed=size).complaints == set()


@pytest.mark.parametrize(("revision", "mode"), some(SUITES, every=3))
def test_nothing_is_said_of_a_right_server_that_is_tested_hard(revision: str, mode: str) -> None:
    for size in (Size(60, 120), Size(4, 20), Size(1_000, 40, first=2)):
        assert Fed(suite_run(revision, mode), size, parties=("server",), seed=size).complaints == set(), size


@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_nothing_is_said_where_more_comes_than_can_be_judged(revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.judging.live._FLOOD", 40)
    assert Fed(suite_run(revision), Size(30, 60), parties=("server",)).complaints == set()


@pytest.mark.parametrize(("revision", "mode"), some(SUITES, every=3))
def test_a_recording_of_many_sessions_may_begin_anywhere(revision: str, mode: str) -> None:
    whole = suite_run(revision, mode)
    for part in range(1, 5):
        later = whole.records[part * len(whole.records) // 5 :]
        assert Fed(Recording(ABOUT, later), parties=("server",)).complaints == set(), part


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_in_the_end_it_says_what_a_judge_of_the_whole_says(revision: str, mode: str) -> None:
    recording = client_life(revision, mode)
    assert Fed(recording).verdicts == judged(recording.trace())


def test_a_fault_of_the_server_is_seen_when_it_happens() -> None:
    recording = suite_run("2025-11-25", "sessions", ProgressGoesOnTheGetStream)
    fed = Fed(recording, parties=("server",))
    assert {violation.key for violation in fed.found} == {"get.unrelated"}
    asked = {record.number: record for record in recording.records if isinstance(record, Asked)}
    assert {asked[violation.exchange].method for violation in fed.found} == {"GET"}
    assert all(violation.event is not None for violation in fed.found)


def test_a_fault_of_the_client_is_seen_too() -> None:
    fed = Fed(client_life("2025-11-25", "sessions", NoSessionIdOnGet))
    assert {(violation.party, violation.key) for violation in fed.found} == {("client", "session.echo")}


@pytest.mark.parametrize("size", SIZES[2:])
def test_what_was_found_stays_found_when_its_evidence_is_gone(size: Size) -> None:
    fed = Fed(suite_run("2025-11-25", "sessions", ProgressGoesOnTheGetStream), size, parties=("server",))
    standing = fed.judge.standings["2025-11-25", "server", "get.unrelated"]
    assert (standing.verdict, fed.withdrawn) == (Verdict.WARN, [])
    assert standing.bent + standing.broken == len(fed.found) > 0
    assert fed.judge.standings["2025-11-25", "server", "jsonrpc.id-echo"].verdict is Verdict.PASS


def cut_by_us(recording: Recording, every: int) -> Recording:
    """The same traffic, but every so-and-so-manyth stream is cut by the observer after its first bytes."""
    streams = {r.number for r in recording.records if isinstance(r, Head) and ("text/event-stream" in str(r.headers))}
    chosen, over, kept = {n for n in streams if n % every == 0}, set[int](), list[Record]()
    for record in recording.records:
        if record.number in over:
            continue
        kept.append(record)
        if record.number in chosen and isinstance(record, Chunk):
            over.add(record.number)
            kept.append(Deed(record.number, record.at, "cut after the first event"))
            kept.append(Lost(record.number, record.at, "cut off", "cut after the first event"))
    return replace(recording, records=tuple(kept))


@pytest.mark.parametrize("revision", BOTH_ERAS)
@pytest.mark.parametrize("every", [1, 2, 3])
def test_what_the_observer_cut_is_charged_to_nobody(revision: str, every: int) -> None:
    assert Fed(cut_by_us(client_life(revision), every)).complaints == set()


@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_a_502_of_the_proxy_is_charged_to_nobody(revision: str) -> None:
    """Where the server could not be reached the proxy answers itself; what is recorded is that there is no answer."""
    recording = client_life(revision)
    failed = {record.number for record in recording.records if isinstance(record, Asked) and record.number % 3 == 2}
    kept: list[Record] = []
    for record in recording.records:
        if record.number not in failed or isinstance(record, Asked):
            kept.append(record)
        if record.number in failed and isinstance(record, Asked):
            kept.append(Lost(record.number, record.at, "cut off", "the proxy could not pass this on"))
    assert Fed(replace(recording, records=tuple(kept))).complaints == set()


@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_a_stall_is_charged_to_nobody(revision: str) -> None:
    """Everything that the server says comes a minute late."""
    recording = client_life(revision)
    late = [r if isinstance(r, Asked) else replace(r, at=r.at + 60) for r in recording.records]
    asked_late = [replace(r, at=r.at + 60 * (r.at > 0)) if isinstance(r, Asked) else r for r in late]
    assert Fed(replace(recording, records=tuple(asked_late))).complaints == set()


def test_clients_of_both_eras_are_judged_side_by_side() -> None:
    found = [client_life("2025-11-25"), client_life("2026-07-28")]
    records: list[Record] = []
    for number, recording in enumerate(found):
        for record in recording.records:
            moved = replace(record, number=2 * record.number + number)
            records.append(replace(moved, client=f"c{number}") if isinstance(moved, Asked) else moved)
    both = Recording(ABOUT, tuple(sorted(records, key=lambda record: record.at)))
    fed = Fed(both)
    assert fed.complaints == set()
    assert {revision for revision, _, _ in fed.verdicts} == {"2025-11-25", "2026-07-28"}


def test_what_may_still_be_overtaken_is_not_told_at_once() -> None:
    """Two connections: what came on one may have been sent after what comes on the other."""
    records = suite_run("2025-11-25", "sessions", ProgressGoesOnTheGetStream).records
    judge = LiveJudge(About(), Size(10_000, 100_000), BOTH)
    for record in records:
        judge.take(record)
    last = records[-1].at
    assert judge.look(last).found == []
    assert judge.is_waiting
    assert judge.look(last + 0.4).found == []
    assert {v.key for v in judge.look(last + 0.6).found if v.party == "server"} == {"get.unrelated"}
    assert not judge.is_waiting


def test_what_came_too_fast_to_be_judged_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.judging.live._FLOOD", 40)
    recording = client_life("2025-11-25")
    judge = LiveJudge(recording.about, Size(exchanges=3, events=3))
    for record in recording.records:
        judge.take(record)
    assert judge.overlooked > 0
    slowly = LiveJudge(recording.about, Size(exchanges=3, events=3))
    for record in recording.records:
        slowly.take(record)
        slowly.look(record.at)
    assert slowly.overlooked == 0
