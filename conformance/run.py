"""One run: every story told once, side by side, and every requirement judged by what was seen.

Stories of all revisions share one event loop, so a run takes about as long as its longest story. What comes out
is data: reports and the pytest plugin are functions of a `Run`.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from conformance.driving.connection import Wire
from conformance.driving.target import Target
from conformance.driving.telling import OnTold, Plan, Teller, Telling
from conformance.evidence.masking import Masker
from conformance.evidence.secret import secrets_of
from conformance.evidence.trace import Trace
from conformance.judging import interop, ours, proxies
from conformance.judging.breakdown import breakdown
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement, judge
from conformance.preflight.survey import Survey, survey
from conformance.scenarios import load_scenarios

_WANTS_TOKEN = "the server wants a token"


@dataclass(frozen=True, slots=True)
class RevisionRun:
    """All that was seen and judged in one revision. `notes` are what its owner should know beside verdicts.

    `down` is set if the server broke down while stories were told, so that much was not judged.
    The large fields stay out of `repr`: event loops write their results into messages that nobody reads.
    """

    revision: str
    trace: Trace = field(repr=False)
    tellings: tuple[Telling, ...] = field(repr=False)
    judgements: tuple[Judgement, ...] = field(repr=False)
    notes: tuple[str, ...] = ()
    down: bool = False

    @property
    def conforms(self) -> bool:
        """Whether no MUST was seen broken, and the server held out to the end."""
        return not self.having(Verdict.FAIL) and not self.down

    def having(self, *verdicts: Verdict) -> tuple[Judgement, ...]:
        """The judgements with one of these verdicts."""
        return tuple(j for j in self.judgements if j.verdict in verdicts)


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a report can tell. `started` is UTC, `seconds` the wall time of stories and judgement.

    `passed` are the addresses that redirected to the target, `notes` what a proxy in between probably does.
    `locked` is set if the target wants a token and was given none: then only its refusals were judged.
    """

    target: str
    server: str
    latency: float
    started: datetime
    seconds: float
    revisions: tuple[RevisionRun, ...]
    declined: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    locked: bool = False


async def run(target: Target, *, keys: Collection[str] | None = None) -> Run:
    """Pre-flight, stories and judgement in one. Raises Unjudgeable or BadTarget if there is nothing to judge."""
    return await drive(await prepare(target), keys=keys)


async def prepare(target: Target) -> Survey:
    """Pre-flight: find out what can be judged. Raises Unjudgeable or BadTarget."""
    return await survey(target)


async def drive(
    found: Survey,
    *,
    keys: Collection[str] | None = None,
    serial: bool = False,
    on_told: OnTold | None = None,
) -> Run:
    """Tell the stories and judge. With `keys`, only those requirements and the stories that show them."""
    started, began = datetime.now(UTC), time.monotonic()
    teller = Teller(
        found.target, plan(found.wires, keys, bool(found.locked)), 1 if serial else found.at_once, on_told
    )
    tellings = await teller.tell_all()
    revisions = tuple(_judged(wire, tellings, keys) for wire in found.wires)
    if found.locked:
        revisions = tuple(replace(revision, judgements=_of_refusals(revision.judgements)) for revision in revisions)
    return Run(
        target=found.target.url,
        passed=found.passed,
        server=found.server,
        latency=found.latency,
        started=started,
        revisions=revisions,
        declined=found.declined,
        seconds=time.monotonic() - began,
        notes=(*_doubts(found), *teller.notes, *proxies.notes([revision.trace for revision in revisions])),
        locked=bool(found.locked),
    )


def _doubts(found: Survey) -> list[str]:
    """What the owner should know of all verdicts: what was not shown to us, and where a profile misses its aim."""
    if found.locked:
        return [f"only what shows without a token was judged: {found.locked}"]
    return found.target.profile.doubts(tool for wire in found.wires for tool in wire.tools)


def plan(wires: Iterable[Wire], keys: Collection[str] | None, locked: bool = False) -> Plan:
    """The stories of each wire's revision; with `keys`, those that show one of these requirements.

    To a `locked` target only those are told that need no token.
    """
    return [
        (wire, story)
        for wire in wires
        for story in load_scenarios().values()
        if wire.revision in story.revisions and (keys is None or not set(keys).isdisjoint(story.shows))
        if story.tokenless or not locked
    ]


