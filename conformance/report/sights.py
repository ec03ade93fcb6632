"""What was seen, told once: findings in the same words are one sight in several places."""

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.judging.check import Finding
from conformance.report.swimlane import Note


@dataclass(frozen=True, slots=True)
class Sight:
    """A sentence about what was seen, and all findings that say it."""

    seen: str
    findings: tuple[Finding, ...]


def grouped(findings: Sequence[Finding]) -> list[Sight]:
    """Sights in the order in which they first came up."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.seen, []).append(finding)
    return [Sight(seen, tuple(same)) for seen, same in found.items()]


def numbered(sights: Sequence[Sight], bad: bool) -> list[Note]:
    """The findings for the margin of a picture, with the numbers that their sights have in the list."""
    return [
        Note(finding.place, bad, f"{number}  {sight.seen}" if bad else str(number))
        for number, sight in enumerate(sights, 1)
        for finding in sight.findings[:60]
        if finding.place is not None
    ]
