"""Runs of the suite against the reference server, on a real socket, for tests."""

from collections.abc import Mapping
from dataclasses import replace

import anyio

from conformance.driving.profile import Profile
from conformance.driving.target import Target
from conformance.driving.tokens import headers_with, with_bad_ones
from conformance.evidence.era import HTTP_SSE, is_modern
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from conformance.judging.ledger import REVISIONS, requirements
from conformance.run import RevisionRun, Run, drive, prepare
from reference_server import faults
from reference_server.http_sse import SSE_PATH
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve

NO_PROFILE = Profile()
NO_TOKENS: Mapping[str, str] = {}
BAD = (Verdict.FAIL, Verdict.WARN)


def run_against(
    url: str,
    *revisions: str,
    keys: set[str] | None = None,
    timeout: float = 10.0,
    profile: Profile = NO_PROFILE,
    tokens: Mapping[str, str] = NO_TOKENS,
    at_once: int | None = None,
) -> Run:
    """One run as the command line makes it; `at_once` tells fewer stories at the same time."""

    async def both() -> Run:
        target = Target(
            url,
            headers=headers_with(tokens, {}),
            tokens=with_bad_ones(tokens),
            revisions=revisions,
            timeout=timeout,
            profile=profile,
        )
        found = await prepare(target)
        return await drive(found if at_once is None else replace(found, at_once=at_once), keys=keys)

    return anyio.run(both)


def run_bundled(
    *revisions: str,
    kind: type[ReferenceServer] = ReferenceServer,
    options: Options | None = None,
    keys: set[str] | None = None,
) -> Run:
    """One run against a reference server of this kind, with the tokens that it gives.

    The transport of 2024-11-05 has an address of its own.
    """
    older = revisions == (HTTP_SSE,)
    server = kind(options or Options(http_sse=older))
    with serve(server, path=SSE_PATH if older else "/mcp") as url:
        return run_against(url, *revisions, keys=keys, tokens=server.tokens)


def revisions_for(fault: type[ReferenceServer]) -> list[str]:
    """Where a fault has to show: in the newest revision of each era that knows the requirement.

    A fault that names a revision is one that no other can have.
    """
    if only := faults.revision_of(fault):
        return [only]
    having = [r for r in REVISIONS if any(row.key == faults.broken_by(fault) for row in requirements(r))]
    eras = [[r for r in having if not is_modern(r)], [r for r in having if is_modern(r)]]
    return [era[-1] for era in eras if era]


def told(run: RevisionRun, *verdicts: Verdict) -> dict[str, str]:
    """The requirements that have one of these verdicts, and the reason; for readable assertions."""
    return {
        judgement.key: judgement.why or "; ".join(finding.seen for finding in judgement.decisive[:3])
        for judgement in run.having(*verdicts)
    }


def unintended(run: RevisionRun) -> dict[str, str]:
    """The duties of a client that our own broke, where no intent says that it did so on purpose."""
    wrong = {exchange.number for exchange in run.trace.exchanges if exchange.intent is not None}
    return {
        judgement.key: finding.seen
        for judgement in judge(run.trace, run.revision, party="client")
        for finding in judgement.findings
        if finding.outcome in ("bad", "bent") and (finding.place is None or finding.place.exchange not in wrong)
    }


def crashes(run: RevisionRun) -> list[str]:
    """What went wrong on our own side."""
    return [telling.why for telling in run.tellings if telling.outcome == "crashed"] + [
        judgement.why for judgement in run.having(Verdict.ERROR)
    ]