def _judged(wire: Wire, tellings: list[Telling], keys: Collection[str] | None) -> RevisionRun:
    trace = wire.recorder.trace()
    wrong = {exchange.story: why for exchange, why in ours.mistakes(trace)}
    mine = tuple(_blamed(t, wrong.get(t.story)) for t in tellings if t.revision == wire.revision)
    judgements = explained(judge(trace, wire.revision, keys), mine)
    down = breakdown(trace)
    notes = [*([down.sentence()] if down else []), *interop.notes(trace)]
    return RevisionRun(wire.revision, trace, mine, judgements, tuple(notes), down is not None)


def _of_refusals(judgements: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
    """The judgements of a target that let nobody in: what no story without a token is about was not seen."""
    shown = {key for story in load_scenarios().values() if story.tokenless for key in story.shows}
    wanting = [replace(j, verdict=Verdict.NOT_SEEN, findings=(), why=_WANTS_TOKEN, cause="") for j in judgements]
    return tuple(
        judged if judged.verdict is Verdict.UNCHECKED or (judged.key in shown and judged.findings) else unseen
        for judged, unseen in zip(judgements, wanting, strict=True)
    )


def _blamed(telling: Telling, mistake: str | None) -> Telling:
    """A story in which our own side broke a rule without meaning to is our mistake, however it went."""
    return telling if mistake is None else replace(telling, outcome="crashed", why=mistake)


def masked(run: Run, secrets: Iterable[str] = ()) -> Run:
    """The run without tokens, cookies and session ids, for everything that is written or printed.

    `secrets` are those that the user gave. What a target says of itself cannot hide them either.
    """
    traces = [revision.trace for revision in run.revisions]
    given = tuple(secrets)
    masker = Masker(frozenset(given).union(*(secrets_of(trace, given) for trace in traces)), given)
    return replace(
        run,
        target=masker.text(run.target),
        passed=tuple(masker.text(url) for url in run.passed),
        server=masker.text(run.server),
        revisions=tuple(_masked_revision(revision, masker) for revision in run.revisions),
    )


def _masked_revision(revision: RevisionRun, masker: Masker) -> RevisionRun:
    return replace(
        revision,
        trace=masker.trace(revision.trace),
        notes=tuple(masker.text(note) for note in revision.notes),
        tellings=tuple(replace(telling, why=masker.text(telling.why)) for telling in revision.tellings),
        judgements=tuple(_masked_judgement(judgement, masker) for judgement in revision.judgements),
    )


def _masked_judgement(judgement: Judgement, masker: Masker) -> Judgement:
    findings = tuple(replace(finding, seen=masker.text(finding.seen)) for finding in judgement.findings)
    return replace(judgement, findings=findings, why=masker.text(judgement.why), cause=masker.text(judgement.cause))


def explained(judgements: tuple[Judgement, ...], tellings: tuple[Telling, ...]) -> tuple[Judgement, ...]:
    """Say of each requirement that was not seen which story could not show it, and of a crash that it is ours."""
    return tuple(_explain(judgement, tellings) for judgement in judgements)


def _explain(judgement: Judgement, tellings: tuple[Telling, ...]) -> Judgement:
    if judgement.verdict is not Verdict.NOT_SEEN:
        return judgement
    stories = load_scenarios()
    mine = [t for t in tellings if t.story in stories and judgement.key in stories[t.story].shows]
    crashed = [t for t in mine if t.outcome == "crashed"]
    if crashed:
        return Judgement(judgement.requirement, Verdict.ERROR, judgement.findings, crashed[0].why)
    reasons = [judgement.why] if judgement.why else []
    reasons += [f"{t.story}: {t.why}" for t in mine if t.outcome == "unmet"]
    why = "; ".join(dict.fromkeys(reasons)) or _no_occasion(mine)
    return Judgement(judgement.requirement, Verdict.NOT_SEEN, judgement.findings, why)


def _no_occasion(tellings: list[Telling]) -> str:
    names = ", ".join(telling.story for telling in tellings)
    return (
        f"the server did nothing that this rule is about (looked for in {names})"
        if names
        else "no story shows it in this revision"
    )
