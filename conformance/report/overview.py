"""The words of the first page: does it conform, what to fix first, what could not be seen and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.driving.profile import ROLES, Profile
from conformance.driving.telling import Telling
from conformance.evidence.era import HTTP_SSE
from conformance.judging.check import Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.report.matrix import newest_first
from conformance.report.text import count, file_name, listed
from conformance.run import RevisionRun, Run


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the target conforms to one revision: a sentence, and what else there is to know."""

    revision: str
    verdict: Verdict
    sentence: str
    detail: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A requirement that was seen broken, in one or more revisions. `first` is of the newest of them."""

    key: str
    verdict: Verdict
    first: Judgement
    seen: Finding
    more: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some requirements have no verdict, and which; `rows` holds a key and its revisions."""

    words: str
    stories: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def revisions_having(run: Run) -> tuple[dict[str, list[Judgement]], dict[str, list[str]]]:
    """By requirement its judgements, and by story the revisions that tell it, newest first."""
    judging: dict[str, list[Judgement]] = {}
    telling: dict[str, list[str]] = {}
    for revision in newest_first(run):
        for judgement in revision.judgements:
            judging.setdefault(judgement.key, []).append(judgement)
        for told in revision.tellings:
            telling.setdefault(told.story, []).append(revision.revision)
    return judging, telling


def page_of(judgement: Judgement) -> str:
    """The address of a requirement's page, seen from the first page."""
    return f"r/{file_name(judgement.requirement.revision)}/{file_name(judgement.key)}.html"


def answer(revision: RevisionRun) -> Answer:
    """What is said first of a revision: whether the server conforms, and how much of that was seen."""
    kept, broken, unseen, declined, ours, unchecked, warned = (
        len(revision.having(verdict))
        for verdict in (
            Verdict.PASS, Verdict.FAIL, Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE, Verdict.ERROR, Verdict.UNCHECKED,
            Verdict.WARN,
        )
    )  # fmt: skip
    name = revision.revision
    not_seen = f", {unseen} could not be seen" if unseen else ""
    if broken:
        verdict = Verdict.FAIL
        sentence = f"Does not conform to {name}: {count(broken, 'requirement')} broken, {kept} kept{not_seen}."
    elif not kept + warned:
        verdict = Verdict.NOT_SEEN
        sentence = f"Nothing can be said about {name}: no requirement could be seen."
    else:
        verdict = Verdict.PASS
        sentence = (
            f"Conforms to {name} as far as could be seen: {count(kept, 'requirement')} kept, none broken{not_seen}."
        )
    details = [
        f"{count(warned, 'recommendation was', 'recommendations were')} not followed." if warned else "",
        f"{count(declined, 'requirement does', 'requirements do')} not apply." if declined else "",
        f"{count(ours, 'requirement')} could not be judged, by a mistake of ours." if ours else "",
        f"Nobody checks {count(unchecked, 'other', 'others')}." if unchecked else "",
    ]
    return Answer(name, verdict, sentence, " ".join(filter(None, details)))


def breaches(run: Run) -> list[Breach]:
    """What to fix, MUSTs before SHOULDs; what several revisions show is one breach."""
    found: dict[str, list[Judgement]] = {}
    for revision in newest_first(run):
        for judgement in revision.having(Verdict.FAIL, Verdict.WARN):
            found.setdefault(judgement.key, []).append(judgement)
    each = [
        Breach(key, _worst(broken), broken[0], _first(broken[0]), len(broken[0].decisive) - 1, _where(broken))
        for key, broken in found.items()
    ]
    return sorted(each, key=lambda breach: breach.verdict is not Verdict.FAIL)


def reasons(run: Run, verdict: Verdict) -> list[Reason]:
    """Why requirements have this verdict, the reason that explains most of them first."""
    stories = {telling.story for revision in run.revisions for telling in revision.tellings}
    grouped: dict[str, dict[str, list[str]]] = {}
    told_by: dict[str, dict[str, None]] = {}
    for revision in newest_first(run):
        for judgement in revision.having(verdict):
            words, named = _without_stories(judgement.why, stories)
            grouped.setdefault(words, {}).setdefault(judgement.key, []).append(revision.revision)
            told_by.setdefault(words, {}).update(dict.fromkeys(named))
    each = [
        Reason(words, tuple(told_by[words]), tuple((key, tuple(places)) for key, places in rows.items()))
        for words, rows in grouped.items()
    ]
    return sorted(each, key=lambda reason: -len(reason.rows))


def lacks_tools(run: Run) -> bool:
    """Whether more could be seen if the target's owner said which tool does what."""
    words = [Profile().missing(role) for role in ROLES]
    unseen = (judgement.why for revision in run.revisions for judgement in revision.having(Verdict.NOT_SEEN))
    return any(each in why for why in unseen for each in words)


def stories(run: Run) -> list[tuple[str, str, tuple[Telling | None, ...]]]:
    """Name and sentence of every story, and how it went in each revision."""
    told = {(t.story, t.revision): t for revision in run.revisions for t in revision.tellings}
    titles = {story: telling.title for (story, _), telling in told.items()}
    names = [revision.revision for revision in newest_first(run)]
    return [(s, titles[s], tuple(told.get((s, name)) for name in names)) for s in sorted(titles)]


def _worst(broken: list[Judgement]) -> Verdict:
    return Verdict.FAIL if any(j.verdict is Verdict.FAIL for j in broken) else Verdict.WARN


def _first(judgement: Judgement) -> Finding:
    return judgement.decisive[0] if judgement.decisive else Finding("bad", judgement.why)


def _where(broken: list[Judgement]) -> tuple[str, ...]:
    return tuple(judgement.requirement.revision for judgement in broken)


def _without_stories(why: str, stories: set[str]) -> tuple[str, list[str]]:
    """A reason without the names of the stories that met it: several stories often meet the same."""
    words: dict[str, None] = {}
    named: list[str] = []
    for part in why.split("; "):
        story, colon, rest = part.partition(": ")
        if colon and story in stories:
            named.append(story)
            words[rest] = None
        else:
            words[part] = None
    return "; ".join(words), named


def accusing(revision: RevisionRun) -> Iterator[tuple[Judgement, Finding]]:
    """Every bad finding of a revision, for the margins of its stories."""
    for judgement in revision.having(Verdict.FAIL, Verdict.WARN):
        for finding in judgement.decisive:
            yield judgement, finding


def transport(run: Run) -> str:
    """What was spoken, for a headline."""
    return "HTTP+SSE" if all(r.revision == HTTP_SSE for r in run.revisions) else "Streamable HTTP"


def older(run: Run) -> str:
    """What a run in the revision before Streamable HTTP is worth; nothing if there was none."""
    if all(revision.revision != HTTP_SSE for revision in run.revisions):
        return ""
    return (
        f"The server speaks HTTP+SSE of {HTTP_SSE}, the transport before Streamable HTTP: few of its rules are "
        "judged, and they say nothing about Streamable HTTP."
    )


def redirected(run: Run) -> str:
    """That the target was judged at another address than the one that was given; nothing if it was not."""
    return (
        f"The server redirects {' and '.join(run.passed)} to {run.target}, where it was judged." if run.passed else ""
    )


def notes(run: Run) -> list[str]:
    """What the owner should know beside verdicts: of proxies, and of ordinary clients."""
    return list(dict.fromkeys([*run.notes, *(note for revision in run.revisions for note in revision.notes)]))


def declined(run: Run) -> str:
    """Which of the wanted revisions the server does not speak, empty if it speaks them all."""
    return f"The server does not speak {listed(sorted(run.declined, reverse=True))}." if run.declined else ""
