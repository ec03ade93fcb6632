"""The demo: `python -m inspector.demo`, or `make inspect`."""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import DEVNULL

from conformance.bundled import BundledServer
from inspector.proxy.setup import CannotStart, Setup
from inspector.show import Beside, show

FAULTS = ("ProgressGoesOnTheGetStream", "NotificationsAreAnsweredWith200")
CLIENT = Path(__file__).parent / "client.py"
CANNOT = 2  # exit code
_LOOK = 20.0  # seconds


def main() -> int:
    """Show the demo until somebody quits."""
    parser = argparse.ArgumentParser(prog="python -m inspector.demo", description=__doc__)
    parser.add_argument("--client", metavar="PYTHON", default=sys.executable, help="an interpreter that has `mcp`")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII signs only")
    chosen = parser.parse_args()
    server = BundledServer(" ".join(f"--fault {name}" for name in FAULTS))
    try:
        check(chosen.client)
        asyncio.run(show(Setup(server.url()), None, chosen.ascii, beside(chosen.client)))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return CANNOT
    finally:
        server.stop()
    return 0


def check(python: str) -> None:
    """Raises CannotStart if this is no interpreter that has the client's package."""
    look = "import importlib.util as u, sys; sys.exit(not u.find_spec('mcp'))"
    try:
        found = subprocess.run([python, "-c", look], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, timeout=_LOOK)
    except (OSError, subprocess.TimeoutExpired):
        raise CannotStart(f"{python} is no Python interpreter; `make inspect` prepares one") from None
    if found.returncode != 0:
        raise CannotStart(f"{python} does not have the package mcp; `make inspect` prepares one that has it")


def beside(python: str) -> Beside:
    """The demo's client, for as long as somebody looks."""

    @asynccontextmanager
    async def working(url: str) -> AsyncIterator[None]:
        command = (python, str(CLIENT), url)
        client = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        try:
            yield
        finally:
            if client.returncode is None:
                client.kill()
            await client.wait()

    return working


if __name__ == "__main__":
    sys.exit(main())
