"""The verdicts that an export shows."""

from conformance.evidence.era import KNOWN_REVISIONS
from conformance.evidence.trace import Party, Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement, judge

_PARTIES: tuple[Party, ...] = ("server", "client")
_BAD = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)


def judged(trace: Trace) -> list[Judgement]:
    """How all rules of the revisions that are spoken stand, of servers first."""
    spoken = {session.revision for session in sessions(trace)}
    return [
        each for r in KNOWN_REVISIONS if r in spoken for party in _PARTIES for each in judge(trace, r, party=party)
    ]


def broken(judgements: list[Judgement]) -> list[Judgement]:
    """Those that are bad."""
    return [judgement for judgement in judgements if judgement.verdict in _BAD]
