"""docs/coverage.md says what the ledger says."""

import re
from pathlib import Path
from typing import get_args

import pytest

from conformance.coverage import markdown
from conformance.evidence.trace import Party
from conformance.judging.ledger import REVISIONS, requirements

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"


def rows() -> list[list[str]]:
    lines = [line for line in markdown().splitlines() if line.startswith("| [`")]
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]


def test_the_page_is_up_to_date() -> None:
    if PAGE.read_text(encoding="utf-8") != markdown():
        pytest.fail("docs/coverage.md is not what the ledger says now: `make coverage` renews it")


def test_every_requirement_has_a_line_of_five_cells() -> None:
    parties = get_args(Party)
    assert len(rows()) == sum(len(requirements(revision, party)) for revision in REVISIONS for party in parties)
    assert {len(cells) for cells in rows()} == {5}


def test_totals_add_up() -> None:
    for revision in REVISIONS:
        (line,) = re.findall(rf"^\| \[{revision}\].*$", markdown(), re.MULTILINE)
        every, must, should, *_, own = (int(cell) for cell in line.split("|")[2:-1])
        assert every == must + should == len(requirements(revision))
        assert own == sum(row.own is not None for row in requirements(revision))
