"""One HTML file that opens anywhere: what was broken, and each session as a picture with its messages below.

Pictures, style and the showing of exchanges are the report's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup

import conformance.report
from conformance.evidence.recording import About
from conformance.evidence.trace import Exchange, Trace
from conformance.evidence.views import Session, sessions
from conformance.judging.check import Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.report import marks
from conformance.report.evidence import Bounds, viewed
from conformance.report.page import environment
from conformance.report.swimlane import Note, swimlane
from conformance.report.text import content, count, cut, prose
from inspector.exports.judged import broken, judged

_DRAWN = 90  # exchanges of a session
_IN_ALL = 500  # exchanges; of sessions that broke a rule first, as a larger page is slow to open
_SEEN = 5  # occasions of one breach
_BOUNDS = Bounds(body=4_000, events=12)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_HEAD = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    '<meta http-equiv="Content-Security-Policy" content="{}">\n'
    '<meta name="referrer" content="no-referrer">\n<title>MCP traffic at {}</title>\n'
)


def page(about: About, trace: Trace) -> str:
    """A trace as a page, judged."""
    judgements = judged(trace)
    breaches = broken(judgements)
    style = (Path(conformance.report.__file__).parent / "style.css").read_text(encoding="utf-8")
    where = content(cut(about.upstream, 300))
    told = Markup("").join(_sessions(trace, breaches))
    parts = [
        _HEAD.format(_POLICY, where),
        Markup("<style>\n{}</style>\n</head>\n<body>\n<main>\n").format(Markup(style)),
    ]
    parts += [_facts(about, trace), _verdicts(judgements, breaches), told, Markup("</main>\n</body>\n</html>\n")]
    return "".join(parts)


def _facts(about: About, trace: Trace) -> Markup:
    facts = [about.began, count(len(trace.exchanges), "exchange"), f"recorded by {about.by}" if about.by else ""]
    spans = Markup(" ").join(Markup("<span>{}</span>").format(content(fact)) for fact in facts if fact)
    notes = Markup("").join(Markup("<p>{}</p>\n").format(content(note)) for note in trace.notes)
    title = Markup("<h1>MCP traffic at {}</h1>\n").format(content(cut(about.upstream or "several addresses", 200)))
    return title + Markup('<p class="facts">{}</p>\n{}').format(spans, notes)


def _verdicts(judgements: Sequence[Judgement], breaches: Sequence[Judgement]) -> Markup:
    kept = sum(judgement.verdict is Verdict.PASS for judgement in judgements)
    unseen = sum(judgement.verdict is Verdict.NOT_SEEN for judgement in judgements)
    sentence = f"{count(len(breaches), 'rule')} broken, {kept} kept, {unseen} never seen."
    items = Markup("").join(_breach(judgement) for judgement in breaches)
    return Markup("<section>\n<h2>Rules</h2>\n<p>{}</p>\n{}</section>\n").format(sentence, items)


def _breach(judgement: Judgement) -> Markup:
    row = judgement.requirement
    seen = list(dict.fromkeys((f.seen, f.place) for f in judgement.decisive))
    items = Markup("").join(
        Markup('<li><bdi>{}</bdi> <small><a href="#x{}">{}</a></small></li>\n').format(
            content(cut(words, 600)), place.exchange if place else "", str(place or "")
        )
        for words, place in seen[:_SEEN]
    )
    more = Markup("<p>And {} more.</p>\n").format(len(seen) - _SEEN) if len(seen) > _SEEN else ""
    name = marks.name(judgement.verdict)
    return Markup(
        '<h3>{} {} <code>{}</code> of the {}: {} <small><a href="{}" rel="noreferrer">{}</a></small></h3>\n'
        '<ol class="findings {}">\n{}</ol>\n{}'
    ).format(
        *(marks.mark(judgement.verdict), row.weight, row.key, row.party, prose(row.text), row.url, row.revision),
        *(name, items, more),
    )


def _sessions(trace: Trace, breaches: Sequence[Judgement]) -> Iterator[Markup]:
    """A section for each session, and one for what belongs to none."""
    notes: dict[int, list[Note]] = {}
    for judgement in breaches:
        for finding in judgement.decisive:
            if (note := _note(judgement, finding)) is not None:
                notes.setdefault(note.place.exchange, []).append(note)
    groups = [_Group(_title(session), session.exchanges, _joined(session)) for session in sessions(trace)]
    seen = {exchange.number for group in groups for exchange in group.exchanges}
    if others := [exchange for exchange in trace.exchanges if exchange.number not in seen]:
        groups.append(_Group("What belongs to no session", others, {}))
    rooms = _rooms(groups, notes)
    for group, room in zip(groups, rooms, strict=True):
        if room:
            yield _section(group, room, notes)
    if left := [group for group, room in zip(groups, rooms, strict=True) if not room]:
        exchanges = count(sum(len(group.exchanges) for group in left), "exchange")
        yield Markup("<p>Not shown: {} with {}.</p>\n").format(count(len(left), "more session"), exchanges)


@dataclass(frozen=True, slots=True)
class _Group:
    """Exchanges that are shown together, and which of them goes on with which (later: earlier)."""

    title: str
    exchanges: Sequence[Exchange]
    joined: dict[int, int]


def _rooms(groups: Sequence[_Group], notes: dict[int, list[Note]]) -> list[int]:
    """How many exchanges of each group are drawn."""
    rooms, left = [0] * len(groups), _IN_ALL
    broke = [any(exchange.number in notes for exchange in group.exchanges) for group in groups]
    for number in sorted(range(len(groups)), key=lambda number: not broke[number]):
        rooms[number] = min(len(groups[number].exchanges), _DRAWN, left)
        left -= rooms[number]
    return rooms


def _note(judgement: Judgement, finding: Finding) -> Note | None:
    if finding.place is None:
        return None
    row = judgement.requirement
    return Note(finding.place, True, f"{row.key}: {finding.seen}", row.url)


def _title(session: Session) -> str:
    id = f"session {session.id[:4]}…" if session.id else "session without an id"
    return f"{session.revision}, {'a client' if session.modern else id}, {session.client}"


def _joined(session: Session) -> dict[int, int]:
    legs = [[leg.number for leg in stream.legs] for stream in session.streams]
    return {later: earlier for numbers in legs for earlier, later in pairwise(numbers)}


def _section(group: _Group, room: int, notes: dict[int, list[Note]]) -> Markup:
    drawn = group.exchanges[:room]
    margin = [note for exchange in drawn for note in notes.get(exchange.number, ())]
    picture = swimlane(
        drawn,
        margin,
        joined=group.joined,
        title=group.title,
        links={exchange.number: f"#x{exchange.number}" for exchange in drawn},
    )
    template = environment().get_template("exchange.html")
    wire = Markup("").join(Markup(template.render(x=viewed(x, _BOUNDS), story_link="", folded=True)) for x in drawn)
    left = len(group.exchanges) - len(drawn)
    more = Markup("<p>And {}.</p>\n").format(count(left, "more exchange")) if left else ""
    return Markup('<section>\n<h2>{}</h2>\n<div class="scroll" tabindex="0">{}</div>\n{}{}</section>\n').format(
        content(cut(group.title, 200)), picture, wire, more
    )
