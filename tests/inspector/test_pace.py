"""How often the judge looks, and how much it takes at a time: so much that nothing is forgotten unseen."""

import pytest

from inspector.judging import live
from inspector.judging.pace import AT_ONCE, AT_ONCE_BYTES, Pace, portion
from inspector.judging.window import Size


def test_what_a_look_takes_does_not_count_as_a_flood() -> None:
    assert Size().events <= AT_ONCE < live._FLOOD


@pytest.mark.parametrize(
    ("sizes", "taken"),
    [([], 0), ([1, 1], 2), ([1] * (AT_ONCE + 1), AT_ONCE), ([2 * AT_ONCE_BYTES, 1], 1), ([AT_ONCE_BYTES, 1], 1)],
)
def test_a_look_takes_so_many_records_and_bytes_at_most_and_always_one(sizes: list[int], taken: int) -> None:
    assert portion(sizes) == taken


def test_where_much_has_come_the_next_look_is_sooner() -> None:
    pace = Pace()
    pace.looked(10.0, 10.5)
    assert 0.0 < pace.hurried(10.5) < pace.wait(10.5)


def test_a_look_that_was_quick_is_not_repeated_at_once() -> None:
    pace = Pace()
    pace.looked(10.0, 10.001)
    assert pace.wait(10.001) >= 0.25
    assert pace.wait(11.0) == pace.hurried(11.0) == 0.0
