"""Lanes: time runs down, one row for each thing that happened, one column for each stream."""

from collections.abc import Iterator

from conformance.report.text import short
from inspector.model.nouns import LiveSession, LiveStream, Row
from inspector.widgets.flat import hue, weight_of, words_of
from inspector.widgets.lines import Part, fit
from inspector.widgets.rowlist import RowList

_TIME = 8  # columns
_WORDS = 32  # columns that the words of a row should have, before streams get any
_MOST = 8  # columns of streams that are shown; the others share one
_FOLD = 8  # columns of the one that the others share


class Lanes(RowList):
    """The rows of one session: who said what, and on which stream."""

    def heading(self) -> Iterator[Part]:
        """The names of the streams that have the columns at the cursor."""
        yield f"  {'seconds':>{_TIME}}  ", "head"
        count, wide = self.columns
        session = self.session
        if session is not None:
            at = self.cursor if self.cursor is not None else self.source.feed.rows.next_number
            for lane in range(count):
                stream = session.at_lane(lane, at)
                name = stream.name if stream is not None else "GET" if lane == 0 else ""
                yield fit(name, wide), hue(stream.number, stream.primary) if stream is not None else "head"
            if self.folds:
                hidden = sum(lane >= count for lane in session.in_lane)
                yield f"{f'+{hidden}' if hidden else '+':<{_FOLD}}", "head"
        yield "  message", "head"

    @property
    def columns(self) -> tuple[int, int]:
        """How many columns of streams are shown, and how wide each is."""
        width = self.scrollable_content_region.width
        wide = 8 if width >= 84 else 6 if width >= 64 else 4
        used = len(self.session.lanes) if self.session is not None else 0
        room = max(1, (width - _TIME - 4 - _WORDS) // wide)
        return max(1, min(used, _MOST, room)), wide

    @property
    def folds(self) -> bool:
        """Whether there are more streams than columns."""
        return self.session is not None and len(self.session.lanes) > self.columns[0]

    def parts_of(self, row: Row) -> Iterator[Part]:
        """What the line of a row says."""
        yield weight_of(row, self.glyphs.must, self.glyphs.should)
        yield f"{row.at - (self.session.began if self.session is not None else 0.0):>{_TIME}.3f}  ", "dim"
        sign = self.glyphs.before_words(row)
        if self.session is not None:
            yield from self._streams(row, self.session)
            if row.stream is not None and not self.folds and not self._has_place(row, self.session):
                sign = self.glyphs.on_stream(row)  # its stream was over already
        yield f"{sign} ", "ours" if row.sender == "observer" else "client"
        yield from words_of(row)
        yield from self._ledger(row)

    def _streams(self, row: Row, session: LiveSession) -> Iterator[Part]:
        count, wide = self.columns
        for lane in range(count):
            stream = session.at_lane(lane, row.number)
            yield self._cell(row, stream, stream is row.stream, wide) if stream is not None else (" " * wide, "")
        if self.folds:
            if row.stream is not None and not self._has_place(row, session):
                yield f"{self.glyphs.on_stream(row)} {fit(row.stream.name, _FOLD - 2)}", self._ink(row, row.stream)
            else:
                yield " " * _FOLD, ""

    def _has_place(self, row: Row, session: LiveSession) -> bool:
        """Whether a row's stream has one of the columns."""
        return any(session.at_lane(lane, row.number) is row.stream for lane in range(self.columns[0]))

    def _cell(self, row: Row, stream: LiveStream, own: bool, wide: int) -> Part:
        """A stream at a row: what happened on it, with the id of the event, or that it is there."""
        if not own:
            idle = self.glyphs.severed if stream.severed_at(row.number) else self.glyphs.idle
            return f"{idle:<{wide}}", hue(stream.number, stream.primary)
        label = _end_of(row.event.id, wide - 3) if row.event is not None and row.event.id else ""
        return f"{self.glyphs.on_stream(row)} {label:<{wide - 2}}", self._ink(row, stream)

    def _ink(self, row: Row, stream: LiveStream) -> str:
        return "ours" if row.sender == "observer" else hue(stream.number, stream.primary)

    def _ledger(self, row: Row) -> Iterator[Part]:
        """What became of a stream's events, where a stream with several legs ends."""
        stream = row.stream
        if stream is not None and len(stream.legs) > 1 and row.kind in ("ended", "response"):
            ledger = stream.ledger
            bad = ledger.lost or ledger.duplicated
            text = f"  {ledger.delivered}/{ledger.sent} delivered, {ledger.lost} lost, {ledger.duplicated} twice"
            yield text, "should" if bad else "kept"


def _end_of(event_id: str, width: int) -> str:
    """An event's own id, where there is room for it: its end tells it apart."""
    text = short(event_id, 200)
    if width < 3 or not text.isascii():
        return ""
    return text if len(text) <= width else f"…{text[-(width - 1) :]}"
