"""All rules of the revisions that are spoken, and how each stands in this traffic."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from conformance.evidence.trace import Party
from conformance.judging.ledger import REVISIONS, requirements
from inspector.blind import blind_to, seldom_seen
from inspector.judging.process import RuleNews

State: TypeAlias = Literal["broken", "kept", "not applicable", "never seen", "not observable"]
STATES: tuple[State, ...] = get_args(State)
PARTIES: tuple[Party, ...] = ("server", "client")
_STATE: Mapping[str, State] = {
    "pass": "kept",
    "fail": "broken",
    "warn": "broken",
    "not applicable": "not applicable",
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule, and how it stands; `why` says why it was not judged, or what it takes."""

    revision: str
    party: Party
    key: str
    level: str
    text: str
    url: str
    state: State
    broken: int
    why: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one revision asks of one party, the broken rules first."""

    revision: str
    party: Party
    lines: tuple[RuleLine, ...]

    @property
    def tally(self) -> Counter[State]:
        """How many rules stand how."""
        return Counter(line.state for line in self.lines)

    @property
    def summary(self) -> str:
        """How much of what can be seen was seen."""
        return f"this traffic exercised {self.share} rules of the {self.party}"

    @property
    def share(self) -> str:
        """The same as two numbers."""
        tally = self.tally
        observable = len(self.lines) - tally["not observable"] - tally["not applicable"]
        return f"{tally['kept'] + tally['broken']} of {observable}"


def chapters(news: Mapping[tuple[str, str, str], RuleNews]) -> list[Chapter]:
    """A chapter for each revision that was spoken and each party, the newest revision first."""
    spoken = {revision for revision, _, _ in news}
    return [
        _chapter(revision, party, news)
        for revision in reversed(REVISIONS)
        if revision in spoken
        for party in PARTIES
        if requirements(revision, party)
    ]


def _chapter(revision: str, party: Party, news: Mapping[tuple[str, str, str], RuleNews]) -> Chapter:
    lines: list[RuleLine] = []
    for rule in requirements(revision, party):
        known = news.get((revision, party, rule.key))
        state: State = _STATE.get(known.verdict, "never seen") if known is not None else "never seen"
        reason, why = blind_to(rule), known.why if known is not None else ""
        if state == "never seen":
            state, why = ("not observable", reason) if reason else (state, why or seldom_seen(rule) or "")
        broken = known.broken if known is not None else 0
        lines.append(RuleLine(revision, party, rule.key, rule.weight, rule.text, rule.url, state, broken, why))
    return Chapter(revision, party, tuple(sorted(lines, key=lambda line: STATES.index(line.state))))
