"""Keeps every core busy for as long as a block lasts, so that whatever waits too short shows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SPIN = """
import os, sys, time
parent, end = int(sys.argv[1]), time.monotonic() + float(sys.argv[2])
while os.getppid() == parent and time.monotonic() < end:
    sum(range(10_000))
"""  # it ends with the process that started it, however that one ends


@contextmanager
def busy(processes: int, at_most: float) -> Iterator[list[int]]:
    """So many processes that do nothing but count, for `at_most` seconds each. Yields their ids."""
    command = [sys.executable, "-c", _SPIN, str(os.getpid()), str(at_most)]
    spinning: list[subprocess.Popen[bytes]] = []
    try:
        spinning += (subprocess.Popen(command) for _ in range(processes))
        yield [process.pid for process in spinning]
    finally:
        for process in spinning:
            process.kill()
            process.wait()
