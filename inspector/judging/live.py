"""Judges live traffic with the checks that judge a run: again and again, as the evidence grows.

Each look judges all evidence in the window for both parties, and tells what is new: violations, and violations that
later evidence took back. What is older than the window's horizon was judged when all of it was there, so a look
neither adds to it nor, once evidence has gone, takes from it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from conformance.evidence.era import KNOWN_REVISIONS
from conformance.evidence.recording import About, Record
from conformance.evidence.trace import Exchange, Party, Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Finding, Level, Verdict
from conformance.judging.judge import Judgement, judge
from conformance.judging.ledger import Requirement
from inspector.judging.window import Size, Window
from inspector.model.nouns import Violation

PARTIES: tuple[Party, ...] = ("server", "client")
_NEED_ALL = frozenset(
    {
        *("subs.ack-first", "elicit.complete-id", "progress.known-token", "resume.same-stream"),
        *("tools.list-changed", "prompts.list-changed", "resources.list-changed"),
    }
)  # rules that miss something, or take it for the first, where the middle of a stream of the session was dropped
_FLOOD = 3_000  # records between two looks
_SHOWN = 3  # breaches of a rule that are kept in words
_MOMENT = 0.5  # seconds; what overtakes something else on another connection is not earlier by more

_Rule: TypeAlias = tuple[str, Party, str]
_Place: TypeAlias = tuple[str, Party, int, int | None, int | None]


@dataclass(slots=True)
class Standing:
    """How a rule fared until now. `kept_before` is what stays true of it when the evidence has gone.

    `seen` has the first breaches in words.
    """

    requirement: Requirement
    kept: bool = False
    kept_before: bool = False
    broken: int = 0
    bent: int = 0
    moot: bool = False
    why: str = ""
    crash: str = ""
    seen: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """As a run would fold it."""
        if self.crash:
            return Verdict.ERROR
        if self.broken:
            return Verdict.FAIL if self.requirement.weight == "MUST" else Verdict.WARN
        if self.bent:
            return Verdict.WARN
        if self.kept or self.kept_before:
            return Verdict.PASS
        return Verdict.NOT_APPLICABLE if self.moot else Verdict.NOT_SEEN


@dataclass(slots=True)
class News:
    """What one look brought."""

    found: list[Violation] = field(default_factory=list)
    withdrawn: list[Violation] = field(default_factory=list)


class LiveJudge:
    """The judge of one stream of records."""

    def __init__(self, about: About, size: Size | None = None, parties: tuple[Party, ...] = PARTIES) -> None:
        self._window = Window(about, size)
        self._parties = parties
        self._known: dict[_Place, Violation] = {}
        self._unripe: dict[_Place, float] = {}
        self._settled: set[_Place] = set()
        self.standings: dict[_Rule, Standing] = {}

    def take(self, record: Record) -> None:
        """One more thing has happened; it is judged at the next look.

        Where far more comes than looks can follow, what the window would forget is forgotten without a look.
        """
        self._window.take(record)
        if self._window.unread >= _FLOOD and self._window.narrow(self._window.trace()):
            self._settle()

    @property
    def overlooked(self) -> int:
        """Messages that came too fast to be judged, and were forgotten."""
        return self._window.overlooked

    @property
    def is_waiting(self) -> bool:
        """Whether something was seen that only another look, a little later, can be sure of."""
        return bool(self._unripe)

    def look(self, now: float | None = None) -> News:
        """Judge what there is. `now` is the time of the recording, None at its end, when nothing more will come.

        What comes on two connections may change places on its way. So a violation is told when it has been one for a
        moment.
        """
        trace = self._window.trace()
        self._window.looked()
        exchanges = {exchange.number: exchange for exchange in trace.exchanges}
        bad: dict[_Place, Violation] = {}
        spoken = {session.revision for session in sessions(trace)}
        for revision in (r for r in KNOWN_REVISIONS if r in spoken):
            for party in self._parties:
                for judgement in judge(trace, revision, party=party):
                    bad |= self._take_in(judgement, exchanges)
        gone = {p: v for p, v in self._known.items() if p not in bad and p not in self._settled}
        self._see(bad, trace, math.inf if now is None else now)
        dropped = self._window.narrow(trace)
        ripe = self._ripe(bad, math.inf if now is None else now)
        self._keep(ripe, gone, {self._window.named(exchange.number) for exchange in trace.exchanges})
        if dropped:
            self._settle()
        return News(list(ripe.values()), list(gone.values()))

    def _take_in(self, judgement: Judgement, exchanges: Mapping[int, Exchange]) -> dict[_Place, Violation]:
        """Note how a rule stands, and return what was broken, by its place in the recording."""
        rule = judgement.requirement
        if judgement.verdict is Verdict.UNCHECKED:
            return {}
        standing = self.standings.setdefault((rule.revision, rule.party, rule.key), Standing(rule))
        standing.kept = any(finding.outcome == "ok" for finding in judgement.findings)
        standing.moot = judgement.verdict is Verdict.NOT_APPLICABLE
        standing.why = judgement.why or next((f.seen for f in judgement.findings if f.outcome == "moot"), "")
        if judgement.verdict is Verdict.ERROR:
            standing.crash = judgement.why
        against = [f for f in judgement.findings if f.outcome in ("bad", "bent") and f.place is not None]
        placed = ((self._place_of(rule, finding), finding) for finding in against)
        return {place: self._violation(rule, finding, place, exchanges) for place, finding in placed}

    def _place_of(self, rule: Requirement, finding: Finding) -> _Place:
        assert finding.place is not None
        where = finding.place
        event = self._window.event_of(where.exchange, where.event)
        return f"{rule.revision} {rule.key}", rule.party, self._window.named(where.exchange), event, where.entry

    def _violation(
        self, rule: Requirement, finding: Finding, place: _Place, exchanges: Mapping[int, Exchange]
    ) -> Violation:
        level: Level = rule.weight if finding.outcome == "bad" else "SHOULD"
        return Violation(
            key=rule.key,
            party=rule.party,
            level=level,
            revision=rule.revision,
            rule=rule.text,
            url=rule.url,
            seen=finding.seen,
            at=_time_of(finding, exchanges),
            exchange=place[2],
            event=place[3],
        )

    def _see(self, bad: dict[_Place, Violation], trace: Trace, now: float) -> None:
        """Note since when something new is bad, if all was there that is needed to say so."""
        new = {place: v for place, v in bad.items() if place not in self._known and v.at >= self._window.horizon}
        first = {place: self._unripe.get(place, now) for place in self._judgeable(new, trace)}
        self._unripe = {p: since for p, since in self._unripe.items() if p in bad} | first

    def _ripe(self, bad: dict[_Place, Violation], now: float) -> dict[_Place, Violation]:
        """What has been bad for long enough, or cannot be looked at again."""
        ripe = {p for p, since in self._unripe.items() if since <= now - _MOMENT or bad[p].at < self._window.horizon}
        self._unripe = {place: since for place, since in self._unripe.items() if place not in ripe}
        return {place: bad[place] for place in bad if place in ripe}

    def _keep(self, new: dict[_Place, Violation], gone: dict[_Place, Violation], there: set[int]) -> None:
        """Count what has changed, and remember it as long as its exchange is there."""
        for violation in new.values():
            self._count(violation, +1)
        for violation in gone.values():
            self._count(violation, -1)
        self._known = {p: v for p, v in (self._known | new).items() if v.exchange in there and p not in gone}
        self._settled &= self._known.keys()

    def _judgeable(self, new: dict[_Place, Violation], trace: Trace) -> list[_Place]:
        """Those for which all is still there that the rule looks at."""
        short = self._window.shortened
        muted = {
            self._window.named(exchange.number)
            for session in (sessions(trace) if short and new else ())
            if any(exchange.number in short for exchange in session.exchanges)
            for exchange in session.exchanges
        }
        return [p for p, v in new.items() if v.key not in _NEED_ALL or v.exchange not in muted]

    def _settle(self) -> None:
        """Evidence goes: what was found by it stands from here on, and so does what was kept."""
        self._settled |= self._known.keys()
        for standing in self.standings.values():
            standing.kept_before |= standing.kept

    def _count(self, violation: Violation, change: int) -> None:
        standing = self.standings[violation.revision, violation.party, violation.key]
        if change < 0 and violation.seen in standing.seen:
            standing.seen.remove(violation.seen)
        elif change > 0 and len(standing.seen) < _SHOWN:
            standing.seen.append(violation.seen)
        if violation.level == standing.requirement.weight:
            standing.broken += change
        else:
            standing.bent += change


def _time_of(finding: Finding, exchanges: Mapping[int, Exchange]) -> float:
    """When what was found happened: its event, else the request."""
    where = finding.place
    exchange = exchanges.get(where.exchange) if where is not None else None
    if where is None or exchange is None:
        return 0.0
    if where.event is not None and where.event < len(exchange.events):
        return exchange.events[where.event].at
    return exchange.started
