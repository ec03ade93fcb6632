"""What a person reads in the terminal: does it conform, what to fix first, what could not be seen and why."""

import unicodedata
from collections.abc import Iterator

from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report.account import account
from conformance.report.overview import lacks_tools, notes, older, reasons, redirected, transport
from conformance.report.steps import steps
from conformance.run import RevisionRun, Run

_FIRST = 5  # breaches that are shown in full
_MANY = 50  # requirements with the same reason: so many are not listed
_LONG = 300  # characters of a stranger's text in one line


def headline(run: Run) -> str:
    """Over what transport, whom, and where."""
    who = plain(run.server) or "the server"
    return f"MCP {transport(run)}: {who} at {plain(run.target)}"


def verdict_sentence(revision: RevisionRun) -> str:
    """Whether the target conforms to one revision, in one sentence."""
    kept, broken = len(revision.having(Verdict.PASS)), len(revision.having(Verdict.FAIL))
    warned, unseen = len(revision.having(Verdict.WARN)), len(revision.having(Verdict.NOT_SEEN))
    seen = f"{_count(kept, 'requirement')} kept"
    if warned:
        seen += f", {_count(warned, 'warning')}"
    if unseen:
        seen += f", {unseen} not seen"
    if broken:
        return f"{revision.revision}: does NOT conform: {broken} broken, {seen}"
    if revision.down:
        return f"{revision.revision}: the server broke down before everything was seen: {seen}"
    return f"{revision.revision}: conforms as far as could be seen: {seen}"


def brief(judgement: Judgement) -> str:
    """The verdict in one or two lines: what was seen comes first, because some views show only that."""
    row = judgement.requirement
    seen = plain(judgement.decisive[0].seen) if judgement.decisive else plain(judgement.why)
    if judgement.verdict in (Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE):
        return seen or "no occasion"
    more = len(judgement.decisive) - 1
    again = f" (and {more} more)" if more > 0 else ""
    level = row.level if row.weight == row.level else f"{row.level}, counted as a {row.weight}"
    return f"{seen}{again}\n{level}: {row.text}\n{row.url}"


def full(judgement: Judgement, trace: Trace) -> str:
    """The verdict with its evidence: what was sent, what came back, and what probably lies behind it."""
    lines = [brief(judgement)]
    if judgement.verdict in (Verdict.FAIL, Verdict.WARN):
        lines += [plain(line) for line in account(judgement, trace)]
        lines += [f"likely cause: {plain(judgement.cause)}"] if judgement.cause else []
    return "\n".join(lines)


def again(judgement: Judgement, trace: Trace, *, fold: bool = False) -> list[str]:
    """Commands for a shell that show a breach once more, in their order."""
    placed = next((finding for finding in judgement.decisive if finding.place is not None), None)
    return steps(trace, placed, fold=fold) if placed and judgement.verdict in (Verdict.FAIL, Verdict.WARN) else []


def summary(run: Run) -> Iterator[str]:
    """The lines of the summary."""
    for revision in run.revisions:
        yield verdict_sentence(revision)
    if sentence := redirected(run):
        yield plain(sentence)
    if sentence := older(run):
        yield sentence
    if run.declined:
        yield f"not spoken by the server: {', '.join(run.declined)}"
    for note in notes(run):
        yield f"note: {note}"
    for telling in (t for revision in run.revisions for t in revision.tellings if t.outcome == "crashed"):
        yield f"our mistake, in the story {telling.story} ({telling.revision}): {plain(telling.why.splitlines()[-1])}"
    yield from _to_fix(run)
    yield from _unseen(run)


def warned(run: Run) -> Iterator[tuple[str, Judgement]]:
    """All warnings, with their revisions."""
    return ((r.revision, judgement) for r in run.revisions for judgement in r.having(Verdict.WARN))


def plain(text: str) -> str:
    """A stranger's text made harmless for a terminal: no control characters, one line, bounded."""
    cut = text if len(text) <= _LONG else f"{text[:_LONG]}…"
    return "".join(c if unicodedata.category(c)[0] != "C" else f"\\u{ord(c):04x}" for c in cut)


def _to_fix(run: Run) -> Iterator[str]:
    """MUSTs before SHOULDs; a breach seen in several revisions is shown once."""
    found: dict[str, list[tuple[RevisionRun, Judgement]]] = {}
    for verdict in (Verdict.FAIL, Verdict.WARN):
        for revision in reversed(run.revisions):
            for judgement in revision.having(verdict):
                found.setdefault(judgement.key, []).append((revision, judgement))
    if found:
        yield ""
        yield "to fix first:"
    for key, places in list(found.items())[:_FIRST]:
        revision, judgement = places[0]
        yield f"  {judgement.verdict.name} {key} ({', '.join(sorted(r.revision for r, _ in places))})"
        yield from (f"    {line}" for line in full(judgement, revision.trace).splitlines())
        yield from (f"    {command}" for command in again(judgement, revision.trace))
    if len(found) > _FIRST:
        yield f"  and {len(found) - _FIRST} more, in the report"


def _unseen(run: Run) -> Iterator[str]:
    found = reasons(run, Verdict.NOT_SEEN)
    if found:
        yield ""
        yield "not seen:"
    for reason in found:
        keys = sorted(key for key, _ in reason.rows)
        more = [f"and {len(keys) - _FIRST} more"] if len(keys) > _MANY else []
        yield f"  {', '.join(keys[:_FIRST] + more if more else keys)}: {plain(reason.words)}"
    if lacks_tools(run):
        yield "to begin a profile of what the server's tools do: python -m conformance profile URL"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
