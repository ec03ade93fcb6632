"""A real server of the transport before Streamable HTTP: it is recognised, and told for what it is."""

from collections.abc import Iterator

import pytest

from conformance.evidence.era import BOTH_ERAS
from conformance.judging.check import Verdict
from conformance.report.summary import headline, summary
from conformance.run import masked

from ..running import BAD, crashes, run_against, told
from .environments import EnvironmentUnavailable, ensure
from .launch import SERVERS, running

pytestmark = pytest.mark.real_server


@pytest.fixture(scope="module", params=["/sse", "/mcp"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the SDK's server opens its stream; the path is its owner's choice."""
    try:
        python = ensure("mcp-1.30.0") / "bin" / "python"
    except EnvironmentUnavailable as reason:
        pytest.skip(str(reason))
    with running(python, SERVERS / "sdk_v1_sse.py", "--path", request.param) as url:
        yield url


def test_the_sdk_keeps_what_is_judged_of_the_older_transport(address: str) -> None:
    run = run_against(address, timeout=20.0)
    (part,) = run.revisions
    assert part.revision == "2024-11-05"
    assert run.declined == BOTH_ERAS
    assert crashes(part) == []
    assert told(part, *BAD, Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE) == {}


def test_the_words_say_which_transport_it_is_and_name_no_session(address: str) -> None:
    run = run_against(address, timeout=20.0)
    shown = "\n".join([headline(run), *summary(masked(run))])
    assert shown.startswith("MCP HTTP+SSE: sdk-v1-sse")
    assert "the transport before Streamable HTTP" in shown
    (part,) = masked(run).revisions
    ids = {x.url.partition("session_id=")[2] for x in run.revisions[0].trace.exchanges} - {""}
    assert ids
    assert not any(id in repr(part.trace) + repr(part.judgements) for id in ids)
