"""Judges a trace: every requirement of a revision gets the verdict that the evidence allows.

Checks are asked unit by unit. One that crashes yields an ERROR of ours, never a FAIL of the target's.
"""

import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from conformance.checks import load_checks
from conformance.evidence.era import MODERN_CODES
from conformance.evidence.trace import Exchange, Message, Party, Trace
from conformance.evidence.views import Call, Session, Stream, sessions
from conformance.judging.breakdown import Breakdown, breakdown
from conformance.judging.causes import likely_cause
from conformance.judging.check import CHECKS, Check, Finding, Outcome, Unit, Verdict, fold
from conformance.judging.ledger import Requirement, requirements
from conformance.judging.needs import declined

KEPT = 1_000  # findings of one outcome that a judgement keeps; a flood only repeats itself


_DECISIVE: dict[Verdict, tuple[Outcome, ...]] = {
    Verdict.FAIL: ("bad",),
    Verdict.WARN: ("bad", "bent"),
    Verdict.PASS: ("ok",),
    Verdict.NOT_APPLICABLE: ("moot",),
    Verdict.NOT_SEEN: ("open",),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one requirement, with everything it rests on. `why` explains a verdict without findings.

    `cause` is what probably lies behind a breach, where the evidence allows to say so.
    """

    requirement: Requirement
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    why: str = ""
    cause: str = ""

    @property
    def key(self) -> str:
        return self.requirement.key

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that made the verdict what it is."""
        wanted = _DECISIVE.get(self.verdict, ())
        return tuple(f for f in self.findings if f.outcome in wanted)


def judge(
    trace: Trace, revision: str, keys: Collection[str] | None = None, party: Party = "server"
) -> tuple[Judgement, ...]:
    """Judge what one party did in the sessions of this revision; with `keys`, only those requirements."""
    load_checks()
    evidence = [s for s in sessions(trace) if s.revision == revision and (party == "client" or not _only_probed(s))]
    down = breakdown(trace) if party == "server" else None
    return tuple(
        _judge_one(requirement, trace, evidence, down)
        for requirement in requirements(revision, party)
        if keys is None or requirement.key in keys
    )


def _only_probed(session: Session) -> bool:
    """Whether a client tried the modern era on a server that showed only that it has sessions.

    Such a server may refuse what it does not know, or serve it by its own rules (2026-07-28, basic/versioning
    "Compatibility Matrix"). What a run of the suite asks in an era, it asks servers that have it.
    """
    if not session.modern or session.trace.revision is not None:
        return False
    answers = [call.response for call in session.calls if call.response is not None]
    greetings = (s.handshake.response for s in sessions(session.trace) if s.handshake is not None)
    has_sessions = any(response is not None and response.kind == "result" for response in greetings)
    return has_sessions and not any(map(_is_modern, answers))


def _is_modern(response: Message) -> bool:
    """Whether a response is one that only the modern era has."""
    if response.kind == "error":
        return response.error.get("code") in MODERN_CODES
    return "resultType" in response.result or "supportedVersions" in response.result


def _judge_one(requirement: Requirement, trace: Trace, evidence: list[Session], down: Breakdown | None) -> Judgement:
    check = CHECKS.get((requirement.key, requirement.party))
    if check is None:
        return Judgement(requirement, Verdict.UNCHECKED, why=requirement.unchecked or "")
    findings: list[Finding] = []
    seen: Counter[Outcome] = Counter()
    try:
        for finding in (_weighed(f, down) for unit in _units(check, trace, evidence) for f in check.judge(unit)):
            seen[finding.outcome] += 1
            if seen[finding.outcome] <= KEPT:
                findings.append(finding)
    except Exception:
        return Judgement(requirement, Verdict.ERROR, tuple(findings), traceback.format_exc())
    if requirement.needs and fold(findings, requirement.weight) is Verdict.NOT_SEEN:
        findings += filter(None, [declined(requirement.needs, evidence)])
    verdict = fold(findings, requirement.weight)
    why = "; ".join(dict.fromkeys(f.seen for f in findings if f.outcome == "open"))
    judgement = Judgement(requirement, verdict, tuple(findings), why if verdict is Verdict.NOT_SEEN else "")
    if verdict not in (Verdict.FAIL, Verdict.WARN) or requirement.party == "client":
        return judgement
    return replace(judgement, cause=likely_cause(requirement.key, judgement.decisive, trace))


def _weighed(finding: Finding, down: Breakdown | None) -> Finding:
    """What was seen on a server that had broken down decides nothing, neither for it nor against it."""
    if down is None or finding.place is None or finding.place.exchange not in down.touched:
        return finding
    return replace(finding, outcome="open", seen=f"{finding.seen}, when the server had broken down")


def _units(check: Check, trace: Trace, evidence: list[Session]) -> Iterable[Unit]:
    if check.unit is Trace:
        return (trace,)
    if check.unit is Session:
        return evidence
    return (unit for session in evidence for unit in _inside(session, check))


def _inside(session: Session, check: Check) -> Iterator[Unit]:
    """The units of a session that a check is about; of the messages, those that its party sent."""
    if check.unit is Exchange:
        yield from session.exchanges
    elif check.unit is Message:
        yield from (m for m in session.messages() if m.sender == check.party)
    elif check.unit is Stream:
        yield from session.streams
    elif check.unit is Call:
        yield from session.calls
