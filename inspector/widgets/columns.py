"""Which streams have the columns of a picture that has fewer columns than there are streams.

The model gives each stream a lane, and there may be a hundred. A column shows one lane at a time, and goes over to
another only when a stream that has none speaks, and its own stream is over or has been silent for a while. So those
that are folded are the quietest, nothing flickers, and what is drawn of earlier rows never changes.
"""

from bisect import bisect_right
from math import inf

from inspector.model.nouns import LiveSession, LiveStream, Row

QUIET = 5.0  # seconds of silence after which a stream may have to give its column to one that speaks


class Columns:
    """The columns of a session. Column 0 is always that of lane 0; `room` is how many there are at most."""

    def __init__(self, session: LiveSession, room: int) -> None:
        self.session = session
        self.room = room
        self._turns = [[(0, lane)] for lane in range(room)]  # of each column: from which row on it shows which lane
        self._spoke = [-inf] * room  # when the stream of each column was last heard

    @property
    def count(self) -> int:
        """How many columns there is something to be seen in."""
        return max(1, min(len(self.session.lanes), self.room))

    @property
    def folds(self) -> bool:
        """Whether there are more streams than columns."""
        return len(self.session.lanes) > self.room

    def take(self, row: Row) -> None:
        """One more row; rows come in their order."""
        lane = _lane_of(row.stream, row.number) if row.stream is not None else None
        if lane is None:
            return
        column = next((at for at in range(self.room) if self._lane(at, row.number) == lane), None)
        if column is None:
            column = self._place_for(row)
            if column is None:
                return
            self._turns[column].append((row.number, lane))
        self._spoke[column] = row.at

    def stream(self, column: int, row: int) -> LiveStream | None:
        """The stream that a column shows at a row, its severed time included."""
        return self.session.at_lane(self._lane(column, row), row)

    def last(self, column: int, row: int) -> LiveStream | None:
        """The stream that a column shows at a row, or if it is over, showed last."""
        holds = self.session.lanes[lane] if (lane := self._lane(column, row)) < len(self.session.lanes) else []
        begun = bisect_right(holds, row, key=lambda hold: hold.first)
        return holds[begun - 1].stream if begun else None

    def of(self, stream: LiveStream, row: int) -> int | None:
        """The column in which a stream is to be seen at a row."""
        return next((at for at in range(self.count) if self.stream(at, row) is stream), None)

    def begins(self, column: int, row: int) -> bool:
        """Whether a column goes over to another stream at a row."""
        return self._turn(column, row)[0] == row > 0

    def hidden(self, row: int) -> int:
        """How many streams there are at a row that have no column."""
        there = sum(self.session.at_lane(lane, row) is not None for lane in range(len(self.session.lanes)))
        return there - sum(self.stream(column, row) is not None for column in range(self.count))

    def forget(self, first: int) -> None:
        """Rows before this one are not drawn any more."""
        for turns in self._turns:
            del turns[: max(0, bisect_right(turns, first, key=lambda turn: turn[0]) - 1)]

    def _lane(self, column: int, row: int) -> int:
        return self._turn(column, row)[1]

    def _turn(self, column: int, row: int) -> tuple[int, int]:
        turns = self._turns[column]
        return turns[max(0, bisect_right(turns, row, key=lambda turn: turn[0]) - 1)]

    def _place_for(self, row: Row) -> int | None:
        """A column that is free at a row, else that of the stream that was silent for longest, if long enough."""
        others = range(1, self.room)
        free = next((column for column in others if self.stream(column, row.number) is None), None)
        if free is not None:
            return free
        quietest = min(others, key=lambda column: self._spoke[column], default=None)
        return quietest if quietest is not None and row.at - self._spoke[quietest] >= QUIET else None


def _lane_of(stream: LiveStream, row: int) -> int | None:
    """The lane of a stream at a row, None if it was over already."""
    held = (hold.lane for hold in stream.holds if hold.first <= row and (hold.last is None or row <= hold.last))
    return next(held, None)
