"""The proxy as a process of its own, so that nothing that is drawn can hold up the traffic.

    python -m inspector.proxy --upstream URL --listen HOST:PORT --feed SOCKET [--record FILE] [--fault SPEC ...]

It connects to the viewer's unix socket and says one line: where it listens, or in one sentence why it does not. Then
come the lines of a recording. The viewer's lines are commands. When the viewer goes away, so does the proxy.
"""

import argparse
import asyncio
import signal
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from conformance.lines import Wrong, line_of, object_of
from conformance.recording import About, Record, about_line
from inspector import mitm
from inspector.addon import Inspector
from inspector.commands import command_of
from inspector.outbox import Outbox, RecordingFile
from inspector.setup import CannotStart, Setup, add_options, setup_of
from inspector.tap import Sink, Tap

CANNOT = 2  # exit code


def main(arguments: list[str] | None = None) -> int:
    """Run until the viewer goes away or a signal comes."""
    parser = argparse.ArgumentParser(prog="python -m inspector.proxy", description=__doc__.partition("\n")[0])
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

    def tell(record: Record) -> None:
        for sink in sinks:
            sink(record)

    tap = Tap(tell)
    inspector = Inspector(tap, setup.faults, only_mcp=not setup.upstream)
    async with mitm.serving(setup, inspector) as (host, port):
        if setup.upstream and not setup.keeps_host:
            tap.deed(f"Host is rewritten to that of {setup.origin}")
        try:
            yield setup.url_at(host, port), inspector
        finally:
            tap.close("the inspector was ended")


@asynccontextmanager
async def recording(path: Path, about: About) -> AsyncIterator[Sink]:
    """A sink that writes a file, which is kept safe while the block runs. Raises CannotStart."""
    try:
        file = RecordingFile(path, about, lambda what: print(what, file=sys.stderr))
    except OSError as error:
        raise CannotStart(f"--record {path}: {error.strerror}") from None
    keeping = asyncio.create_task(file.keep())
    try:
        yield file.put
    finally:
        keeping.cancel()
        file.close()


def on_signal(stop: Callable[[], object]) -> None:
    """SIGINT and SIGTERM are wishes to stop; that is not an error."""
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _feed(setup: Setup, socket: str, record: Path | None) -> None:
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError as error:
        raise CannotStart(f"--feed {socket}: {error.strerror}") from None
    async with AsyncExitStack() as stack:
        stack.callback(writer.close)
        try:
            await _pass_on(setup, record, reader, writer, stack)
        except CannotStart as error:
            writer.write(line_of({"cannot": str(error)}))
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _pass_on(
    setup: Setup, record: Path | None, reader: StreamReader, writer: StreamWriter, stack: AsyncExitStack
) -> None:
    """Tell the viewer all that passes, until it goes away or a signal comes."""
    outbox, stop, facts = Outbox(), asyncio.Event(), about(setup)
    sinks: list[Sink] = [outbox.put]
    stack.push_async_callback(_send_rest, outbox, writer)  # the proxy's last words too
    files = AsyncExitStack()
    stack.push_async_exit(files)
    url, inspector = await stack.enter_async_context(watching(setup, sinks))
    if record:
        sinks.append(await files.enter_async_context(recording(record, facts)))
    writer.write(line_of({"ready": url}) + about_line(facts))
    on_signal(stop.set)
    tasks = [asyncio.create_task(work) for work in (outbox.send(writer), _obey(reader, inspector), stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])


async def _send_rest(outbox: Outbox, writer: StreamWriter) -> None:
    with suppress(ConnectionError):
        await outbox.flush(writer)


async def _obey(reader: StreamReader, inspector: Inspector) -> None:
    """Until the viewer has gone."""
    with suppress(ConnectionError):
        while line := await reader.readline():
            with suppress(Wrong):  # a viewer of ours never sends one
                inspector.obey(command_of(object_of(line)))


if __name__ == "__main__":
    sys.exit(main())
