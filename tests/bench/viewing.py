"""The inspector without its screen: `python -m tests.bench.viewing UPSTREAM`.

The first line that is printed is the proxy's port. Each line on standard input is answered with one that says what
the processes take, and what the judge found: one JSON object.
"""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from inspector.keeping.keeper import keeping
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from inspector.running import Running


def mebibytes(pid: int) -> float:
    """The memory that a process has now."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def cpu_seconds(pid: int) -> float:
    """The time that a process has used until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime (proc(5))


def children() -> dict[str, int]:
    """The processes that this one has started, by the folder of their module."""
    pids = (Path(f"/proc/self/task/{os.getpid()}/children").read_text()).split()
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in pids}
    return {command[2].decode().split(".")[1]: pid for pid, command in commands.items() if len(command) > 2}


def told(running: Running) -> str:
    """How it stands now."""
    processes = {"viewer": os.getpid()} | children()
    sizes = {name: mebibytes(pid) for name, pid in processes.items()}
    cpu = {name: cpu_seconds(pid) for name, pid in processes.items()}
    broken = sorted({violation.key for violation in running.feed.violations})
    rows = running.feed.rows.next_number
    return json.dumps({"memory": sizes, "cpu": cpu, "rows": rows, "broken": broken, "judged": len(running.rules)})


async def main() -> None:
    """Run until standard input ends."""
    async with Link(Setup(sys.argv[1])) as link, keeping(link.about) as keeper:
        running = Running(link, keeper.put)
        following = asyncio.create_task(running.run())
        print(link.url.split(":")[2].partition("/")[0], flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(told(running), flush=True)
        link.stop()
        await following


if __name__ == "__main__":
    asyncio.run(main())
