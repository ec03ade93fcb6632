"""A recording in place of live traffic: the same model, filled up to any moment of it."""

import asyncio
from bisect import bisect_left, bisect_right
from itertools import accumulate

from conformance.evidence.recording import Record, Recording
from inspector.judging.live import LiveJudge
from inspector.judging.process import Report, Reporter, RuleNews
from inspector.model.feed import Feed
from inspector.model.nouns import Violation
from inspector.proxy.commands import Command

_BATCH = 2_000  # records that are judged at once
_STRIDE = 500  # records between two moments in which others have their turn


class Replay:
    """What is seen of a recording. It is judged as a whole; what was broken shows when its moment has come."""

    live = False
    url = ""
    delays = None

    def __init__(self, recording: Recording) -> None:
        self._about = recording.about
        self._records = recording.records
        self._times = list(accumulate((record.at for record in recording.records), max))
        self._taken = 0
        self._wanted = len(self._records)
        self._at: float | None = None
        self._known: list[Violation] = []
        self._told: set[Violation] = set()
        self._places: dict[Violation, int | None] = {}  # the rows where they show, when all rows are there
        self.feed = Feed(recording.about)
        self.epoch = 0
        self.rules: dict[tuple[str, str, str], RuleNews] = {}
        self.unjudged = len(self._records)
        self.trouble = "; ".join(recording.notes)
        self.begins = self._times[0] if self._times else 0.0
        self.ends = self._times[-1] if self._times else 0.0

    def now(self) -> float:
        """The moment that is shown."""
        return self._at if self._at is not None else self.feed.now

    def density(self, slots: int) -> list[int]:
        """How many records there are in each of so many equal pieces of the time."""
        counts = [0] * slots
        length = (self.ends - self.begins) or 1.0
        for at in self._times:
            counts[min(slots - 1, int((at - self.begins) / length * slots))] += 1
        return counts

    @property
    def broken_at(self) -> list[float]:
        """The moments at which a MUST was broken."""
        return [violation.at for violation in self._known if violation.level == "MUST"]

    async def run(self) -> None:
        """Take all records, and judge them."""
        await self._fill(len(self._records))
        judge = LiveJudge(self._about)
        reporter = Reporter(judge)
        for start in range(0, len(self._records), _BATCH):
            batch = self._records[start : start + _BATCH]
            self._learn(await asyncio.to_thread(_judged, judge, reporter, batch))
            self.unjudged -= len(batch)

    async def send(self, command: Command) -> None:
        """What is over cannot be changed."""

    async def seek(self, at: float) -> None:
        """Show what there was at this moment."""
        self._at = min(max(at, self.begins), self.ends)
        await self._fill(bisect_right(self._times, self._at))

    async def step(self, records: int) -> None:
        """Go so many records on, or back; records of the same moment go together."""
        here = self._wanted
        if records < 0 and here:
            here = bisect_left(self._times, self._times[here - 1]) + 1
        if self._times:
            place = min(max(here + records, 1), len(self._times))
            await self.seek(self._times[place - 1])

    async def _fill(self, wanted: int) -> None:
        """Take records up to a place; what was asked for last holds."""
        self._wanted = wanted
        if wanted < self._taken:
            self.feed, self._taken, self._told = Feed(self._about), 0, set()
            self.epoch += 1
        while self._taken < self._wanted:
            until = min(self._taken + _STRIDE, self._wanted)
            for record in self._records[self._taken : until]:
                self.feed.take(record)
            self._taken = until
            await asyncio.sleep(0)
        self._tell()

    def _learn(self, report: Report) -> None:
        for violation in report.withdrawn:
            self._known = [known for known in self._known if known != violation]
            if violation in self._told:
                self._told.discard(violation)
                self.feed.withdrawn(violation)
        self._known = sorted([*self._known, *report.found], key=lambda violation: violation.at)
        self.rules |= {(rule.revision, rule.party, rule.key): rule for rule in report.rules}
        self._tell()

    def _tell(self) -> None:
        """Show the violations whose moment has come."""
        rows, whole = self.feed.rows, self._taken == len(self._records)
        for violation in self._known:
            place = self._places.get(violation)
            due = violation.at <= self.now() if place is None else place < rows.next_number
            if due and violation not in self._told:
                self._told.add(violation)
                self.feed.found(violation)
                if whole:
                    self._places[violation] = self.feed.violations[-1].row


def _judged(judge: LiveJudge, reporter: Reporter, batch: tuple[Record, ...]) -> Report:
    for record in batch:
        judge.take(record)
    return reporter.look()
