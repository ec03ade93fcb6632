"""Lanes: time runs down, one row for each thing that happened, one column for each stream."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from conformance.report.text import short
from inspector.model.nouns import LiveStream, Row
from inspector.ways import belongs_on
from inspector.widgets.columns import Columns
from inspector.widgets.flat import astray, hue, weight_of, words_of
from inspector.widgets.lines import Part, fit
from inspector.widgets.rowlist import RowList

_TIME = 8  # columns
_WORDS, _EASY = 32, 40  # columns that the words of a row should have, before streams get any, and before much
_MOST = 8  # columns of streams that are shown; the others share one
_WIDE, _TIGHT = 8, 6  # columns that a stream has, and has where there are many
_FOLD = 8  # columns of the one that the others share


class Lanes(RowList):
    """The rows of one session: who said what, and on which stream."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Message", key_display="enter", tooltip="All about this row; escape comes back")
    ]
    _columns: Columns | None = None

    def heading(self) -> Iterator[Part]:
        """The names of the streams that have the columns at the cursor, or had them last."""
        yield f"  {'seconds':>{_TIME}}  ", "head"
        columns = self._columns
        if columns is not None:
            at = self.cursor if self.cursor is not None else self.source.feed.rows.next_number
            for column in range(columns.count):
                stream, last = columns.stream(column, at), columns.last(column, at)
                name = last.name if last is not None else "GET" if column == 0 else ""
                yield fit(name, self._wide), hue(stream.number, stream.primary) if stream is not None else "head"
            if columns.folds:
                hidden = columns.hidden(at)
                yield f"{f'+{hidden}' if hidden else '+':<{_FOLD}}", "head"
        yield "  message", "head"

    def start_over(self) -> None:
        """Look at all rows anew."""
        self._columns = Columns(self.session, self._room) if self.session is not None else None
        super().start_over()

    def catch_up(self) -> bool:
        """Take what is new into the index, unless another width asks for other columns first."""
        if self._columns is not None and self._columns.room != self._room:
            self.start_over()
            return True
        return super().catch_up()

    def take(self, rows: Sequence[Row]) -> None:
        """Find the columns of new rows."""
        if self._columns is not None:
            self._columns.forget(self.source.feed.rows.first)
            for row in rows:
                self._columns.take(row)

    def parts_of(self, row: Row) -> Iterator[Part]:
        """What the line of a row says."""
        yield weight_of(row, self.glyphs.must, self.glyphs.should)
        yield f"{row.at:>{_TIME}.3f}  ", "dim"
        sign, columns = self.glyphs.before_words(row), self._columns
        if columns is not None:
            yield from self._streams(row, columns)
            if row.stream is not None and not columns.folds and columns.of(row.stream, row.number) is None:
                sign = self.glyphs.on_stream(row)  # its stream was over already
        yield f"{sign} ", "ours" if row.sender == "observer" else "client"
        yield from words_of(row, self.glyphs)
        if columns is not None and columns.folds:
            yield from astray(row)  # else there is a line to where it belongs
        yield from self._ledger(row)

    @property
    def _space(self) -> int:
        """Columns of the terminal that streams may have; those of the scroll bar are never used."""
        width: int = self.content_region.width
        return width - 1 - _TIME - 4 - _WORDS

    @property
    def _room(self) -> int:
        """How many columns there are at most."""
        return max(1, min(_MOST, self._space // _TIGHT))

    @property
    def _wide(self) -> int:
        """How wide a column is."""
        used = self._columns.count if self._columns is not None else 0
        return _WIDE if used * _WIDE <= self._space - (_EASY - _WORDS) else _TIGHT

    def _streams(self, row: Row, columns: Columns) -> Iterator[Part]:
        own = columns.of(row.stream, row.number) if row.stream is not None else None
        home = belongs_on(row)
        to = columns.of(home, row.number) if home is not None and own is not None else None
        for column in range(columns.count):
            stream = columns.stream(column, row.number)
            if to is not None and own is not None and min(own, to) <= column <= max(own, to):
                yield from self._astray(row, stream, column, own, to)
            elif stream is None:
                yield " " * self._wide, ""
            else:
                yield self._cell(row, stream, column == own, columns.begins(column, row.number))
        if columns.folds:
            if row.stream is not None and own is None:
                yield f"{self.glyphs.on_stream(row)} {fit(row.stream.name, _FOLD - 2)}", self._ink(row, row.stream)
            else:
                yield " " * _FOLD, ""

    def _cell(self, row: Row, stream: LiveStream, own: bool, begins: bool) -> Part:
        """A stream at a row: what happened on it, with the id of the event, or that it is there."""
        wide = self._wide
        if not own:
            idle = self.glyphs.severed if stream.severed_at(row.number) else self.glyphs.idle
            return f"{idle:<{wide}}", hue(stream.number, stream.primary)
        if begins or row.kind in ("opened", "resumed"):
            label = short(stream.name, wide - 2)
        else:
            label = _end_of(row.event.id, wide - 3) if row.event is not None and row.event.id else ""
        return f"{self.glyphs.on_stream(row)} {label:<{wide - 2}}", self._ink(row, stream)

    def _astray(self, row: Row, stream: LiveStream | None, column: int, own: int, to: int) -> Iterator[Part]:
        """A cell of the line from the stream that brought a message to the one on which it belongs."""
        rule, ink = self.glyphs.rule, "must" if row.weight == "MUST" else "should"
        if column == to:
            sign, shade = self.glyphs.belongs, ink
        elif stream is None:
            sign, shade = rule, ink
        else:
            sign = self.glyphs.on_stream(row) if column == own else self.glyphs.idle
            shade = hue(stream.number, stream.primary)
        label = ""
        if column == own and row.event is not None and row.event.id:
            label = f" {_end_of(row.event.id, self._wide - 3)}"
        left = self._wide - 1 - len(label)
        yield sign, shade
        yield f"{label} " if label and left > 1 else label, shade
        left -= bool(label and left > 1)
        yield (rule if column < max(own, to) else " ") * left, ink

    def _ink(self, row: Row, stream: LiveStream) -> str:
        return "ours" if row.sender == "observer" else hue(stream.number, stream.primary)

    def _ledger(self, row: Row) -> Iterator[Part]:
        """What became of a stream's events, where a stream with several legs brings its response, or ends without."""
        stream = row.stream
        if stream is None or stream.leg_count < 2:
            return
        is_answered = stream.call is not None and stream.call.answered_at is not None
        if row.kind != ("response" if is_answered else "ended"):
            return
        amounts = stream.ledger.amounts
        if stream.ledger.is_clean:
            yield f"  {self.glyphs.kept} {amounts['delivered']} delivered once", "kept"
        else:
            yield f"  {amounts['lost']} lost, {amounts['twice']} twice, of {amounts['sent']} sent", "should"


def _end_of(event_id: str, width: int) -> str:
    """An event's own id, where there is room for it: its end tells it apart."""
    text = short(event_id, 200)
    if width < 3 or not text.isascii():
        return ""
    return text if len(text) <= width else f"…{text[-(width - 1) :]}"
