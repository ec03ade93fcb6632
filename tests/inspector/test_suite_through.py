"""The suite in front of the inspector judges the server behind it as it does without, in every revision."""

import anyio
import pytest

from conformance.evidence.era import HTTP_SSE
from conformance.judging.ledger import REVISIONS
from inspector.proxy.setup import Setup
from reference_server.http_sse import SSE_PATH
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.bench.repeat import ONE_RUN, Outcome, outcome_of, run_once
from tests.inspector.inspected import Broken, inspecting
from tests.thorough import some


def judged(url: str, revision: str) -> Outcome:
    """How everything comes out, by revision and requirement or story."""
    return outcome_of(run_once(["--target", url, "--mcp-revision", revision]))


@pytest.mark.parametrize("revision", some(reversed(REVISIONS), every=len(REVISIONS)))
def test_every_verdict_is_as_without_the_inspector(revision: str) -> None:
    older = revision == HTTP_SSE
    through: list[Outcome] = []
    broken: list[Broken] = []

    with serve(ReferenceServer(Options(http_sse=older)), path=SSE_PATH if older else "/mcp") as url:

        async def run() -> None:
            async with inspecting(Setup(url)) as inspected:
                with anyio.fail_after(ONE_RUN):
                    through.append(await anyio.to_thread.run_sync(judged, inspected.url, revision))
            broken.append(inspected.broken())

        anyio.run(run)
        direct = judged(url, revision)
    (seen,) = through
    assert len(direct) > 5
    assert {name: (came, seen.get(name)) for name, came in direct.items() if seen.get(name) != came} == {}
    assert {rule: why for rule, why in broken[0].items() if rule[0] == "server"} == {}
