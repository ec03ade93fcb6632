"""What broke the rules as lines: in the order of time, or by rule."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from conformance.report.text import short
from inspector.glyphs import Glyphs
from inspector.model.nouns import Violation
from inspector.widgets.lines import Part
from inspector.widgets.listing import Line

_SHOWN = 1_000  # the newest
_SEEN = 300  # columns


def timeline(violations: Sequence[Violation], glyphs: Glyphs) -> list[Line]:
    """The newest last."""
    newest = sorted(violations, key=lambda violation: violation.at)[-_SHOWN:]
    return [Line(violation, tuple(_in_time(violation, glyphs))) for violation in newest]


def by_rule(violations: Sequence[Violation], glyphs: Glyphs) -> Iterator[Line]:
    """The gravest rules first, each with all its occasions below it."""
    ordered = sorted(violations, key=lambda v: (v.level, v.key, v.party, v.revision, v.at))
    for (level, key, party, revision), found in groupby(ordered, lambda v: (v.level, v.key, v.party, v.revision)):
        occasions = list(found)
        ink = "must" if level == "MUST" else "should"
        sign = glyphs.must if level == "MUST" else glyphs.should
        title: tuple[Part, ...] = (
            (f"{sign} {key:<30} ", ink),
            (f"{'once' if len(occasions) == 1 else f'{len(occasions)} times':>9}  ", "title"),
            (f"{level:<6} {party:<6} {revision}  ", "dim"),
            (short(occasions[0].rule, _SEEN), "text"),
        )
        yield Line((key, party, revision, level), title)
        for violation in occasions[-_SHOWN:]:
            yield Line(violation, ((f"  {violation.at:>10.3f}  ", "dim"), (short(violation.seen, _SEEN), "text")))


def _in_time(violation: Violation, glyphs: Glyphs) -> Iterator[Part]:
    must = violation.level == "MUST"
    ink = "must" if must else "should"
    yield f"{glyphs.must if must else glyphs.should}{violation.at:>9.3f}  ", ink
    yield f"{short(violation.key, 28):<28}  ", "title"
    yield f"{violation.party:<6}  ", "dim"
    yield short(violation.seen, _SEEN), "text"
