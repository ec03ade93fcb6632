"""The proxy as a process of its own, so that nothing that is drawn can hold up the traffic.

    python -m inspector.proxy.process --upstream URL --listen HOST:PORT --feed SOCKET [--record FILE] [--fault SPEC]

It connects to the viewer's unix socket (see `viewer`). When the viewer goes away, so does the proxy.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from conformance.evidence.recording import About
from inspector.addon import Inspector
from inspector.proxy import mitm
from inspector.proxy.outbox import recording
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of
from inspector.proxy.tap import Sink, Tap
from inspector.proxy.viewer import connected

CANNOT = 2  # exit code


def main(arguments: list[str] | None = None) -> int:
    """Run until the viewer goes away or a signal comes."""
    parser = argparse.ArgumentParser(prog="python -m inspector.proxy.process", description=__doc__.partition("\n")[0])
    add_options(parser)
    parser.add_argument("--feed", metavar="SOCKET", required=True)
    parser.add_argument("--record", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    try:
        asyncio.run(_feed(setup_of(chosen), chosen.feed, chosen.record))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return CANNOT
    return 0


def about(setup: Setup) -> About:
    """What is true of all that this proxy will see."""
    by = f"mcp-http-conformance {version('mcp-http-conformance')}, mitmproxy {version('mitmproxy')}"
    return About(setup.upstream, datetime.now(UTC).isoformat(timespec="milliseconds"), by)


@asynccontextmanager
async def watching(setup: Setup, sinks: list[Sink]) -> AsyncIterator[tuple[str, Inspector]]:
    """Stand between clients and a server while the block runs; yields the URL for the clients. Raises CannotStart.

    Sinks may be added as long as it runs.
    """
    tap = Tap(sinks)
    inspector = Inspector(tap, setup.faults, only_mcp=not setup.upstream)
    async with mitm.serving(setup, inspector) as (host, port):
        if setup.upstream and not setup.keeps_host:
            tap.deed(f"Host is rewritten to that of {setup.origin}")
        try:
            yield setup.url_at(host, port), inspector
        finally:
            tap.close("the inspector was ended")


def on_signal(stop: Callable[[], object]) -> None:
    """SIGINT and SIGTERM are wishes to stop; that is not an error."""
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _feed(setup: Setup, socket: str, record: Path | None) -> None:
    """Tell the viewer all that passes, until it goes away or a signal comes. Raises CannotStart."""
    facts = about(setup)
    async with connected(socket) as viewer, AsyncExitStack() as files:
        sinks: list[Sink] = [viewer.outbox.put]
        async with watching(setup, sinks) as (url, inspector):
            if record:
                sinks.append(await files.enter_async_context(recording(record, facts)))
            viewer.greet(url, facts)
            staying = asyncio.create_task(viewer.stay(inspector.obey, inspector.meter))
            on_signal(staying.cancel)
            await asyncio.wait([staying])


if __name__ == "__main__":
    sys.exit(main())
