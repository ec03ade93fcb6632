"""Going through a recording's time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from inspector.replay import Replay
from tests.inspector.tale import whole


def on_replay(test: Callable[[Replay], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        replay = Replay(whole())
        await replay.run()
        await test(replay)

    asyncio.run(run())


def rows(replay: Replay) -> list[tuple[float, str, str, list[str]]]:
    return [(row.at, row.kind, row.words, sorted(mark.key for mark in row.marks)) for row in replay.feed.rows]


def test_at_first_all_is_shown_and_judged() -> None:
    async def test(replay: Replay) -> None:
        assert (replay.begins, replay.ends, replay.now()) == (0.0, 20.0, 20.0)
        assert replay.unjudged == 0
        assert "get.unrelated" in {violation.key for violation in replay.feed.violations}
        assert replay.rules

    on_replay(test)


def test_going_back_shows_what_there_was() -> None:
    async def test(replay: Replay) -> None:
        first = replay.feed
        await replay.seek(1.4)
        assert replay.epoch == 1
        assert replay.feed is not first
        assert max(row.at for row in replay.feed.rows) == 1.357
        assert "get.unrelated" not in {violation.key for violation in replay.feed.violations}
        await replay.seek(1.5)
        assert replay.epoch == 1
        assert "get.unrelated" in {violation.key for violation in replay.feed.violations}

    on_replay(test)


def test_going_on_bit_by_bit_ends_where_it_was() -> None:
    async def test(replay: Replay) -> None:
        whole_rows, violations = rows(replay), len(replay.feed.violations)
        await replay.seek(replay.begins)
        while replay.now() < replay.ends:
            await replay.step(1)
        assert rows(replay) == whole_rows
        assert len(replay.feed.violations) == violations

    on_replay(test)


def test_a_step_back_undoes_a_step_on() -> None:
    async def test(replay: Replay) -> None:
        await replay.seek(1.31)
        here = rows(replay)
        await replay.step(1)
        assert replay.now() == 1.355
        await replay.step(-1)
        assert (replay.now(), rows(replay)) == (1.31, here)

    on_replay(test)


def test_there_is_nothing_before_the_beginning_and_after_the_end() -> None:
    async def test(replay: Replay) -> None:
        await replay.seek(-5.0)
        await replay.step(-1)
        assert (replay.now(), len(replay.feed.rows)) == (0.0, 1)
        await replay.seek(99.0)
        await replay.step(1)
        assert replay.now() == 20.0

    on_replay(test)


def test_the_density_counts_every_record() -> None:
    async def test(replay: Replay) -> None:
        assert sum(replay.density(10)) == len(whole().records)
        assert replay.density(10)[9] == 1

    on_replay(test)
