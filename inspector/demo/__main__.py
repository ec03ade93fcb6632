"""The demo: `python -m inspector.demo`, or `make inspect`."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from conformance.bundled import BundledServer
from inspector.proxy.setup import CannotStart, Setup
from inspector.show import Beside, show

FAULTS = ("ProgressGoesOnTheGetStream", "NotificationsAreAnsweredWith200")
CLIENT = Path(__file__).parent / "client.py"
CANNOT = 2  # exit code


def main() -> int:
    """Show the demo until somebody quits."""
    parser = argparse.ArgumentParser(prog="python -m inspector.demo", description=__doc__)
    parser.add_argument("--client", metavar="PYTHON", default=sys.executable, help="an interpreter that has `mcp`")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII signs only")
    chosen = parser.parse_args()
    server = BundledServer(" ".join(f"--fault {name}" for name in FAULTS))
    try:
        asyncio.run(show(Setup(server.url()), None, chosen.ascii, beside(chosen.client)))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return CANNOT
    finally:
        server.stop()
    return 0


def beside(python: str) -> Beside:
    """The demo's client, for as long as somebody looks."""

    @asynccontextmanager
    async def working(url: str) -> AsyncIterator[None]:
        nowhere = asyncio.subprocess.DEVNULL
        command = (python, str(CLIENT), url)
        client = await asyncio.create_subprocess_exec(*command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
        try:
            yield
        finally:
            if client.returncode is None:
                client.kill()
            await client.wait()

    return working


if __name__ == "__main__":
    sys.exit(main())
