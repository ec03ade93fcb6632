"""The suite against real servers, adjudicated.

`findings.toml` says what it finds, `docs/field-notes.md` why that is right. A finding too many may be a false alarm,
one too few a miss; neither goes unnoticed, and none goes unexplained.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from conformance.driving.profile import Profile, read_profile
from conformance.run import Run

from ..running import BAD, crashes, run_against, told
from .conftest import VARIANTS, RealServer

HERE = Path(__file__).parent
NOTES = HERE.parents[1] / "docs" / "field-notes.md"
FINDINGS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads((HERE / "findings.toml").read_text(encoding="utf-8"))
PATIENCE = 20.0  # seconds that anything may take, on a machine that is busy with other tests
SLOW = {"fastmcp-4.1.2": 24}  # stories at once on a server that needs long for each session


def profile_of(server: str) -> Profile:
    """The profile of a server whose tools have names of their own."""
    path = HERE / "profiles" / f"{server}.toml"
    return read_profile(path) if path.exists() else Profile()


def found(run: Run) -> dict[tuple[str, str, str], str]:
    """Revision, requirement and verdict of each finding, and what was seen."""
    return {
        (part.revision, key, verdict.value): seen
        for part in run.revisions
        for verdict in BAD
        for key, seen in told(part, verdict).items()
    }


def expected(server: str) -> set[tuple[str, str, str]]:
    return {
        (revision, key, verdict)
        for key, finding in FINDINGS[server].items()
        for verdict, revisions in ((finding["verdict"], finding["revisions"]), ("warn", finding.get("warns", ())))
        for revision in revisions
    }


def explained() -> dict[str, list[str]]:
    """The requirements that the field notes have a heading for, below the heading of each server."""
    notes: dict[str, list[str]] = {}
    server = ""
    for level, name in re.findall(r"^(##|###) (\S+)$", NOTES.read_text(encoding="utf-8"), re.MULTILINE):
        if level == "##":
            server = name
        elif server in VARIANTS:
            notes.setdefault(server, []).append(name)
    return notes


def test_the_suite_finds_what_was_judged_and_nothing_else(real_server: RealServer) -> None:
    profile, at_once = profile_of(real_server.id), SLOW.get(real_server.id)
    run = run_against(real_server.url, timeout=PATIENCE, profile=profile, at_once=at_once)
    assert [part.revision for part in run.revisions] == list(real_server.revisions)
    assert [crash for part in run.revisions for crash in crashes(part)] == []
    seen, wanted = found(run), expected(real_server.id)
    assert {finding: seen[finding] for finding in seen.keys() - wanted} == {}
    assert wanted - seen.keys() == set()


@pytest.mark.parametrize("server", VARIANTS)
def test_each_finding_is_explained_in_the_field_notes_and_each_note_is_of_a_finding(server: str) -> None:
    assert sorted(explained().get(server, [])) == sorted(FINDINGS[server])
