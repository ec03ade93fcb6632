"""The matrix of requirements and revisions, and what can be picked out of it without a script.

A pick is a radio button; the style sheet hides the rows that are not of its class. So a picked page prints as it is
seen, and a browser that does not know `:has()` shows everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report.marks import WORDS, name
from conformance.run import RevisionRun, Run


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement across revisions, None where a revision does not ask for it."""

    key: str
    text: str
    levels: tuple[str, ...]
    cells: tuple[Judgement | None, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """What the row can be picked by: `fail` in any revision, `fail-0` in the first column."""
        verdicts = [None if cell is None else name(cell.verdict) for cell in self.cells]
        places = [f"{verdict}-{column}" for column, verdict in enumerate(verdicts) if verdict]
        shown = list(dict.fromkeys(filter(None, verdicts)))
        return (*(level.lower() for level in self.levels), *shown, *places, *(["differs"] if len(shown) > 1 else []))


@dataclass(frozen=True, slots=True)
class Topic:
    """The requirements of one topic, each a line through all revisions."""

    name: str
    lines: tuple[Line, ...]

    def strip(self, column: int) -> tuple[Judgement, ...]:
        """The topic in one revision, in the order of the specification."""
        return tuple(cell for line in self.lines if (cell := line.cells[column]) is not None)


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice of rows: those that have `kind` among their classes, all of them if it is `all`."""

    kind: str
    words: str
    number: int
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a revision's column: how many requirements of each verdict."""

    revision: str
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All requirements of all revisions, the newest revision first."""

    topics: tuple[Topic, ...]
    heads: tuple[Head, ...]
    picks: tuple[Pick, ...]

    def rules(self) -> str:
        """The part of the style sheet that makes the picks work."""
        kinds = [pick.kind for pick in (*self.picks, *(pick for head in self.heads for pick in head.picks))]
        return "".join(_RULE.format(kind=kind) for kind in kinds if kind != "all")


_RULE = """
.every:has(#p-{kind}:checked) .line:not(.is-{kind}), .every:has(#p-{kind}:checked) .topic:not(:has(.is-{kind})) {{
  display: none;
}}
"""


def newest_first(run: Run) -> tuple[RevisionRun, ...]:
    """The revisions as the page shows them: the newest one is asked for most."""
    return tuple(sorted(run.revisions, key=lambda revision: revision.revision, reverse=True))


def matrix(run: Run) -> Matrix:
    """All requirements of a run, by topic, with the picks above them."""
    grouped = topics(run)
    lines = [line for topic in grouped for line in topic.lines]
    heads = tuple(
        Head(revision.revision, tuple(_verdict_picks(lines, f"-{column}", f" in {revision.revision}")))
        for column, revision in enumerate(newest_first(run))
    )
    return Matrix(tuple(grouped), heads, tuple(_picks(lines)))


def topics(run: Run) -> list[Topic]:
    """All requirements of all revisions, grouped by topic, in the order of the newest ledger."""
    revisions = newest_first(run)
    found: dict[str, dict[str, list[Judgement | None]]] = {}
    for column, revision in enumerate(revisions):
        for judgement in revision.judgements:
            row = found.setdefault(judgement.requirement.topic, {}).setdefault(judgement.key, [None] * len(revisions))
            row[column] = judgement
    return [Topic(title, tuple(_line(key, cells) for key, cells in rows.items())) for title, rows in found.items()]


def _line(key: str, cells: list[Judgement | None]) -> Line:
    rows = [cell.requirement for cell in cells if cell is not None]
    return Line(key, rows[0].text, tuple(dict.fromkeys(row.level for row in rows)), tuple(cells))


def _picks(lines: list[Line]) -> Iterator[Pick]:
    yield Pick("all", "all", len(lines))
    yield from _verdict_picks(lines)
    for kind, words in (("differs", "differs between revisions"), ("must", "MUST"), ("should", "SHOULD")):
        if number := _number(lines, kind):
            yield Pick(kind, words, number)


def _verdict_picks(lines: list[Line], column: str = "", where: str = "") -> Iterator[Pick]:
    for verdict, words in WORDS.items():
        kind = f"{name(verdict)}{column}"
        if number := _number(lines, kind):
            yield Pick(kind, f"{words}{where}", number, verdict)


def _number(lines: Iterable[Line], kind: str) -> int:
    return sum(kind in line.classes for line in lines)
