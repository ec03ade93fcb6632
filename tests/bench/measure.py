"""Runs a command and says what it took."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a command: seconds on the wall, seconds of CPU, MiB of the largest process, exit code."""

    wall: float
    cpu: float
    peak: float
    code: int


def cost_of(command: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """Run once, output thrown away. The process and all that it waited for count."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | (environment or {})
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(time.monotonic() - began, cpu, usage.ru_maxrss / 1024, process.returncode)


def medians(command: Sequence[str], runs: int, environment: dict[str, str] | None = None) -> Cost:
    """One run to warm up, then the median of each figure; the exit code is the worst."""
    cost_of(command, environment)
    costs = [cost_of(command, environment) for _ in range(runs)]
    return Cost(
        median(c.wall for c in costs),
        median(c.cpu for c in costs),
        median(c.peak for c in costs),
        max(c.code for c in costs),
    )
