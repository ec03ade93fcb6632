"""`make witness`: the official conformance suite judges our reference server, in both eras and with all it has.

No failure and no warning is allowed, but for what `docs/field-notes.md` shows to be a mistake of the suite's own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests import official

SELECTIONS = (("--requirements", "2025-11-25"), ("--requirements", "2026-07-28"), ("--suite", "all"))
EXCUSED: frozenset[str] = frozenset()  # ids of checks that are wrong themselves, each explained in the field notes
FEWEST = 80  # checks that have to succeed before an empty list of complaints means anything


@dataclass(frozen=True, slots=True)
class Complaint:
    """A check of the official suite that our server does not satisfy."""

    scenario: str
    check: str
    status: str
    why: str


def complaints(folder: Path, counts: Counter[str]) -> Iterator[Complaint]:
    """What the suite wrote down, scenario by scenario; `counts` takes up the statuses of all checks."""
    for path in sorted(folder.glob("*/checks.json")):
        for check in json.loads(path.read_text(encoding="utf-8")):
            counts[check["status"]] += 1
            if check["status"] in ("FAILURE", "WARNING") and check["id"] not in EXCUSED:
                why = str(check.get("errorMessage") or check.get("description") or "")
                yield Complaint(path.parent.name, check["id"], check["status"], why)


def testify(node: Path, program: Path, url: str, selection: tuple[str, ...]) -> bool:
    """Run one selection and print what came of it. Returns whether there is nothing to complain of."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*official.command(node, program, url, *selection), "-o", folder]
        subprocess.run(command, env=official.environment(node), capture_output=True, check=False, timeout=600)
        counts: Counter[str] = Counter()
        found = list(complaints(Path(folder), counts))
    told = ", ".join(f"{number} {status.lower()}" for status, number in sorted(counts.items()))
    print(f"{' '.join(selection):<28} {told or 'nothing was checked'}")
    for complaint in found:
        print(f"  {complaint.status} {complaint.scenario}: {complaint.check}: {complaint.why}")
    return not found and counts["SUCCESS"] >= FEWEST


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.witness", description=__doc__)
    parser.add_argument("--release", metavar="VERSION", help="of the official suite; the newest unless given")
    version = parser.parse_args().release or official.newest()
    found = official.installed(version)
    if found is None:
        print(f"the official suite {version} cannot be installed: it needs npm and the network", file=sys.stderr)
        return 2
    print(f"official suite {version}")
    with serve(ReferenceServer(Options())) as url:
        content = [testify(*found, url, selection) for selection in SELECTIONS]
    return 0 if all(content) else 1


if __name__ == "__main__":
    sys.exit(main())
