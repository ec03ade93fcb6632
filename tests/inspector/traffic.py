"""Traffic for tests without a proxy: what a run of the suite, or a client's life, looks like as records."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from conformance.evidence.era import is_modern
from conformance.evidence.recording import About, Record, Recording
from conformance.evidence.trace import Party, Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from inspector.judging.live import LiveJudge
from inspector.judging.window import Size
from inspector.model.nouns import Violation
from inspector.opening import records_of
from reference_server.options import Options
from reference_server.server import ReferenceServer
from tests.clients.living import life_of
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Talker
from tests.running import run_bundled

ABOUT = About("http://127.0.0.1:3000/mcp", "2026-01-02T03:04:05+00:00", "test")
MODES = {"sessions": Options(), "stateless": Options(stateless=True), "json": Options(json_response=True)}
BOTH: tuple[Party, ...] = ("server", "client")


def recording_of(trace: Trace) -> Recording:
    """A trace as the inspector would have recorded it."""
    return Recording(replace(ABOUT, upstream=trace.target), records_of(trace))


@cache
def client_life(revision: str, mode: str = "sessions", kind: type[Talker] | None = None) -> Recording:
    """The life of a right client, or of one of this kind."""
    right = RightModernClient if is_modern(revision) else RightClient
    return recording_of(life_of(kind or right, revision, MODES[mode] if kind is None else None))


@cache
def suite_run(revision: str, mode: str = "sessions", kind: type[ReferenceServer] = ReferenceServer) -> Recording:
    """A run of the suite. Its client is wrong on purpose, so only the server can be judged by it."""
    (run,) = run_bundled(revision, kind=kind, options=MODES[mode]).revisions
    return recording_of(run.trace)


class Fed:
    """A live judge that was fed a recording in random steps, and all that it said."""

    def __init__(
        self, recording: Recording, size: Size | None = None, parties: tuple[Party, ...] = BOTH, seed: object = 0
    ) -> None:
        self.judge = LiveJudge(recording.about, size, parties)
        self.found: list[Violation] = []
        self.withdrawn: list[Violation] = []
        for records in steps(recording.records, seed):
            for record in records:
                self.judge.take(record)
            self._look(records[-1].at)
        self._look(None)

    def _look(self, now: float | None) -> None:
        news = self.judge.look(now)
        self.found += news.found
        self.withdrawn += news.withdrawn

    @property
    def complaints(self) -> set[tuple[str, str, str]]:
        """What was said, in words for an assertion."""
        crashed = {(s.requirement.party, key[2], s.crash) for key, s in self.judge.standings.items() if s.crash}
        return {(violation.party, violation.key, violation.seen) for violation in self.found} | crashed

    @property
    def verdicts(self) -> dict[tuple[str, str, str], Verdict]:
        """How each rule stands at the end."""
        return {rule: standing.verdict for rule, standing in self.judge.standings.items()}


def steps(records: Sequence[Record], seed: object) -> Iterator[Sequence[Record]]:
    """The records in groups of random sizes."""
    chance, start = random.Random(repr(seed)), 0
    while start < len(records):
        length = chance.choice((3, 37, 200, 500))
        yield records[start : start + length]
        start += length


def judged(trace: Trace) -> dict[tuple[str, str, str], Verdict]:
    """How each rule stands in a trace that is judged as a whole."""
    spoken = {session.revision for session in sessions(trace)}
    judgements = [j for revision in spoken for party in BOTH for j in judge(trace, revision, party=party)]
    rows = {(j.requirement.revision, j.requirement.party, j.key): j.verdict for j in judgements}
    return {rule: verdict for rule, verdict in rows.items() if verdict is not Verdict.UNCHECKED}
