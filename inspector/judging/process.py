"""The judge in a process of its own, so that looking at the evidence never makes a screen wait.

    python -m inspector.judging.process

reads a recording from its standard input, as it grows, and writes news to its standard output: one JSON object a line
for each look, the last one when the recording has ended.
"""

import dataclasses
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from conformance.evidence.lines import Object, Wrong, line_of, object_of
from conformance.evidence.recording import about_of, record_of
from inspector.judging.live import LiveJudge, News, Standing
from inspector.judging.pace import AGAIN, AT_ONCE, AT_ONCE_BYTES, Clock, Pace, portion
from inspector.model.nouns import Violation

_LATE = 8 * 2**20  # bytes that wait when to be in time counts more than to see all
_TOO_MUCH = 4 * 2**20  # bytes that a look takes then
_MOST = 64 * 2**20  # bytes that wait at most
_COURTESY = 10  # how much sooner than the judge proxy and screen get the processor, where it cannot stand back wholly


@dataclass(frozen=True, slots=True)
class RuleNews:
    """How a rule stands now."""

    revision: str
    party: str
    key: str
    level: str
    text: str
    url: str
    verdict: str
    broken: int
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one look brought.

    At least so many records have come since and wait, `unjudged`; so many messages, ever, came too fast and were
    `overlooked`.
    """

    found: tuple[Violation, ...]
    withdrawn: tuple[Violation, ...]
    rules: tuple[RuleNews, ...]
    unjudged: int
    overlooked: int


def report_line(report: Report) -> bytes:
    """A report as a line."""
    return line_of(dataclasses.asdict(report))


def report_of(line: bytes) -> Report:
    """Read a report, which comes from our own process."""
    value: Object = object_of(line)
    parts = {name: value[name] for name in ("found", "withdrawn", "rules")}
    return Report(
        tuple(Violation(**each) for each in parts["found"]),  # type: ignore[arg-type, union-attr]
        tuple(Violation(**each) for each in parts["withdrawn"]),  # type: ignore[arg-type, union-attr]
        tuple(RuleNews(**each) for each in parts["rules"]),  # type: ignore[arg-type, union-attr]
        int(value["unjudged"]),  # type: ignore[arg-type]
        int(value["overlooked"]),  # type: ignore[arg-type]
    )


class Reporter:
    """Turns looks into reports that say only what has changed."""

    def __init__(self, judge: LiveJudge) -> None:
        self._judge = judge
        self._told: dict[tuple[str, str, str], RuleNews] = {}

    def look(self, now: float | None = None, waiting: int = 0) -> Report:
        """Look once; `now` is the time of the recording, None at its end; so many records are `waiting`."""
        news: News = self._judge.look(now)
        changed = [rule for rule in self._rules() if self._told.get((rule.revision, rule.party, rule.key)) != rule]
        self._told |= {(rule.revision, rule.party, rule.key): rule for rule in changed}
        return Report(tuple(news.found), tuple(news.withdrawn), tuple(changed), waiting, self._judge.overlooked)

    def _rules(self) -> Iterator[RuleNews]:
        for standing in self._judge.standings.values():
            yield rule_news(standing)


def rule_news(standing: Standing) -> RuleNews:
    """A standing in words."""
    rule = standing.requirement
    return RuleNews(
        rule.revision,
        rule.party,
        rule.key,
        rule.weight,
        rule.text,
        rule.url,
        standing.verdict.value,
        standing.broken + standing.bent,
        standing.crash or standing.why,
    )


class _Inbox:
    """Lines that were read and not yet judged. If they are too many, no more is read for a while."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._news = threading.Condition()
        self._ended = False

    def start(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def _is_enough(self) -> bool:
        return len(self._lines) >= AT_ONCE or self._size >= AT_ONCE_BYTES

    def fill(self, seconds: float) -> None:
        """Wait until there is enough for a look, for so long at most."""
        with self._news:
            self._news.wait_for(lambda: self._is_enough or self._ended, seconds)

    def take(self, seconds: float | None) -> tuple[list[bytes], bool]:
        """Wait for lines, for so long. Returns as many as a look should take, and whether they are the last."""
        with self._news:
            self._news.wait_for(lambda: self._lines or self._ended, seconds)
            left = self._size - _TOO_MUCH if self._size > _LATE else self._size
            lines = [self._lines.popleft() for _ in range(portion(map(len, self._lines)))]
            self._size -= sum(map(len, lines))
            while self._size > left:
                lines.append(self._lines.popleft())
                self._size -= len(lines[-1])
            self._news.notify_all()
            return lines, self._ended and not self._lines

    def _read(self) -> None:
        for line in self._source:
            with self._news:
                self._news.wait_for(lambda: self._size < _MOST)
                self._lines.append(line)
                self._size += len(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def _stand_back() -> None:
    """Take the time that nobody else wants: whatever passes, and whoever looks, comes first (sched(7), nice(2))."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(_COURTESY)


def main() -> None:
    """Judge until the recording ends."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        judge = LiveJudge(about_of(object_of(source.readline())))
    except Wrong as error:
        sys.exit(f"inspector.judging.process: {error}")
    inbox, reporter, pace, clock, over = _Inbox(source), Reporter(judge), Pace(), Clock(), False
    inbox.start()
    _stand_back()
    while not over:
        time.sleep(pace.hurried(time.monotonic()))
        inbox.fill(pace.wait(time.monotonic()))
        lines, over = inbox.take(AGAIN if judge.is_waiting else None)
        began = time.monotonic()
        for line in lines:
            record = record_of(object_of(line))
            clock.heard(record.at, began)
            judge.take(record)
        report = reporter.look(None if over else clock.now(began), len(inbox))
        out.write(report_line(report))
        out.flush()
        pace.looked(began, time.monotonic())


if __name__ == "__main__":
    main()
