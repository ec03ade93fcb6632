"""A recording in place of live traffic: the same model, filled up to any moment of it."""

import asyncio
from collections.abc import Iterator

from conformance.recording import Record, Recording
from inspector.commands import Command
from inspector.feed import Feed
from inspector.judging import Report, Reporter, RuleNews
from inspector.live import LiveJudge

_BATCH = 2_000  # records between two moments in which others have their turn


class Replay:
    """What is seen of a recording."""

    live = False
    url = ""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.feed = Feed(recording.about)
        self.rules: dict[tuple[str, str, str], RuleNews] = {}
        self.unjudged = 0
        self.trouble = "; ".join(recording.notes)

    def now(self) -> float:
        """The moment of the last record that was taken."""
        return self.feed.now

    async def run(self) -> None:
        """Take all records, and judge them."""
        judge = LiveJudge(self.feed.about)
        reporter = Reporter(judge)
        for batch in self._batches():
            for record in batch:
                self.feed.take(record)
                judge.take(record)
            self._learn(await asyncio.to_thread(reporter.look))

    async def send(self, command: Command) -> None:
        """What is over cannot be changed."""

    def _batches(self) -> Iterator[tuple[Record, ...]]:
        records = self._recording.records
        return (records[start : start + _BATCH] for start in range(0, len(records), _BATCH))

    def _learn(self, report: Report) -> None:
        for violation in report.withdrawn:
            self.feed.withdrawn(violation)
        for violation in report.found:
            self.feed.found(violation)
        self.rules |= {(rule.revision, rule.party, rule.key): rule for rule in report.rules}
