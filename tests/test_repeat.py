"""What counts as a difference between two runs, and what keeps a machine busy."""

import os
from typing import Any

from tests.bench.load import busy
from tests.bench.repeat import differences, outcome_of

NOTHING = {"ok": 0, "bad": 0, "bent": 0, "moot": 0, "open": 0}


def report(verdict: str = "pass", story: str = "told", **occasions: int) -> dict[str, Any]:
    row = {"key": "ping.reply", "verdict": verdict, "occasions": NOTHING | occasions}
    told = {"story": "pinging", "outcome": story}
    return {"revisions": [{"revision": "2025-11-25", "requirements": [row], "stories": [told]}]}


def differing(*reports: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {name: dict(count) for name, count in differences([outcome_of(each) for each in reports]).items()}


def test_how_often_something_was_seen_is_no_difference() -> None:
    assert differing(report(ok=1), report(ok=7, open=1)) == {}


def test_a_verdict_is() -> None:
    found = differing(report("pass", ok=1), report("fail", ok=1, bad=1), report("pass", ok=1))
    assert found == {"2025-11-25 ping.reply": {"pass ok": 2, "fail bad": 1}}


def test_so_is_the_same_verdict_for_another_reason() -> None:
    found = differing(report("warn", bad=1), report("warn", bent=1))
    assert found == {"2025-11-25 ping.reply": {"warn bad": 1, "warn bent": 1}}


def test_so_is_how_a_story_went() -> None:
    assert differing(report(), report(story="unmet")) == {"2025-11-25 story pinging": {"told": 1, "unmet": 1}}


def test_so_is_a_revision_that_was_not_judged() -> None:
    found = differing(report(ok=1), {"revisions": []})
    assert found["2025-11-25 ping.reply"] == {"pass ok": 1, "nothing": 1}


def test_nothing_is_kept_busy_afterwards() -> None:
    with busy(2, at_most=5.0) as pids:
        for pid in pids:
            os.kill(pid, 0)
    assert not any(_lives(pid) for pid in pids)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
