"""No false alarm: a server that is legal in an unusual way draws neither FAIL nor WARN, and nothing crashes.

What leaves a SHOULD undone says so: `warned` are the requirements about which it may hear a WARN, and no others.
"""

import anyio
import pytest

from conformance.check import Verdict
from conformance.run import Run, run
from conformance.target import Target
from reference_server.serving import serve
from tests.oddities import load
from tests.oddities.odd import Odd
from tests.running import crashes, told

ODDITIES = load()


def run_odd(kind: type[Odd]) -> Run:
    """One run, in the newest revision in which the oddity is legal and shows."""
    with serve(kind(kind.settings)) as url:
        target = Target(url + kind.query, headers=kind.asked_with, revisions=(kind.revision,), timeout=kind.timeout)
        return anyio.run(run, target)


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_draws_no_alarm(name: str) -> None:
    (judged,) = run_odd(ODDITIES[name]).revisions
    assert crashes(judged) == []
    kind = ODDITIES[name]
    assert told(judged, Verdict.FAIL) == {}
    assert told(judged, Verdict.WARN).keys() <= kind.warned
    assert judged.having(Verdict.PASS)


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_says_what_makes_it_legal(name: str) -> None:
    assert ODDITIES[name].__doc__
