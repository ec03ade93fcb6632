"""Judges the same server many times, and says in what the runs differ: `make repeat`.

Two runs are the same if they judged the same revisions, gave each requirement the same verdict for the same kind of
reason, and told each story to the same end.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

from tests.bench.load import busy
from tests.real_servers.environments import ENVIRONMENTS
from tests.real_servers.launch import launch

Outcome: TypeAlias = Mapping[str, str]  # from what was judged or told to how it came out

ONE_RUN = 300.0  # seconds that a run may take, however busy the machine is
_SAID = 160  # characters of a reason that are shown
_DECISIVE = ("bad", "bent", "ok", "moot")  # which of them were found decides a verdict, how often does not


class NoRun(Exception):
    """The suite judged nothing. The text is what it said last."""


def outcome_of(report: Mapping[str, Any]) -> Outcome:
    """How a run came out, from its `report.json`: by revision and requirement, and by revision and story."""
    found: dict[str, str] = {}
    for revision in report["revisions"]:
        name = revision["revision"]
        for row in revision["requirements"]:
            decisive = [outcome for outcome in _DECISIVE if row["occasions"][outcome]]
            found[f"{name} {row['key']}"] = " ".join([row["verdict"], *decisive[:1]])
        for story in revision["stories"]:
            found[f"{name} story {story['story']}"] = story["outcome"]
    return found


def reasons_of(report: Mapping[str, Any]) -> Outcome:
    """Why each of them came out so, for whoever looks into a difference; reasons are not compared."""
    found: dict[str, str] = {}
    for revision in report["revisions"]:
        for row in revision["requirements"]:
            seen = {finding["outcome"]: finding["seen"] for finding in reversed(row["findings"])}
            why = row["why"] or next((seen[outcome] for outcome in _DECISIVE if outcome in seen), "")
            found[f"{revision['revision']} {row['key']}"] = why[:_SAID]
        for story in revision["stories"]:
            found[f"{revision['revision']} story {story['story']}"] = story["why"][-_SAID:]
    return found


def counted(report: Mapping[str, Any]) -> str:
    """How many requirements got which verdict, in all revisions together."""
    total = sum((Counter(revision["counts"]) for revision in report["revisions"]), Counter[str]())
    return ", ".join(f"{number} {verdict}" for verdict, number in total.items())


def differences(outcomes: Sequence[Outcome]) -> dict[str, Counter[str]]:
    """What did not come out the same in all runs, and how often it came out how."""
    named = dict.fromkeys(name for outcome in outcomes for name in outcome)
    counts = {name: Counter(outcome.get(name, "nothing") for outcome in outcomes) for name in named}
    return {name: count for name, count in counts.items() if len(count) > 1}


def run_once(arguments: Sequence[str]) -> Mapping[str, Any]:
    """One run as the command line makes it, and its report. Raises NoRun."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--mcp-report", folder, *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=ONE_RUN)
        except subprocess.TimeoutExpired:
            raise NoRun(f"the run was not over after {ONE_RUN:g} s") from None
        report = Path(folder) / "report.json"
        if not report.exists():
            raise NoRun((done.stdout + done.stderr)[-1000:])
        found: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def repeat(arguments: Sequence[str], runs: int) -> bool:
    """Print a line for each run and then what differed. Returns whether nothing did."""
    outcomes: list[Outcome] = []
    reasons: dict[tuple[str, str], str] = {}
    for number in range(runs):
        try:
            report = run_once(arguments)
        except NoRun as nothing:
            report = {"seconds": 0.0, "revisions": []}
            print(nothing)
        outcomes.append(outcome_of(report))
        reasons |= {(name, outcomes[-1].get(name, "")): why for name, why in reasons_of(report).items()}
        print(f"run {number + 1:2}: {report['seconds']:6.2f} s, load {os.getloadavg()[0]:5.2f}, {counted(report)}")
    differing = differences(outcomes)
    for name, count in differing.items():
        print(name)
        for word, times in count.most_common():
            print(f"  {times:3} of {runs}: {word}: {reasons.get((name, word), '')}")
    print(f"{runs} runs, {len(differing)} differences")
    return bool(outcomes and outcomes[0]) and not differing


@contextmanager
def server_named(name: str | None) -> Iterator[list[str]]:
    """The options that name the target: a real server that is started first, or the bundled one."""
    if name is None:
        yield ["--target", "bundled"]
        return
    with launch(*name.split()) as url:
        yield ["--target", url]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.repeat", description=__doc__)
    say = parser.add_argument
    say("--target", metavar="URL", help="a server that runs already (default: the bundled one)")
    say("--server", metavar="NAME", help=f"one of {', '.join(ENVIRONMENTS)}, perhaps with options of its own")
    say("--bundled", metavar="ARGS", default="", help="options of the bundled server")
    say("--latency", metavar="SECONDS", type=float, default=0.0, help="hold each answer back by up to so much")
    say("--revision", metavar="DATE", action="append", default=[], help="judge this revision only (repeatable)")
    say("--runs", type=int, default=20, help="how many runs (20)")
    say("--load", action="store_true", help="keep every core busy meanwhile")
    said = parser.parse_args()
    arguments = [part for revision in said.revision for part in ("--mcp-revision", revision)]
    if not (said.target or said.server):
        jitter = f"--jitter {said.latency}" if said.latency else ""
        arguments.append(f"--mcp-bundled={said.bundled} {jitter}")
    cores = os.cpu_count() or 1
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)  # whoever waits for an hour wants to see that it goes on
    target = nullcontext(["--target", said.target]) if said.target else server_named(said.server)
    with target as named, busy(cores, ONE_RUN * said.runs) if said.load else nullcontext():
        same = repeat([*named, *arguments], said.runs)
    raise SystemExit(0 if same else 1)


if __name__ == "__main__":
    main()
