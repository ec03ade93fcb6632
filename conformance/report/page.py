"""Writes the report: one folder that opens from a disk, without a network. Its only script is `copying`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conformance.checks import load_checks
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report import marks, matrix, overview
from conformance.report.copying import copying
from conformance.report.detail import RevisionPages
from conformance.report.export import as_json, suite_version
from conformance.report.text import content, cut, duration, file_name, finalize, prose
from conformance.run import Run

_HERE = Path(__file__).parent
_OUTCOMES = {"told": "told to its end", "unmet": "could not be told", "crashed": "ERROR"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def write_pages(run: Run, folder: Path, faults: Mapping[str, str]) -> Path:
    """Write the whole report. Files that are in the folder and not ours stay as they are."""
    load_checks()
    traces = {r.revision: f"traces/{file_name(r.revision)}.jsonl.gz" for r in run.revisions}
    traces = {revision: name for revision, name in traces.items() if (folder / name).is_file()}
    for name, text in _files(run, traces, faults):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder / "index.html"


def _files(run: Run, traces: Mapping[str, str], faults: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    grid = matrix.matrix(run)
    yield "style.css", (_HERE / "style.css").read_text(encoding="utf-8") + grid.rules()
    yield "report.json", as_json(run)
    yield "index.html", _index(run, grid, list(traces.values()))
    judging, telling = overview.revisions_having(run)
    sources: dict[str, str] = {}
    for revision in run.revisions:
        own = file_name(revision.revision)
        pages = RevisionPages(revision, environment(), sources, traces.get(revision.revision, ""))
        for judgement in revision.judgements:
            page = pages.requirement(judgement, judging[judgement.key], faults.get(judgement.key, ""))
            yield f"r/{own}/{file_name(judgement.key)}.html", page
        for story, page in pages.stories(telling):
            yield f"s/{own}/{file_name(story)}.html", page


def _index(run: Run, grid: matrix.Matrix, traces: list[str]) -> str:
    shown = {judgement.verdict for revision in run.revisions for judgement in revision.judgements}
    template = environment().get_template("index.html")
    return template.render(
        root="",
        run=run,
        who=run.server or run.target,
        revisions=matrix.newest_first(run),
        answers=[overview.answer(revision) for revision in matrix.newest_first(run)],
        transport=overview.transport(run),
        older=overview.older(run),
        redirected=overview.redirected(run),
        declined=overview.declined(run),
        notes=overview.notes(run),
        breaches=overview.breaches(run),
        unseen=overview.reasons(run, Verdict.NOT_SEEN),
        lacks_tools=overview.lacks_tools(run),
        errors=overview.reasons(run, Verdict.ERROR),
        unchecked=overview.reasons(run, Verdict.UNCHECKED),
        matrix=grid,
        stories=overview.stories(run),
        shown=[verdict for verdict in marks.WORDS if verdict in shown],
        date=_date(run.started),
        took=duration(run.seconds),
        latency=duration(run.latency),
        suite=suite_version(),
        traces=traces,
        sprite=marks.sprite(),
    )


@cache
def environment() -> Environment:
    """The templates. What is undefined is an error, and every text is made visible and escaped."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"cut": cut, "content": content, "prose": prose}
    made.globals |= {
        "words": marks.WORDS,
        "meanings": marks.MEANINGS,
        "outcomes": _OUTCOMES,
        "name": marks.name,
        "mark": marks.mark,
        "reference": marks.reference,
        "file_name": file_name,
        "page_of": overview.page_of,
        "hint": _hint,
        "copy": copying(),
    }
    return made


def _hint(judgement: Judgement) -> str:
    """What a mark says when one points at it, and to those who cannot see it."""
    words = f"{marks.WORDS[judgement.verdict]}: {judgement.key}"
    if judgement.verdict in (Verdict.PASS, Verdict.ERROR):
        return words
    seen = judgement.decisive[0].seen if judgement.decisive else judgement.why
    return f"{words}. {cut(seen, 120)}" if seen else words


def _date(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"
