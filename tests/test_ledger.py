"""Ledger, checks, stories and faults know each other, in both directions."""

from pathlib import Path

import pytest

from conformance.checks import load_checks
from conformance.evidence.era import HTTP_SSE, MODERN_REVISIONS, SESSION_REVISIONS
from conformance.judging import ledger
from conformance.judging.check import CHECKS
from conformance.judging.ledger import REVISIONS, BadLedger, requirements
from conformance.scenarios import load_scenarios
from conformance.suite import checked
from reference_server import faults
from tests.running import revisions_for

load_checks()
OF_SERVERS = [row for revision in REVISIONS for row in requirements(revision)]
ROWS = OF_SERVERS + [row for revision in REVISIONS for row in requirements(revision, "client")]
KEYS = {row.key for row in OF_SERVERS}
BROKEN = {faults.broken_by(fault) for fault in faults.load().values()}


def test_every_row_has_a_check_or_a_reason_and_never_both() -> None:
    for row in ROWS:
        assert ((row.key, row.party) in CHECKS) != (row.unchecked is not None), row.name


def test_every_check_has_a_row() -> None:
    assert CHECKS.keys() <= {(row.key, row.party) for row in ROWS}


@pytest.mark.parametrize("revisions", [(HTTP_SSE,), SESSION_REVISIONS, MODERN_REVISIONS])
def test_every_check_has_a_fault_in_each_era(revisions: tuple[str, ...]) -> None:
    shown = {faults.broken_by(f) for f in faults.load().values() if not set(revisions).isdisjoint(revisions_for(f))}
    assert {row.key for revision in revisions for row in checked(revision)} <= shown


def test_every_fault_breaks_a_requirement_that_exists() -> None:
    assert BROKEN <= KEYS
    for fault in faults.load().values():
        assert set(faults.also_broken_by(fault)) <= KEYS


def test_every_story_shows_requirements_that_exist() -> None:
    for story in load_scenarios().values():
        assert set(story.shows) <= KEYS, story.name


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_checked_requirement_has_a_story(revision: str) -> None:
    shown = {key for story in load_scenarios().values() if revision in story.revisions for key in story.shows}
    assert {row.key for row in requirements(revision) if row.unchecked is None} <= shown


def test_a_requirement_stands_in_the_module_of_its_topic() -> None:
    for row in ROWS:
        if row.unchecked is None:
            module = CHECKS[row.key, row.party].judge.__module__
            assert module == f"conformance.checks.{row.topic}", row.name


def test_the_address_of_a_requirement_is_its_section() -> None:
    row = next(row for row in requirements("2025-11-25") if row.key == "session.ended-404")
    assert row.url.endswith("/specification/2025-11-25/basic/transports#session-management")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('["a.b"]\ntopic = "x"\nlevel = "WILL"\nsections = ["s"]\ntext = "t"', "level is 'WILL'"),
        ('["a.b"]\ntopic = "x"\nlevel = "MUST"\nsections = []\ntext = "t"', "sections is []"),
        ('["a.b"]\ntopic = "x"\nlevel = "MUST"\nsections = ["s"]', "missing ['text']"),
        ('["a.b"]\nlvel = "MUST"', "unknown ['lvel']"),
        ('["a.b"]\ntopic = "x"\nlevel = "MUST"\nsections = ["s"]\ntext = "t"\nneeds = "luck"', "needs is 'luck'"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1999-01-01.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(ledger, "FOLDER", tmp_path)
    with pytest.raises(BadLedger) as refused:
        requirements("1999-01-01")
    assert complaint in str(refused.value)
