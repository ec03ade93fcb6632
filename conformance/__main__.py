"""`python -m conformance`: judge a saved trace, explain a requirement, list the ledger, begin a profile."""

import argparse
import json
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from conformance.checks import load_checks
from conformance.console import finish
from conformance.coverage import markdown
from conformance.evidence.files import read
from conformance.evidence.lines import BadEvidence
from conformance.evidence.trace import Party, Trace
from conformance.evidence.views import sessions
from conformance.judging.check import CHECKS, Verdict
from conformance.judging.judge import Judgement, judge
from conformance.judging.ledger import REVISIONS, Requirement, requirements
from conformance.propose import add_options
from conformance.report.junit import fails, junit
from conformance.report.summary import again, full, plain
from conformance.scenarios import load_scenarios
from conformance.suite import known_faults

BROKEN, BAD_INPUT = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    judging = commands.add_parser("judge", help="judge a saved trace; exit code 1 if a MUST was broken")
    judging.add_argument(
        "file", type=Path, metavar="FILE", help="a trace of the suite, or a recording of live traffic"
    )
    judging.add_argument("--json", action="store_true", help="print one JSON object a requirement")
    judging.add_argument("--party", choices=(*get_args(Party), "both"), default="server", help="who is judged")
    judging.add_argument("--junit", type=Path, metavar="FILE", help="write the verdicts as JUnit XML too")
    judging.add_argument("--strict", action="store_true", help="warnings and what was not seen fail as well")
    judging.set_defaults(do=lambda a: judge_file(a.file, a.json, _parties(a.party), a.junit, a.strict))
    explaining = commands.add_parser("explain", help="say all that is known about a requirement")
    explaining.add_argument("key", metavar="KEY", help="its name, such as session.ended-404")
    explaining.set_defaults(do=lambda a: explain(a.key))
    listing = commands.add_parser("ledger", help="list all requirements and what checks them")
    listing.add_argument(
        "--names", action="store_true", help="only the names of checked ones, without rows of our own"
    )
    listing.add_argument("--markdown", action="store_true", help="as a page with checks, faults and totals")
    listing.set_defaults(do=lambda a: print_coverage() if a.markdown else list_ledger(a.names))
    add_options(commands.add_parser("profile", help="ask a server for its tools, and write a profile to start from"))
    chosen = parser.parse_args(arguments)
    code: int = chosen.do(chosen)
    return code


def judge_file(
    path: Path,
    as_json: bool,
    parties: tuple[Party, ...] = ("server",),
    junit_file: Path | None = None,
    strict: bool = False,
) -> int:
    """Judge every revision that occurs in a trace, and what these parties did there."""
    try:
        trace = read(path)
    except BadEvidence as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    for note in trace.notes:
        print(f"note: {plain(note)}", file=sys.stderr)
    asked = [(revision, party) for revision in _revisions(trace) for party in parties]
    judgements = [j for revision, party in asked for j in judge(trace, revision, party=party)]
    if not judgements:
        print(f"{path}: no session of a revision that can be judged", file=sys.stderr)
        return BAD_INPUT
    for judgement in judgements:
        if judgement.verdict is not Verdict.UNCHECKED:
            print(_as_json(judgement) if as_json else _as_text(judgement, trace))
    if junit_file is not None:
        junit_file.write_text(junit(judgements, trace, strict=strict), encoding="utf-8")
    return BROKEN if any(fails(judgement, strict) for judgement in judgements) else 0


def explain(key: str) -> int:
    """Text, sections, check, stories and fault of a requirement, in each revision that has it."""
    key = key.rpartition("::")[2]  # pytest's items are called mcp::REVISION::KEY
    rows = [row for row in _all_rows() if row.key == key]
    if not rows:
        print(f"there is no requirement {key!r}{_near(key)}", file=sys.stderr)
        return BAD_INPUT
    for party in get_args(Party):
        if asked := [row for row in rows if row.party == party]:
            print(f"{key}{'' if party == 'server' else f', of the {party}'}: {asked[-1].text}")
            for row in asked:
                print(f"  {row.revision}  {_level(row)}  {row.url}")
            for line in _how_it_is_judged(asked[-1]):
                print(line)
    return 0


def list_ledger(names_only: bool) -> int:
    """Print all requirements, or the names of those with a check that are not rows of our own."""
    load_checks()
    for row in _all_rows():
        has_check = (row.key, row.party) in CHECKS
        if not names_only:
            how = "checked" if has_check else f"unchecked: {row.unchecked}"
            print(f"{row.name:<50} {row.level:<7} {how}")
        elif has_check and row.own is None:
            print(row.name)
    return 0


def print_coverage() -> int:
    """Print the page `docs/coverage.md`."""
    print(markdown(), end="")
    return 0


def _how_it_is_judged(row: Requirement) -> Iterator[str]:
    load_checks()
    check = CHECKS.get((row.key, row.party))
    if check is None:
        yield f"not checked: {row.unchecked}"
        return
    yield f"check: {check.judge.__module__}.{check.name}: {check.sentence}"
    if row.party == "server":
        stories = [story.name for story in load_scenarios().values() if row.key in story.shows]
        yield f"stories: {', '.join(stories)}"
        yield f"fault: {known_faults().get(row.key, 'none')}"


def _all_rows() -> list[Requirement]:
    """All that all revisions ask, of servers and of clients."""
    return [row for revision in REVISIONS for party in get_args(Party) for row in requirements(revision, party)]


def _near(key: str) -> str:
    """What may have been meant by a key that there is not: a topic, or a key that is spelled almost so."""
    keys = sorted({row.key for row in _all_rows()})
    near = [known for known in keys if known.startswith(f"{key}.")] or get_close_matches(key, keys)
    return f": near it are {', '.join(near)}" if near else ""


def _parties(chosen: str) -> tuple[Party, ...]:
    return tuple(party for party in get_args(Party) if chosen in (party, "both"))


def _revisions(trace: Trace) -> list[str]:
    """The one that the stories were told in, or those that occur in traffic of somebody else's."""
    if trace.revision is not None:
        return [trace.revision] if trace.revision in REVISIONS else []
    seen = {session.revision for session in sessions(trace)}
    return [revision for revision in REVISIONS if revision in seen]


def _level(row: Requirement) -> str:
    return row.level if row.weight == row.level else f"{row.level}, counted as a {row.weight}"


def _as_text(judgement: Judgement, trace: Trace) -> str:
    row, verdict = judgement.requirement, judgement.verdict.value.upper()
    text = full(judgement, trace) if judgement.verdict is not Verdict.PASS else row.text
    lines = [*text.splitlines(), *again(judgement, trace)]
    who = "" if row.party == "server" else f" of the {row.party}"
    return f"{row.revision} {verdict:<14} {row.key}{who}: " + "\n    ".join(lines)


def _as_json(judgement: Judgement) -> str:
    row = judgement.requirement
    findings = [{"outcome": f.outcome, "seen": f.seen, "place": str(f.place)} for f in judgement.decisive]
    told = {"revision": row.revision, "party": row.party, "key": row.key, "verdict": judgement.verdict.value}
    return json.dumps(told | {"findings": findings})


if __name__ == "__main__":
    sys.exit(finish(main))
