"""What the inspector costs: `python -m tests.bench.inspector`.

A server streams directly to a client, through mitmproxy that only splits and parses what passes, and through the
inspector with its live model and its judge. Rounds take turns, because machines are shared; ratios are medians of
the rounds' ratios.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from tests.bench.streaming import Client
from tests.bench.viewing import cpu_seconds

HERE = Path(__file__).parent
Way: TypeAlias = str
WAYS: tuple[Way, ...] = ("direct", "mitmproxy", "inspector")
MANY = 100  # streams
CALLS = 1_000
START = 20.0  # seconds


@contextmanager
def program(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process that speaks and listens line by line; it is ended with the block."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(START)
        except subprocess.TimeoutExpired:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@dataclass
class Bench:
    """A server, and the ways to it."""

    clients: dict[Way, Client]
    viewer: subprocess.Popen[str]
    alone: subprocess.Popen[str]

    def cpu(self) -> dict[str, float]:
        """Seconds that each process has used until now."""
        return {"mitmproxy": cpu_seconds(self.alone.pid), **self.state()["cpu"]}

    def state(self) -> dict[str, Any]:
        """What the inspector's processes take now."""
        assert self.viewer.stdin is not None
        self.viewer.stdin.write("\n")
        found: dict[str, Any] = json.loads(said(self.viewer))
        return found

    async def rounds(self, number: int, measure: Callable[[Client], Awaitable[float]]) -> dict[Way, list[float]]:
        """So many rounds, in each of them every way once."""
        found: dict[Way, list[float]] = {way: [] for way in self.clients}
        for turn in range(number + 1):  # the first one warms up
            for way, client in self.clients.items():
                value = await measure(client)
                if turn:
                    found[way].append(value)
                await self.settled()
        return found

    async def settled(self) -> None:
        """Wait until the viewer has read what passed, so that no way pays for another one."""
        rows = -1
        while rows != (rows := self.state()["rows"]):
            await asyncio.sleep(0.2)


@contextmanager
def bench() -> Iterator[Bench]:
    with ExitStack() as stack:
        server = stack.enter_context(program(sys.executable, "-m", "tests.bench.streaming"))
        stack.callback(server.terminate)
        direct = int(said(server))
        bare = free_port()
        mitmdump = str(Path(sys.executable).parent / "mitmdump")
        mode = "--mode", f"reverse:http://127.0.0.1:{direct}", "--listen-host", "127.0.0.1", "-p", str(bare)
        alone = stack.enter_context(program(mitmdump, "-q", "-s", str(HERE / "bare.py"), *mode))
        stack.callback(alone.terminate)
        upstream = f"http://127.0.0.1:{direct}/mcp"
        viewer = stack.enter_context(program(sys.executable, "-m", "tests.bench.viewing", upstream))
        ports = dict(zip(WAYS, (direct, bare, int(said(viewer))), strict=True))
        for port in ports.values():
            wait_for(port)
        yield Bench({way: Client(port) for way, port in ports.items()}, viewer, alone)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    end = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def line(what: str, found: dict[Way, list[float]], unit: str, scale: float = 1) -> None:
    """Print the medians of each way, and the ratio of the last two."""
    ratio = median(ours / bare for ours, bare in zip(found["inspector"], found["mitmproxy"], strict=True))
    values = " ".join(f"{median(found[way]) * scale:12,.2f}" for way in WAYS)
    print(f"{what:<44} {values} {unit:<8} {ratio:5.2f}", flush=True)


def effort(before: dict[str, float], after: dict[str, float], number: int, unit: str) -> None:
    """Print what each process used; that depends less than the rest on what else the machine does."""
    used = ", ".join(f"{name} {(after[name] - before[name]) / number * 1e6:.1f}" for name in after)
    print(f"    microseconds of CPU per {unit}: {used}", flush=True)


async def measure_all(bench: Bench, rounds: int, events: int) -> None:
    for client in bench.clients.values():
        await client.begin()
    print(f"{'':<44} {' '.join(f'{way:>12}' for way in WAYS)} {'':<8} ratio", flush=True)
    for streams in (1, MANY):
        before = bench.cpu()
        found = await bench.rounds(rounds, lambda client, n=streams: client.load(events, n))  # type: ignore[misc]
        line(f"as fast as can be, streams: {streams}", found, "events/s")
        effort(before, bench.cpu(), events * (rounds + 1), "event")
    before = bench.cpu()
    line("JSON answers, connections: 8", await bench.rounds(rounds, lambda c: c.requests(CALLS, 8)), "calls/s")
    effort(before, bench.cpu(), CALLS * (rounds + 1), "call")
    for streams, rate in ((1, 200.0), (MANY, 10.0)):
        for what, share in (("median", 0.5), ("p99", 0.99)):

            async def delay(client: Client, n: int = streams, rate: float = rate, share: float = share) -> float:
                delays = await client.delays(n, rate, 2.0)
                return delays[int(share * (len(delays) - 1))]

            found = await bench.rounds(rounds, delay)
            line(f"delay, {what}, streams: {streams}, {rate * streams:g} events/s", found, "ms", 1000)


async def measure_memory(bench: Bench, events: int) -> None:
    """Memory of the inspector's processes, while so many events pass."""
    for part in range(11):
        if part:
            await bench.clients["inspector"].load(events // 10, MANY)
            await bench.settled()
        state = bench.state()
        sizes = ", ".join(f"{name} {size:.0f}" for name, size in state["memory"].items())
        print(f"{state['rows']:>10,} rows: {sizes} MiB; broken: {state['broken'] or 'nothing'}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.inspector", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds of each figure (5)")
    parser.add_argument("--events", type=int, default=40_000, help="events of a round as fast as can be (40,000)")
    parser.add_argument("--memory", type=int, default=1_000_000, metavar="EVENTS", help="0 for no such figures")
    wishes = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with bench() as ways:
        asyncio.run(measure_all(ways, wishes.rounds, wishes.events))
        if wishes.memory:
            asyncio.run(measure_memory(ways, wishes.memory))
    print(f"load after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
