"""Each fault of the reference server is found, under its own name, and nothing else is blamed."""

import pytest

from conformance.ledger import requirements
from reference_server import faults
from reference_server.server import ReferenceServer
from tests.running import BAD, crashes, revisions_for, run_bundled, told

FAULTS = faults.load()
SHOWN = [(name, revision) for name, fault in FAULTS.items() for revision in revisions_for(fault)]


@pytest.mark.parametrize(("name", "revision"), SHOWN)
def test_a_fault_breaks_its_requirement_and_nothing_else(name: str, revision: str) -> None:
    fault = FAULTS[name]
    (run,) = run_bundled(revision, kind=fault).revisions
    assert crashes(run) == []
    assert set(told(run, *BAD)) == blamed(fault, revision), told(run, *BAD)


def blamed(fault: type[ReferenceServer], revision: str) -> set[str]:
    """What breaks with a fault, as far as the revision asks for it."""
    known = {row.key for row in requirements(revision)}
    return {faults.broken_by(fault), *faults.also_broken_by(fault)} & known
