"""Prints the cost of a run against the bundled server, with and without latency, and of the official suite."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests import official
from tests.bench.measure import Cost, medians

REVISION = "2025-11-25"
LATENCY = 0.3


def ours(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "--target", "bundled", *args]


def judged(report: Path) -> int:
    """How many requirements the last run judged with evidence."""
    data = json.loads((report / "report.json").read_text(encoding="utf-8"))
    rows = [row for revision in data["revisions"] for row in revision["requirements"]]
    return sum(row["verdict"] in ("pass", "fail", "warn") for row in rows)


def line(what: str, cost: Cost, evidence: str = "") -> None:
    print(f"{what:<52} {cost.wall:7.2f} {cost.cpu:7.2f} {cost.peak:7.0f} {cost.code:5}  {evidence}")


def bench_ours(runs: int, report: Path) -> None:
    slow = ("--mcp-bundled", f"--latency {LATENCY}")
    one = ("--mcp-revision", REVISION)
    for what, args in (
        (f"{REVISION}", one),
        ("all revisions", ()),
        (f"{REVISION}, {LATENCY:g} s added to each answer", one + slow),
        (f"all revisions, {LATENCY:g} s added to each answer", slow),
    ):
        cost = medians(ours(*args, "--mcp-report", str(report)), runs)
        line(what, cost, str(judged(report)))


def bench_official(runs: int) -> None:
    found = official.installed()
    if found is None:
        print("the official suite needs npm and Node 22, which cannot be had here")
        return
    for what, latency in (("official suite", 0.0), (f"official suite, {LATENCY:g} s added", LATENCY)):
        with serve(ReferenceServer(Options(latency=latency))) as url:
            command = official.command(*found, url, "--requirements", REVISION)
            line(f"{what}, --requirements {REVISION}", medians(command, runs, official.environment(found[0])))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="counted runs of each command (3)")
    runs: int = parser.parse_args().runs
    figures = f"{'wall s':>7} {'CPU s':>7} {'MiB':>7} {'exit':>5}"
    print(f"{f'medians of {runs} runs':<52} {figures}  judged with evidence")
    with tempfile.TemporaryDirectory() as folder:
        bench_ours(runs, Path(folder))
    bench_official(runs)


if __name__ == "__main__":
    main()
