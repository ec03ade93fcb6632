"""No false alarm: a server that is legal in an unusual way draws neither FAIL nor WARN, and nothing crashes.

What leaves a SHOULD undone says so: `warned` are the requirements about which it may hear a WARN, and no others.
"""

import importlib
import re

import anyio
import pytest

from conformance.driving.target import Target
from conformance.driving.tokens import headers_with, with_bad_ones
from conformance.judging.check import Verdict
from conformance.run import Run, run
from reference_server.options import R2026_07
from reference_server.serving import serve
from tests.oddities import load
from tests.oddities.both_eras import BOTH_ERAS
from tests.oddities.odd import Odd
from tests.running import crashes, told
from tests.thorough import some

ODDITIES = load()
SOURCE = re.compile(r"\b([Tt]raps? \d|RFC \d|JSON-RPC, \d|(basic|server|client)/\w|[Tt]he schema, )")
CASES = {name: (kind, kind.revision) for name, kind in ODDITIES.items()}
CASES |= {f"{kind.__name__} in {R2026_07}": (kind, R2026_07) for kind in BOTH_ERAS}


def run_odd(kind: type[Odd], revision: str) -> Run:
    """One run, in a revision in which the oddity is legal and shows."""
    server = kind(kind.settings)
    with serve(server) as url:
        target = Target(
            url + kind.query,
            headers=headers_with(server.tokens, kind.asked_with),
            tokens=with_bad_ones(server.tokens),
            revisions=(revision,),
            timeout=kind.timeout,
        )
        return anyio.run(run, target)


@pytest.mark.parametrize("name", some(CASES, every=6))
def test_an_oddity_draws_no_alarm(name: str) -> None:
    kind, revision = CASES[name]
    (judged,) = run_odd(kind, revision).revisions
    assert crashes(judged) == []
    assert told(judged, Verdict.FAIL) == {}
    warnings = told(judged, Verdict.WARN)
    assert {key: why for key, why in warnings.items() if key not in kind.warned} == {}
    assert judged.having(Verdict.PASS)


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_says_what_makes_it_legal(name: str) -> None:
    module = importlib.import_module(ODDITIES[name].__module__)
    assert SOURCE.search(f"{ODDITIES[name].__doc__} {module.__doc__}")
