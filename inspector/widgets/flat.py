"""All messages, of all sessions, one after another: with the session and the stream of each in words."""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from inspector.glyphs import Glyphs
from inspector.model.nouns import Row
from inspector.ways import belongs_on
from inspector.widgets.lines import HUES, Part, fit
from inspector.widgets.rowlist import RowList

_TIME = 9  # columns
_SESSION = 7
_STREAM = 9
_RULES = 2  # of a row that are named


def weight_of(row: Row, must: str, should: str) -> Part:
    """The sign of the gravest rule that was broken at a row."""
    return {"MUST": (f"{must} ", "must"), "SHOULD": (f"{should} ", "should")}.get(row.weight or "", ("  ", ""))


def hue(number: int, primary: bool = False) -> str:
    """The ink of a stream."""
    return f"stream-{0 if primary else 1 + number % (HUES - 1)}"


def words_of(row: Row, glyphs: Glyphs) -> Iterator[Part]:
    """What happened, what came of it, the rules that it broke, and whether an answer is still to come."""
    quiet = row.kind in ("comment", "prime", "event", "opened", "ended", "asked", "answered")
    ink = "ours" if row.sender == "observer" else "dim" if quiet else "client" if row.sender == "client" else "text"
    yield row.words, ink
    if row.outcome:
        yield f"  {row.outcome}", "should" if row.outcome >= "400" else "dim"
    if row.again:
        yield f"  {row.again}", "dim" if row.again == "replayed" else "should"
    for mark in row.marks[:_RULES]:
        yield "  ", ""
        yield mark.key, "must" if mark.level == "MUST" else "should"
    if len(row.marks) > _RULES:
        yield f"  +{len(row.marks) - _RULES}", "dim"
    if _waits(row):
        yield f"  {glyphs.waiting}", "title"


def _waits(row: Row) -> bool:
    """Whether a row is a request that is still to be answered. A subscription is, for as long as it is there."""
    call = row.owner
    if call is None or call.row != row.number or call not in row.session.pending:
        return False
    return call.exchange.stream is None or not call.exchange.stream.primary or call.asker == "server"


def astray(row: Row) -> Iterator[Part]:
    """Where a message belongs that came on another stream."""
    home = belongs_on(row)
    if home is not None:
        yield f"  belongs on {home.name}", "text"


class Flat(RowList):
    """One row, one line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Lanes", key_display="enter", tooltip="See the row among its lanes")
    ]

    def heading(self) -> Iterator[Part]:
        """The names of the columns."""
        yield f"  {'seconds':>{_TIME}}  {'session':<{_SESSION}} {'stream':<{_STREAM}}   message", "head"

    def parts_of(self, row: Row) -> Iterator[Part]:
        """What the line of a row says."""
        yield weight_of(row, self.glyphs.must, self.glyphs.should)
        yield f"{row.at:>{_TIME}.3f}  ", "dim"
        yield f"{fit(row.session.shown_id, _SESSION + 1)}", "dim"
        stream = row.stream
        ink = hue(stream.number, stream.primary) if stream is not None else "dim"
        yield f"{fit(stream.name if stream is not None else '', _STREAM + 1)}", ink
        sign = self.glyphs.on_stream(row) if stream is not None else self.glyphs.before_words(row)
        yield f"{sign} ", "ours" if row.sender == "observer" else ink
        yield from words_of(row, self.glyphs)
        yield from astray(row)
