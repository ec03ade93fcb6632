"""Where everything stands in a swimlane: from exchanges to rows in time and columns side by side.

A row is one thing that happened. Time runs down and is not to scale: where nothing happened for a while the
picture is cut, and says how long. An exchange keeps one column on the server's side from its request to its end.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conformance.evidence.trace import Event, Exchange, Place
from conformance.report.labels import answered, asked, by_event, ended, happened
from conformance.report.text import count, duration, short

Kind: TypeAlias = Literal["ask", "head", "answer", "event", "comment", "more", "end", "gap"]

_HEIGHTS: dict[Kind, int] = {
    "ask": 24, "head": 18, "answer": 20, "event": 20, "comment": 16, "more": 16, "end": 20, "gap": 22,
}  # fmt: skip
_RANKS: dict[Kind, int] = {"ask": 0, "head": 1, "answer": 2, "event": 2, "comment": 2, "more": 2, "end": 3, "gap": 0}
_TOP = 44
WIDTH = 68  # characters beside an arrow
_ALL = 14  # events of a stream that are drawn without leaving any out
_FIRST, _LAST = 8, 3
_PAUSE = 0.15  # seconds without anything that are worth a word


@dataclass(slots=True)
class Row:
    """One thing that happened, and how far down it stands. `events` are those that it stands for."""

    at: float
    kind: Kind
    exchange: Exchange | None
    words: str
    events: range = range(0)
    y: int = 0


@dataclass(slots=True)
class Lane:
    """The time of one exchange on the server's side."""

    exchange: Exchange
    column: int = 0
    rows: list[Row] = field(default_factory=list)
    origin: "Lane | None" = None

    @property
    def is_stream(self) -> bool:
        return self.exchange.is_stream and self.exchange.ok

    @property
    def top(self) -> int:
        return self.rows[0].y

    @property
    def bottom(self) -> int:
        last = self.rows[-1]
        return last.y if last.kind in ("answer", "end") else last.y + 7

    def row_of(self, place: Place) -> Row:
        """The row that shows a place: its event, else the answer, else the request."""
        if place.event is not None:
            for row in self.rows:
                if place.event in row.events:
                    return row
        return next((row for row in self.rows if row.kind in ("head", "answer")), self.rows[0])


@dataclass(slots=True)
class Layout:
    """Where everything of a swimlane stands: rows from above, lanes by the number of their exchange."""

    rows: list[Row]
    lanes: dict[int, Lane]
    clients: list[str]
    columns: int
    height: int


def laid_out(exchanges: Sequence[Exchange], joined: Mapping[int, int], noted: Collection[Place]) -> Layout:
    """`joined` maps a leg to the leg that it resumes; the events at `noted` places are drawn in any case."""
    lanes = {exchange.number: Lane(exchange) for exchange in exchanges}
    wanted = {(place.exchange, place.event) for place in noted}
    for lane in lanes.values():
        lane.rows = list(_rows(lane.exchange, wanted))
        lane.origin = lanes.get(joined.get(lane.exchange.number, -1))
    rows = sorted((row for lane in lanes.values() for row in lane.rows), key=_moment)
    rows = list(_with_gaps(rows))
    y = _TOP
    for row in rows:
        y += _HEIGHTS[row.kind]
        row.y = y
    return Layout(rows, lanes, list(dict.fromkeys(x.client for x in exchanges)), _columns(lanes), y + 24)


def _moment(row: Row) -> tuple[float, int, int, int]:
    return row.at, row.exchange.number if row.exchange else 0, _RANKS[row.kind], row.events.start


def _rows(exchange: Exchange, wanted: set[tuple[int, int | None]]) -> Iterator[Row]:
    intent = f" (on purpose: {exchange.intent})" if exchange.intent else ""
    yield Row(exchange.started, "ask", exchange, short(asked(exchange), max(24, WIDTH - len(intent))) + intent)
    if exchange.head_at is not None and exchange.is_stream:
        yield Row(exchange.head_at, "head", exchange, answered(exchange))
        yield from _event_rows(exchange, wanted)
    elif exchange.head_at is not None:
        complete = exchange.ending == "complete" and exchange.ended is not None
        yield Row(
            exchange.ended if complete and exchange.ended else exchange.head_at,
            "answer",
            exchange,
            answered(exchange),
        )
    if exchange.ending != "complete":
        last = exchange.events[-1].at if exchange.events else exchange.head_at or exchange.started
        yield Row(last if exchange.ended is None else exchange.ended, "end", exchange, ended(exchange))


def _event_rows(exchange: Exchange, wanted: set[tuple[int, int | None]]) -> Iterator[Row]:
    messages, events, total = by_event(exchange), exchange.events, len(exchange.events)
    start = 0
    for position in range(total + 1):
        near = position < _FIRST or position >= total - _LAST or total <= _ALL
        if position < total and not near and (exchange.number, position) not in wanted:
            continue
        if start < position:
            more = f"… {count(position - start, 'more event')}"
            yield Row(events[start].at, "more", exchange, more, range(start, position))
        if position < total:
            event = events[position]
            words = happened(event, messages.get(position, []))
            yield Row(event.at, _kind(event), exchange, words, range(position, position + 1))
        start = position + 1


def _kind(event: Event) -> Kind:
    return "comment" if event.data is None and event.id is None else "event"


def _with_gaps(rows: list[Row]) -> Iterator[Row]:
    pause = max(_PAUSE, (rows[-1].at - rows[0].at) / 40) if rows else 0.0
    before = rows[0].at if rows else 0.0
    for row in rows:
        if row.at - before >= pause:
            yield Row(before, "gap", None, f"{duration(row.at - before)} pass")
        before = row.at
        yield row


def _columns(lanes: Mapping[int, Lane]) -> int:
    """Give every lane the first column that is free for it; a resumed leg stands under its origin if it can."""
    taken: dict[int, int] = {}
    for lane in sorted(lanes.values(), key=lambda lane: lane.top):
        free = [column for column in range(len(taken) + 1) if taken.get(column, -1) < lane.top]
        lane.column = lane.origin.column if lane.origin and lane.origin.column in free else free[0]
        taken[lane.column] = lane.bottom
    return max(1, len(taken))
