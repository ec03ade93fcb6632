"""How late the screen's loop is while much goes by: `python -m tests.bench.screen`.

The whole inspector runs, with a screen of 160 by 48 that is drawn and thrown away. Something that wants to run every
ten milliseconds says how late it came.
"""

import argparse
import asyncio
import os
import resource
import sys
import time

from inspector.app import InspectorApp
from inspector.keeping.keeper import keeping
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from inspector.running import Running
from tests.bench.inspector import program, said

_EVERY = 0.01  # seconds
_WARM_UP = 2.0


async def lateness(seconds: float) -> list[float]:
    """How late this loop was, each time, in seconds, sorted."""
    late: list[float] = []
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        await asyncio.sleep(_EVERY)
        late.append(time.monotonic() - began - _EVERY)
    return sorted(late)


def used() -> float:
    """Seconds of CPU that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(upstream: str, view: int, streams: int, rate: int, seconds: int) -> None:
    """Show one view while streams come, and print how it did."""
    async with Link(Setup(upstream)) as link, keeping(link.about) as keeper:
        running = Running(link, keeper.put)
        app = InspectorApp(running)
        async with app.run_test(size=(160, 48)) as driver:
            await driver.press(str(view))
            port = link.url.split(":")[2].partition("/")[0]
            words = (str(word) for word in (port, streams, rate, seconds + 2 * int(_WARM_UP)))
            client = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.streaming", *words)
            await asyncio.sleep(_WARM_UP)
            rows, cpu = running.feed.rows.next_number, used()
            late = await lateness(seconds)
            came = (running.feed.rows.next_number - rows) / seconds
            share = (used() - cpu) / seconds
            client.kill()
            await client.wait()
            median, p99 = (late[int(part * (len(late) - 1))] * 1000 for part in (0.5, 0.99))
            print(
                f"view {view}, {streams} streams: {came:,.0f} rows a second, {share:.0%} of a core, "
                f"late by {median:.1f} ms in the median, {p99:.1f} ms at p99; {running.trouble}",
                flush=True,
            )
            link.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screen", description=__doc__)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--rate", type=int, default=50, help="events per second on each stream (50)")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--view", type=int, action="append", help="1 to 7, repeatable (1, 2 and 4)")
    wishes = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with program(sys.executable, "-m", "tests.bench.streaming") as server:
        upstream = f"http://127.0.0.1:{said(server)}/mcp"
        for view in wishes.view or (1, 2, 4):
            asyncio.run(measure(upstream, view, wishes.streams, wishes.rate, wishes.seconds))
        server.terminate()


if __name__ == "__main__":
    main()
