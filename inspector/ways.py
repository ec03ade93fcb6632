"""Ways from one row to another: to its partner, along its stream, to what broke a rule, to where it belongs."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from inspector.model.nouns import LiveStream, Row
from inspector.model.rows import Rows


def partner_of(row: Row) -> int | None:
    """From a request to its response and back; from progress or a resumed leg to the call that it is about."""
    if row.partner is not None:
        return row.partner
    call = row.owner or (row.stream.call if row.stream is not None else row.exchange.call)
    return call.row if call is not None and call.row != row.number else None


def belongs_on(row: Row) -> LiveStream | None:
    """The stream of the call that a message is about, where a rule was broken because it came on another."""
    if not row.marks or row.owner is None or row.stream is None:
        return None
    own = row.owner.exchange.stream
    return own if own is not row.stream else None


def next_broken(rows: Rows, index: Sequence[int], here: int | None, step: int) -> int | None:
    """The next row, or the one before, that broke a rule."""
    return _next(rows, index, here, step, lambda row: bool(row.marks))


def next_on_stream(rows: Rows, index: Sequence[int], row: Row, step: int) -> int | None:
    """The next row on the same stream, or the one before; without a stream, of the same exchange."""
    if row.stream is None:
        return _next(rows, index, row.number, step, lambda other: other.exchange is row.exchange)
    return _next(rows, index, row.number, step, lambda other: other.stream is row.stream)


def _next(rows: Rows, index: Sequence[int], here: int | None, step: int, wanted: Callable[[Row], bool]) -> int | None:
    for number in _from(index, here, step):
        row = rows.get(number)
        if row is not None and wanted(row):
            return number
    return None


def _from(index: Sequence[int], here: int | None, step: int) -> Iterator[int]:
    if step > 0:
        start = bisect_right(index, here) if here is not None else 0
        return (index[place] for place in range(start, len(index)))
    end = bisect_left(index, here) if here is not None else len(index)
    return (index[place] for place in range(end - 1, -1, -1))
