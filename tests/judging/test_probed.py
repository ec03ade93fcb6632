"""A client that looks for the modern era first: what a server of the other era says to that is no breach."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.judge import judge
from tests.checks.live import Live
from tests.tape import error, result

MODERN = "2026-07-28"
DISCOVERED: dict[str, JSON] = {"supportedVersions": [MODERN]}


def said(tape: Live, key: str) -> list[str]:
    (judgement,) = judge(tape.trace, MODERN, [key])
    return [finding.outcome for finding in judgement.findings]


def probed(answer: JSON, status: int = 200, *, greeted: bool = True) -> Live:
    """`server/discover` gets this answer; then the client begins a session, unless it does not."""
    tape = Live(MODERN)
    client: dict[str, JSON] = {"io.modelcontextprotocol/clientInfo": {"name": "x", "version": "1"}}
    tape.ask("server/discover", id=0, meta=client, answer=answer, status=status)
    if greeted:
        tape.revision = "2025-11-25"
        tape.initialize(session_id="s")
    return tape


@pytest.mark.parametrize(("answer", "status"), [(error(0), 400), (error(0, -32601), 200), (result(0), 200)])
def test_a_server_that_has_only_sessions_owes_nothing_to_a_probe(answer: JSON, status: int) -> None:
    assert said(probed(answer, status), "discover") == []


def test_a_server_that_knows_the_era_is_judged_by_its_rules() -> None:
    assert said(probed(result(0, DISCOVERED)), "discover") == ["ok", "bad"]


def test_who_shows_no_other_era_is_judged_by_this_one() -> None:
    assert said(probed(error(0), 400, greeted=False), "discover") == ["bad"]
