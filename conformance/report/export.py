"""`report.json`: what the pages say, for programs. Its shape is `schemas/report.schema.json`."""

import json
from importlib import metadata

from conformance.driving.telling import Telling
from conformance.evidence.trace import JSON
from conformance.judging.check import Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.report import overview
from conformance.report.text import cut
from conformance.run import RevisionRun, Run

FORMAT = "mcp-http-conformance-report"
VERSION = 1
_FINDINGS = {
    "bad": 20,
    "bent": 10,
    "open": 5,
    "moot": 3,
    "ok": 3,
}  # kept of each; `occasions` counts all
_LONG = 2_000  # characters of one text


def suite_version() -> str:
    """The version of this suite, empty where it runs from a folder that was never installed."""
    try:
        return metadata.version("mcp-http-conformance")
    except metadata.PackageNotFoundError:
        return ""


def as_json(run: Run) -> str:
    """The report as one JSON document, in ASCII."""
    document: dict[str, JSON] = {
        "format": FORMAT,
        "version": VERSION,
        "suite": suite_version(),
        "target": _text(run.target),
        "passed": [_text(url) for url in run.passed],
        "server": _text(run.server),
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "latency": round(run.latency, 4),
        "declined": list(run.declined),
        "notes": [_text(note) for note in overview.notes(run)],
        "revisions": [_revision(revision) for revision in run.revisions],
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def _revision(revision: RevisionRun) -> dict[str, JSON]:
    return {
        "revision": revision.revision,
        "conforms": revision.conforms,
        "counts": {verdict.value: len(revision.having(verdict)) for verdict in Verdict},
        "requirements": [_requirement(judgement) for judgement in revision.judgements],
        "stories": [_story(telling) for telling in revision.tellings],
    }


def _requirement(judgement: Judgement) -> dict[str, JSON]:
    row = judgement.requirement
    outcomes = [finding.outcome for finding in judgement.findings]
    return {
        "key": row.key,
        "topic": row.topic,
        "party": row.party,
        "level": row.level,
        "weight": row.weight,
        "verdict": judgement.verdict.value,
        "text": row.text,
        "url": row.url,
        "why": _text(judgement.why),
        "cause": _text(judgement.cause),
        "occasions": {outcome: outcomes.count(outcome) for outcome in ("ok", "bad", "bent", "moot", "open")},
        "findings": _findings(judgement.findings),
    }


def _findings(findings: tuple[Finding, ...]) -> list[JSON]:
    """The first findings of each outcome, bad ones first."""
    kept: list[JSON] = []
    for outcome, most in _FINDINGS.items():
        kept += [_finding(finding) for finding in findings if finding.outcome == outcome][:most]
    return kept


def _finding(finding: Finding) -> dict[str, JSON]:
    place = finding.place
    return {
        "outcome": finding.outcome,
        "seen": _text(finding.seen),
        "exchange": None if place is None else place.exchange,
        "event": None if place is None else place.event,
    }


def _story(telling: Telling) -> dict[str, JSON]:
    return {
        "story": telling.story,
        "title": telling.title,
        "outcome": telling.outcome,
        "why": _text(telling.why),
        "began": round(telling.began, 3),
        "ended": round(telling.ended, 3),
    }


def _text(text: str) -> str:
    """Bounded, and such that every reader of JSON can read it: half a surrogate pair is not."""
    return cut(text, _LONG).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
