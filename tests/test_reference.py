"""The reference server keeps every requirement, and the suite sees it: evidence, not silence."""

from functools import cache

import pytest

from conformance.evidence.era import HTTP_SSE
from conformance.judging.check import Verdict
from conformance.judging.ledger import REVISIONS
from conformance.scenarios import load_scenarios
from conformance.suite import checked
from reference_server.options import Options
from tests.running import BAD, crashes, run_bundled, told, unintended
from tests.thorough import some

NEWEST = ("2025-11-25", "2026-07-28")  # of each era
ONE_ERA = {"era.old-traffic", "era.initialize-error"}  # asked only of servers that speak nothing older
AFAR = {"as.https"}  # asked only of servers that are not on this very machine
ABOUT_TOKENS = ("auth", "auth_metadata", "tasks_owners")
GUARDED = Options(auth=True)
ALONE = Options(revisions=NEWEST[-1:], auth=True)
MODES = {
    "stateless and guarded": Options(stateless=True, auth=True),
    "stateless": Options(stateless=True),
    "json": Options(json_response=True),
    "stateless and json": Options(stateless=True, json_response=True),
}


@cache
def grouped(revision: str) -> dict[str, set[str]]:
    """The requirements that the same stories show, by the names of these: judged alone, they are one run."""
    groups: dict[str, set[str]] = {}
    told_here = [story for story in load_scenarios().values() if revision in story.revisions]
    for row in checked(revision):
        names = [story.name for story in told_here if row.key in story.shows]
        groups.setdefault(" ".join(names), set()).add(row.key)
    return groups


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_check_passes_with_evidence(revision: str) -> None:
    (run,) = run_bundled(revision, options=None if revision == HTTP_SSE else GUARDED).revisions
    assert crashes(run) == []
    assert told(run, *BAD, Verdict.NOT_SEEN) == {}
    assert {j.key for j in run.having(Verdict.PASS)} == {row.key for row in checked(revision)} - ONE_ERA - AFAR
    assert unintended(run) == {}


def test_a_server_of_one_era_gives_the_evidence_that_others_cannot() -> None:
    (run,) = run_bundled(options=ALONE).revisions
    assert crashes(run) == []
    assert told(run, *BAD, Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE) == {}
    assert {j.key for j in run.having(Verdict.PASS)} >= ONE_ERA


@pytest.mark.parametrize("revision", ["2025-03-26", *NEWEST])
def test_a_server_that_wants_no_token_has_no_rules_about_tokens(revision: str) -> None:
    keys = {row.key for row in checked(revision) if row.topic in ABOUT_TOKENS}
    (run,) = run_bundled(revision, keys=keys).revisions
    assert crashes(run) == []
    assert {j.key for j in run.having(Verdict.NOT_APPLICABLE)} == keys


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_that_offers_less_breaks_nothing(mode: str) -> None:
    for run in run_bundled(options=MODES[mode]).revisions:
        assert crashes(run) == []
        assert told(run, *BAD, Verdict.NOT_SEEN) == {}
        assert run.having(Verdict.NOT_APPLICABLE)


def test_progress_on_the_get_stream_is_a_warning_and_nothing_else() -> None:
    (run,) = run_bundled("2025-11-25", options=Options(progress_route="primary")).revisions
    assert crashes(run) == []
    assert set(told(run, *BAD)) == {"get.unrelated"}


@pytest.mark.parametrize(
    ("revision", "stories"), some([(r, stories) for r in NEWEST for stories in grouped(r)], every=2)
)
def test_each_requirement_can_be_judged_alone(revision: str, stories: str) -> None:
    keys = grouped(revision)[stories]
    options = ALONE if keys <= ONE_ERA else GUARDED
    (run,) = run_bundled(revision, keys=keys, options=options).revisions
    assert crashes(run) == []
    assert [j.key for j in run.judgements if j.verdict is not Verdict.PASS] == [], told(run, *Verdict)
