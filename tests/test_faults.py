"""Each fault of the reference server is found, under its own name, and nothing else is blamed.

Where one is not thorough: of every third requirement one fault, in the newest revision that knows it.
"""

import pytest

from conformance.judging.ledger import requirements
from reference_server import faults
from reference_server.options import Options
from reference_server.server import ReferenceServer
from tests.running import BAD, crashes, revisions_for, run_bundled, told
from tests.thorough import THOROUGH, some

FAULTS = faults.load()
FIRST = {faults.broken_by(fault): name for name, fault in reversed(FAULTS.items())}


@pytest.mark.parametrize("name", FAULTS if THOROUGH else some(FIRST.values(), every=3))
def test_a_fault_breaks_its_requirement_and_nothing_else(name: str) -> None:
    fault = FAULTS[name]
    revisions = revisions_for(fault) if THOROUGH else revisions_for(fault)[-1:]
    for run in run_bundled(*revisions, kind=fault, options=_options(fault)).revisions:
        assert crashes(run) == []
        found, known = told(run, *BAD), {row.key for row in requirements(run.revision)}
        assert set(found) == _blamed(fault) & known, (run.revision, found)


def _blamed(fault: type[ReferenceServer]) -> set[str]:
    return {faults.broken_by(fault), *faults.also_broken_by(fault)}


def _options(fault: type[ReferenceServer]) -> Options | None:
    """Tasks are a quarter of all that is said, so only faults that have to do with them are shown with tasks.

    What only --auth brings is shown with tokens.
    """
    about_tasks = any("tasks" in name for name in (fault.__module__, *_blamed(fault)))
    if "2024-11-05" in revisions_for(fault):
        return None
    return Options(tasks=about_tasks, auth=faults.needs_auth(fault))
