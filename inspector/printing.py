"""What `watch` prints: a line for each violation, and at the end how all rules stand.

A stranger's text never gets a line of its own, nor a character that a terminal would obey.
"""

import dataclasses
import json
import sys
from collections.abc import Sequence

from conformance.evidence.trace import Party
from conformance.report.summary import plain
from conformance.report.text import count
from inspector.judging.process import Report, RuleNews
from inspector.model.nouns import Violation
from inspector.rulebook import Chapter, chapters


class Printer:
    """Prints as text or as JSON, one object a line."""

    def __init__(self, url: str, parties: Sequence[Party], *, as_json: bool) -> None:
        self._parties = parties
        self._as_json = as_json
        self._rules: dict[tuple[str, str, str], RuleNews] = {}
        self._overlooked = 0
        if as_json:
            _print({"ready": url})
        else:
            print(f"point your client at {plain(url)} (Ctrl-C ends the watch)", file=sys.stderr, flush=True)

    def tell(self, report: Report) -> None:
        """Print what one look brought."""
        self._overlooked = report.overlooked
        self._rules |= {(rule.revision, rule.party, rule.key): rule for rule in report.rules}
        for violation in report.found:
            self._tell("found", violation)
        for violation in report.withdrawn:
            self._tell("withdrawn", violation)

    def remark(self, what: str) -> None:
        """Print what the inspector did itself that concerns all."""
        if self._as_json:
            _print({"remark": what})
        else:
            print(f"the inspector: {plain(what)}", file=sys.stderr, flush=True)

    def sum_up(self, asked: int) -> None:
        """Print how all rules stand after so many exchanges."""
        told = [chapter for chapter in chapters(self._rules) if chapter.party in self._parties]
        if self._as_json:
            summary = [_summary(chapter) for chapter in told]
            _print({"exchanges": asked, "overlooked": self._overlooked, "summary": summary})
            return
        print(f"{count(asked, 'exchange')} passed" if asked else "nothing passed: was the client given this address?")
        if self._overlooked:
            print(f"{count(self._overlooked, 'message')} came too fast to be judged")
        if asked and not told:
            print("none of it was MCP that could be judged")
        for chapter in told:
            tally = ", ".join(f"{number} {state}" for state, number in chapter.tally.items())
            print(f"{chapter.revision}, {chapter.party}: {chapter.summary}: {tally}")
            for line in chapter.lines:
                if line.state == "broken":
                    print(f"  {line.level} {line.key}, {count(line.broken, 'time')}: {line.text} {line.url}")

    def _tell(self, news: str, violation: Violation) -> None:
        if self._as_json:
            _print({news: dataclasses.asdict(violation)})
            return
        taken_back = "" if news == "found" else "taken back: "
        who = f"{violation.level:6} {violation.party} {violation.key}"
        print(f"{violation.at:9.3f}  {taken_back}{who}: {plain(violation.seen)}  {violation.url}", flush=True)


def _summary(chapter: Chapter) -> dict[str, object]:
    names = {line.key: line.broken for line in chapter.lines if line.state == "broken"}
    return {"revision": chapter.revision, "party": chapter.party, "rules": dict(chapter.tally), "broken": names}


def _print(value: dict[str, object]) -> None:
    print(json.dumps(value), flush=True)
