"""Each fault of the reference server is found, under its own name, and nothing else is blamed."""

import pytest

from conformance.ledger import REVISIONS, requirements
from reference_server import faults
from reference_server.server import ReferenceServer
from tests.running import BAD, crashes, run_bundled, told

FAULTS = faults.load()


def revision_for(fault: type[ReferenceServer]) -> str:
    """The one in which the fault shows, or the newest that knows the requirement."""
    having = [r for r in REVISIONS if any(row.key == faults.broken_by(fault) for row in requirements(r))]
    return faults.revision_of(fault) or having[-1]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_its_requirement_and_nothing_else(name: str) -> None:
    fault = FAULTS[name]
    (run,) = run_bundled(revision_for(fault), kind=fault).revisions
    assert crashes(run) == []
    found = told(run, *BAD)
    assert set(found) == {faults.broken_by(fault), *faults.also_broken_by(fault)}, found
