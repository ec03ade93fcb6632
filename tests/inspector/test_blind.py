"""What cannot be judged by watching: compared with what a run of the suite shows to somebody who only watches."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from conformance.evidence.era import HTTP_SSE
from conformance.evidence.trace import Exchange, Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from conformance.judging.ledger import REVISIONS, requirements
from inspector.blind import BLIND, SELDOM, blind_to, named, seldom_seen
from reference_server.options import Options
from tests.inspector.traffic import recording_of
from tests.running import run_bundled
from tests.thorough import some

JUDGED = {Verdict.PASS, Verdict.FAIL, Verdict.WARN}


def is_ordinary(exchange: Exchange) -> bool:
    """Whether a right client could have sent it."""
    return exchange.intent is None


def shown(trace: Trace, exchanges: Iterable[Exchange], revision: str) -> set[str]:
    """The rules that are judged in a recording of these exchanges."""
    seen = recording_of(replace(trace, exchanges=tuple(exchanges))).trace()
    return {judgement.key for judgement in judge(seen, revision) if judgement.verdict in JUDGED}


@pytest.mark.parametrize("revision", some(reversed(REVISIONS), every=2))
def test_what_ordinary_traffic_never_shows_is_said(revision: str) -> None:
    modes = [Options(http_sse=True)] if revision == HTTP_SSE else [Options(), Options(auth=True)]
    traces = [run_bundled(revision, options=options).revisions[0].trace for options in modes]
    ordinary = {key for t in traces for key in shown(t, filter(is_ordinary, t.exchanges), revision)}
    checked = {rule.key for rule in requirements(revision) if rule.unchecked is None}
    said = {*named(BLIND, revision), *named(SELDOM, revision)} & checked
    assert checked - ordinary == said


def test_each_rule_is_named_once_and_there() -> None:
    rules = [(revision, rule.key) for revision in REVISIONS for rule in requirements(revision)]
    for table in (BLIND, SELDOM):
        keys = [key for keys in table.values() for key in keys]
        assert len(keys) == len(set(keys))
        assert {key.rpartition(" ")[2] for key in keys} <= {key for _, key in rules}
    both = {*named(BLIND, "2026-07-28")} & {*named(SELDOM, "2026-07-28")}
    assert both == set()


def test_of_clients_all_is_seen_that_is_checked() -> None:
    rules = [rule for revision in REVISIONS for rule in requirements(revision, "client")]
    assert all((blind_to(rule), seldom_seen(rule)) == (rule.unchecked, None) for rule in rules)
