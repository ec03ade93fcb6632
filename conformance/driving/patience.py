"""Waiting that a busy machine does not cut short.

While this process gets no turn, or has more to do than it can, an answer may be there and not be read. So a time to
wait is divided into shares, and the next one begins only when the last has really been seen to pass: whoever is
late with everything is late with giving up, too.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import anyio

SHARES = 10  # of each wait; a process that is late by so much each time waits ten times so much longer
_TURNS = 3


@contextmanager
def at_most(seconds: float) -> Iterator[anyio.CancelScope]:
    """A block that is left when so many seconds have passed, none of which this process was too busy to see."""
    with anyio.CancelScope() as scope:
        countdown = _Countdown(scope, seconds / SHARES)
        try:
            yield scope
        finally:
            countdown.stop()


class _Countdown:
    """Cancels a scope when all shares of a wait are over, one after the other. `share` is in seconds."""

    def __init__(self, scope: anyio.CancelScope, share: float) -> None:
        self._scope = scope
        self._share = share
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(share, self._one_less, SHARES - 1)

    def _one_less(self, left: int) -> None:
        if left:
            self._timer = self._loop.call_later(self._share, self._one_less, left - 1)
        else:
            self._scope.cancel()

    def stop(self) -> None:
        self._timer.cancel()


async def pause(seconds: float) -> None:
    """Let so many seconds pass, none of which this process was too busy to see."""
    for _ in range(SHARES):
        await anyio.sleep(seconds / SHARES)


async def lateness() -> float:
    """By how many seconds this process is behind with what is due: how long a few turns for everybody take."""
    began = anyio.current_time()
    for _ in range(_TURNS):
        await anyio.sleep(0)
    return anyio.current_time() - began
