"""What broke the rules as lines: in the order of time, or by rule."""

from collections.abc import Iterator
from itertools import groupby

from conformance.report.text import short
from inspector.glyphs import Glyphs
from inspector.model.feed import Feed
from inspector.model.nouns import Violation
from inspector.widgets.lines import Part
from inspector.widgets.listing import Line

_SHOWN = 1_000  # the newest
_SEEN = 300  # columns


def timeline(feed: Feed, glyphs: Glyphs) -> list[Line]:
    """The newest last."""
    moments = sorted(((_moment(each, feed), number) for number, each in enumerate(feed.violations)))[-_SHOWN:]
    newest = [(at, feed.violations[number]) for at, number in moments]
    return [Line(violation, tuple(_in_time(violation, at, glyphs))) for at, violation in newest]


def by_rule(feed: Feed, glyphs: Glyphs) -> Iterator[Line]:
    """The gravest rules first, each with all its occasions below it."""
    ordered = sorted(feed.violations, key=lambda v: (v.level, v.key, v.party, v.revision, v.at))
    for (level, key, party, revision), found in groupby(ordered, lambda v: (v.level, v.key, v.party, v.revision)):
        occasions = list(found)
        ink = "must" if level == "MUST" else "should"
        sign = glyphs.must if level == "MUST" else glyphs.should
        title: tuple[Part, ...] = (
            (f"{sign} {key}", ink),
            (f"  {'once' if len(occasions) == 1 else f'{len(occasions)} times'}", "title"),
            (f"  {level}, broken by the {party}, {revision}", "dim"),
        )
        yield Line((key, party, revision, level), title)
        yield Line(None, (("  ", ""), (short(occasions[0].rule, _SEEN), "dim")))
        for each in occasions[-_SHOWN:]:
            yield Line(each, ((f"  {_moment(each, feed):>10.3f}  ", "dim"), (short(each.seen, _SEEN), "text")))


def _moment(violation: Violation, feed: Feed) -> float:
    """When it showed: as the row says on which it is marked, where that is kept."""
    row = feed.rows.get(violation.row) if violation.row is not None else None
    return row.at if row is not None else violation.at


def _in_time(violation: Violation, at: float, glyphs: Glyphs) -> Iterator[Part]:
    must = violation.level == "MUST"
    ink = "must" if must else "should"
    yield f"{glyphs.must if must else glyphs.should}{at:>9.3f}  ", ink
    yield f"{short(violation.key, 28):<28}  ", "title"
    yield f"{violation.party:<6}  ", "dim"
    yield short(violation.seen, _SEEN), "text"
