"""A run as the command line asks for it: from options to target, run and report. Knows nothing of pytest.

`plugin` hands over a function that looks an option up; everything that can be wrong about options is said here, in
one sentence each.
"""

import importlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.bundled import BundledServer
from conformance.checks import load_checks
from conformance.driving.profile import BadProfile, Profile, read_profile
from conformance.driving.target import BadTarget, Target, header_of, shown
from conformance.driving.telling import OnTold
from conformance.driving.tokens import VARIABLES, headers_with, tokens_of, with_bad_ones
from conformance.evidence.archive import write
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.masking import Masker
from conformance.evidence.secret import in_words, secrets_of
from conformance.judging.check import CHECKS
from conformance.judging.known import BadKnownFailures, read_known_failures
from conformance.judging.ledger import REVISIONS, Requirement, requirements
from conformance.preflight.survey import Survey, Unjudgeable
from conformance.run import Run, drive, masked, prepare

CANNOT_JUDGE = (Unjudgeable, BadTarget)
BAD_OPTION = (BadTarget, BadProfile, BadKnownFailures)
BUNDLED = "bundled"
Option = Callable[[str], Any]


class SuiteSession:
    """One target, from its options to its report."""

    def __init__(self, option: Option) -> None:
        self._option = option
        self.wanted = _revisions(option("mcp_revision"))
        self._folder = _folder(option("mcp_report"))
        self._profile = read_profile(Path(option("mcp_profile"))) if option("mcp_profile") else Profile()
        known = option("mcp_known_failures")
        self.known = read_known_failures(Path(known)) if known else {}
        given: str = option("mcp_target")
        self.shown = shown(given)
        self._headers = dict(header_of(line) for line in option("mcp_header"))
        self._bundled = BundledServer(option("mcp_bundled")) if given == BUNDLED else None
        self._target: Target | None = None if self._bundled else self._target_at(given)
        self._survey: Survey | None = None

    def describe(self) -> str:
        """Who is judged, and by which copy of this suite."""
        import conformance

        return f"{self.shown}, judged by {Path(conformance.__file__).parent}"

    async def prepare(self) -> tuple[str, ...]:
        """Pre-flight. Returns the revisions to judge. Raises one of CANNOT_JUDGE."""
        if self._target is None:
            assert self._bundled is not None
            self._target = self._target_at(self._bundled.url())
        try:
            self._survey = await prepare(self._target)
        except Unjudgeable as error:
            raise Unjudgeable(self._without_secrets(str(error))) from None
        return tuple(wire.revision for wire in self._survey.wires)

    async def drive(self, keys: Collection[str] | None, on_told: OnTold) -> Run:
        """Tell the stories and judge them; `keys` are the requirements that are wanted, None for all."""
        assert self._target is not None
        assert self._survey is not None
        serial = bool(self._option("mcp_serial"))
        run = await drive(self._survey, keys=keys, serial=serial, on_told=on_told)
        return masked(run, self._target.secrets)

    def write_report(self, run: Run) -> Path:
        """The pages, `report.json` and the traces, in place of an earlier report. Returns the page to open."""
        from conformance.report import write_report

        folder = self._folder
        if (folder / "report.json").exists():
            for part in ("r", "s", "traces"):
                shutil.rmtree(folder / part, ignore_errors=True)
        (folder / "traces").mkdir(parents=True, exist_ok=True)
        for revision in run.revisions:
            write(revision.trace, folder / "traces" / f"{revision.revision}.jsonl.gz")
        return write_report(run, folder, faults=known_faults())

    def starter(self) -> str:
        """After pre-flight: a profile to start from, for the tools that the target listed. Raises Unjudgeable."""
        from conformance.preflight.starter import starter

        assert self._target is not None
        assert self._survey is not None
        if self._survey.locked:
            raise Unjudgeable(self._survey.locked)
        wires = self._survey.wires
        tools = {str(tool.get("name")): tool for wire in wires for tool in wire.tools}  # some are of one era only
        secrets = (secrets_of(wire.recorder.trace(), self._target.secrets) for wire in wires)
        masker = Masker(frozenset().union(*secrets), self._target.secrets)
        return starter(masker.text(self._survey.server), json.loads(masker.text(json.dumps([*tools.values()]))))

    def _without_secrets(self, words: str) -> str:
        """What a server said before there was a trace, without what the user gave and what its addresses hold."""
        assert self._target is not None
        return Masker(in_words(words), self._target.secrets).text(words)

    def close(self) -> None:
        """Stop the bundled server, if there is one."""
        if self._bundled:
            self._bundled.stop()

    def _target_at(self, url: str) -> Target:
        option = self._option
        tokens = tokens_of(option("mcp_token"), self._headers, self._environment())
        return Target(
            url=url,
            headers=headers_with(tokens, self._headers),
            tokens=with_bad_ones(tokens),
            ca_file=_path(option("mcp_ca")),
            client_certificate=_path(option("mcp_cert")),
            insecure=bool(option("mcp_insecure")),
            timeout=float(option("mcp_timeout")),
            wait=float(option("mcp_wait")),
            revisions=tuple(dict.fromkeys(option("mcp_revision"))),
            profile=self._profile,
        )

    def _environment(self) -> Mapping[str, str]:
        """Where tokens come from that no option names: a bundled server that wants some brings its own."""
        own = self._bundled.tokens if self._bundled else {}
        return {VARIABLES[role]: token for role, token in own.items()} or os.environ


def checked(revision: str) -> Iterable[Requirement]:
    """The requirements of a revision that have a check."""
    load_checks()
    return (row for row in requirements(revision) if (row.key, row.party) in CHECKS)


def topics() -> list[str]:
    """The topics of all ledgers, in their order."""
    return list(dict.fromkeys(row.topic for revision in REVISIONS for row in requirements(revision)))


def known_faults(revision: str | None = None) -> dict[str, str]:
    """From a requirement's key to the fault of the reference server that proves its check, best in `revision`."""
    try:
        faults = importlib.import_module("reference_server.faults")
    except ImportError:
        return {}
    found = list(reversed(faults.load().items()))
    only = {name: faults.revision_of(fault) for name, fault in found}
    found.sort(key=lambda each: (only[each[0]] in (None, revision), only[each[0]] or ""))  # the last one is taken
    return {fault.breaks: name for name, fault in found}


def _revisions(named: list[str]) -> tuple[str, ...]:
    unknown = [name for name in named if name not in REVISIONS]
    if unknown:
        raise BadTarget(f"--mcp-revision {unknown[0]}: the revisions are {', '.join(REVISIONS)}")
    return tuple(dict.fromkeys(named)) or BOTH_ERAS


def _folder(name: str) -> Path:
    """Where the report goes. Raises BadTarget now if it cannot, rather than when all stories have been told."""
    folder = Path(name)
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not name or not there.is_dir() or not os.access(there, os.W_OK):
        raise BadTarget(
            f"--mcp-report {name}: no report can be written there; name a folder, new or of an earlier one"
        )
    return folder


def _path(name: str | None) -> Path | None:
    return Path(name) if name else None
