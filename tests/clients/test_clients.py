"""The checks of client duties, proved from both sides: right clients keep every rule, and a fault breaks its own.

Where one is not thorough, one fault of three is shown.
"""

import pytest

from conformance.checks import load_checks
from conformance.evidence.era import BOTH_ERAS, is_modern
from conformance.judging.check import CHECKS, Verdict
from conformance.judging.ledger import requirements
from reference_server.options import Options
from tests.clients import faults
from tests.clients.living import life_of, verdicts
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Talker
from tests.thorough import some

load_checks()
FAULTS = faults.load()
BAD = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)
ROWS = {revision: requirements(revision, "client") for revision in BOTH_ERAS}


def right(revision: str) -> type[Talker]:
    return RightModernClient if is_modern(revision) else RightClient


@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_a_right_client_keeps_every_rule_with_evidence(revision: str) -> None:
    trace = life_of(right(revision), revision)
    assert verdicts(trace, revision, "client", *BAD, Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE) == {}
    checked = {row.key for row in ROWS[revision] if row.unchecked is None}
    assert verdicts(trace, revision, "client", Verdict.PASS).keys() == checked


@pytest.mark.parametrize("revision", BOTH_ERAS)
@pytest.mark.parametrize("options", [Options(), Options(stateless=True), Options(json_response=True)])
def test_nothing_is_charged_to_the_right_server_of_a_right_client(revision: str, options: Options) -> None:
    trace = life_of(right(revision), revision, options)
    assert verdicts(trace, revision, "server", *BAD) == {}
    assert verdicts(trace, revision, "client", *BAD) == {}


@pytest.mark.parametrize("name", some(FAULTS, every=4))
def test_a_fault_breaks_its_rule_and_no_other(name: str) -> None:
    fault = FAULTS[name]
    revision = faults.revision_of(fault)
    found = verdicts(life_of(fault, revision), revision, "client", *BAD)
    assert found.keys() == faults.blamed(fault), found


@pytest.mark.parametrize("modern", [False, True])
def test_every_check_has_a_fault_in_each_era(modern: bool) -> None:
    shown = {faults.broken_by(fault) for fault in FAULTS.values() if is_modern(faults.revision_of(fault)) == modern}
    rows = [row for revision in BOTH_ERAS if is_modern(revision) == modern for row in ROWS[revision]]
    assert {row.key for row in rows if (row.key, "client") in CHECKS} == shown


def test_every_fault_says_what_goes_wrong() -> None:
    for name, fault in FAULTS.items():
        assert (fault.__doc__ or "").endswith("."), name
