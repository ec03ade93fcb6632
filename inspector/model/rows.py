"""The rows that are kept: the newest ones, found by their number, which never changes."""

from collections import Counter
from collections.abc import Iterator

from inspector.model.nouns import Row

KEPT = 20_000
_LARGEST = 48 * 1024 * 1024  # bytes of what went over the wire that all rows may stand for together


class Rows:
    """A ring of rows. `first` is the number of the oldest one kept, `next_number` that of the next one to come."""

    def __init__(self, kept: int = KEPT, largest: int = _LARGEST) -> None:
        self._kept = kept
        self._largest = largest
        self._rows: list[Row] = []
        self._size = 0
        self._of: Counter[int] = Counter()
        self._at: dict[tuple[int, int | None], list[int]] = {}
        self._gone: list[int] = []
        self.first = 0

    @property
    def next_number(self) -> int:
        return self.first + len(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def get(self, number: int) -> Row | None:
        """A row by its number, None if it is gone or was never there."""
        index = number - self.first
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def add(self, row: Row) -> None:
        """Keep one more; if there are too many, the oldest go, not so many at once that a screen would wait."""
        self._rows.append(row)
        self._of[row.exchange.number] += 1
        self._at.setdefault((row.exchange.number, row.position), []).append(row.number)
        row.session.rows.append(row.number)
        self._size += row.size
        if len(self._rows) > self._kept or (self._size > self._largest and len(self._rows) > 1):
            self._drop(max(1, len(self._rows) // 16))

    def around(self, exchange: int, event: int | None) -> list[Row]:
        """The rows of an exchange that show an event, or, without one, what is not an event."""
        numbers = self._at.get((exchange, event)) or self._at.get((exchange, None), [])
        return [row for number in numbers if (row := self.get(number)) is not None]

    def show(self, exchange: int) -> bool:
        """Whether there is a row of an exchange."""
        return exchange in self._of

    def dropped_exchanges(self) -> list[int]:
        """Exchanges without a row, since the last time this was asked."""
        gone, self._gone = self._gone, []
        return gone

    def _drop(self, count: int) -> None:
        for row in self._rows[:count]:
            self._size -= row.size
            self._of[row.exchange.number] -= 1
            if not self._of[row.exchange.number]:
                del self._of[row.exchange.number]
                self._gone.append(row.exchange.number)
            place = row.exchange.number, row.position
            self._at[place].remove(row.number)
            if not self._at[place]:
                del self._at[place]
            row.session.rows.popleft()
        del self._rows[:count]
        self.first += count
