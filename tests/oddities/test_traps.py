"""docs/traps.md accounts for every place where the specification can be misread, and names only what exists."""

import re
from pathlib import Path

from conformance.checks import load_checks
from conformance.judging.check import CHECKS
from tests.oddities import load

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "traps.md").read_text(encoding="utf-8"))


def known() -> set[str]:
    """The names of all oddities, tests and requirements."""
    tests = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    load_checks()
    return tests | set(load()) | {key for key, _ in CHECKS}


def test_every_trap_has_its_row() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 99))


def test_what_is_named_exists() -> None:
    named = {name for _, names in ROWS for name in re.findall(r"`([^`]+)`", names)}
    assert named - known() == set()
