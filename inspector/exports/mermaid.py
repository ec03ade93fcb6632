"""A Mermaid sequence diagram for issues and documents: clients left, event streams as lifelines, the server right.

What breaks a rule is marked, the first times with a note. Of a long recording a part is shown: how it began, and what
led to breaches. Messages come from strangers, and Mermaid has no quotes: whatever it might read as its own syntax is
written as an entity code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from conformance.evidence.recording import About
from conformance.evidence.trace import Place, Trace
from conformance.judging.check import Finding
from conformance.report.text import count, short
from inspector.exports.judged import broken, judged
from inspector.exports.lifelines import Lifelines
from inspector.exports.steps import Step, steps_of

_MOST = 60  # arrows, or a few more; more than that nobody reads
_LARGEST = 45_000  # characters; Mermaid refuses above 50,000
_FRAME = 200  # characters around the words of an arrow, at most
_BEGINNING = 12  # arrows that are shown in any case
_BEFORE, _AFTER = 5, 2  # arrows around one that broke a rule
_WIDTH = 72
_NOTE = 44
_TIMES = 2  # that a rule is broken, with what led to it
_GAP = 3  # arrows that are shown rather than said to be left out
_COLOURS = ("86,180,233", "230,159,0", "0,158,115", "204,121,167", "240,228,66", "0,114,178")
_MUST, _SHOULD = "213,60,60,0.25", "230,180,0,0.2"
_UNSAFE = re.compile(r"[^A-Za-z0-9 _./,()'=*!?|~^\u00a1-\uffff-]")


def diagram(_about: About, trace: Trace) -> str:
    """A trace as the text of a diagram."""
    steps = steps_of(trace)
    notes = _notes(steps, trace)
    chosen = _chosen(steps, [number for number, told in sorted(notes.items()) if any(note.is_told for note in told)])
    lifelines = Lifelines(trace, [steps[number].exchange for number in chosen])
    lines: list[str] = []
    size = shown = 0
    for before, number in pairwise([-1, *chosen]):
        step, told = steps[number], notes.get(number, [])
        size += _FRAME + len(_words(step, told)) + sum(len(note.text) for note in told)
        if size > _LARGEST:
            break
        lines += [*_gap(number - before - 1, lifelines), *_drawn(step, told, lifelines)]
        shown = number + 1
    lines += [*_gap(len(steps) - shown, lifelines), *lifelines.rest()]
    return "\n".join(["sequenceDiagram", *(f"    {line}" for line in [*_participants(lifelines), *lines])]) + "\n"


@dataclass(frozen=True, slots=True)
class _Note:
    """A breach. It `is_told` in words where its rule is broken for the first times."""

    weight: str
    key: str
    seen: str
    is_told: bool

    @property
    def words(self) -> str:
        return f"{'✗' if self.weight == 'MUST' else '!'} {self.key}"

    @property
    def text(self) -> str:
        lines = wrap(short(f"{self.words} ({self.weight}): {self.seen}", 4 * _NOTE), _NOTE)
        return "<br/>".join(map(_escaped, lines))


def _notes(steps: Sequence[Step], trace: Trace) -> dict[int, list[_Note]]:
    """What was broken, by the number of the step where it shows."""
    places = {place: number for number, step in reversed(list(enumerate(steps))) for place in step.places}
    notes: dict[int, list[_Note]] = {}
    for judgement in broken(judged(trace)):
        row, times = judgement.requirement, 0
        for finding in sorted(judgement.decisive, key=_when):
            place = finding.place or Place(-1)
            ways = (place.exchange, place.event, row.party), (place.exchange, None, row.party)
            step = next((places[way] for way in ways if way in places), None)
            if step is not None and all(note.key != row.key for note in notes.get(step, ())):
                notes.setdefault(step, []).append(_Note(row.weight, row.key, finding.seen, times < _TIMES))
                times += 1
    return notes


def _when(finding: Finding) -> tuple[int, int]:
    place = finding.place or Place(-1)
    return place.exchange, place.event or 0


def _chosen(steps: Sequence[Step], marked: Sequence[int]) -> list[int]:
    """The numbers of the steps that are shown, in order; of a stream never without its beginning."""
    begins = {step.exchange.number: number for number, step in reversed(list(enumerate(steps)))}
    wanted = [*range(_BEGINNING)]
    wanted += [near for number in marked for near in range(number - _BEFORE, number + _AFTER + 1)]
    wanted += range(_MOST)
    chosen: set[int] = set()
    for number in wanted:
        if 0 <= number < len(steps) and len(chosen) < _MOST:
            chosen |= {number, begins[steps[number].exchange.number]}
    for before, number in pairwise([*sorted(chosen), len(steps)]):
        if number - before - 1 <= _GAP:
            chosen.update(range(before, number))
    return sorted(chosen)


def _participants(lifelines: Lifelines) -> Iterator[str]:
    for alias, name in lifelines.clients.items():
        yield f"participant {alias} as {_escaped(short(name, _NOTE)) or 'client'}"
    for (alias, name), colour in zip(lifelines.streams.items(), _COLOURS, strict=False):
        yield from (f"box rgba({colour},0.15)", f"participant {alias} as {name}", "end")
    yield "participant s as server"


def _drawn(step: Step, notes: Sequence[_Note], lifelines: Lifelines) -> Iterator[str]:
    """The lines of one arrow: around one that broke a rule, a rectangle, red for a MUST and yellow for a SHOULD."""
    yield from lifelines.over_before(step.at)
    if notes:
        yield f"rect rgba({_MUST if any(note.weight == 'MUST' for note in notes) else _SHOULD})"
    here, there = lifelines.ends_of(step)
    words = _words(step, notes)
    match step.kind:
        case "request":
            yield f"{here}->>{there}: {words}"
        case "broken":
            yield f"{there}--x{here}: {words}"
        case _:
            yield f"{there}-->>{here}: {words}"
    yield from (f"Note right of s: {note.text}" for note in notes if note.is_told)
    if notes:
        yield "end"
    yield from lifelines.after(step)


def _words(step: Step, notes: Sequence[_Note]) -> str:
    again = "".join(f" {note.words}" for note in notes if not note.is_told)
    return _escaped(short(step.words, _WIDTH) + again)


def _gap(missing: int, lifelines: Lifelines) -> Iterator[str]:
    if missing:
        yield f"Note over {next(iter(lifelines.clients), 's')},s: {count(missing, 'more line')} left out"


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", text)
