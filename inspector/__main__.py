"""`python -m inspector`: watch what MCP clients and servers say to each other, as it happens."""

import argparse
import asyncio
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from conformance.console import finish
from conformance.evidence.recording import Asked, Record
from inspector import exports, show, watch
from inspector.proxy.outbox import recording
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of
from inspector.proxy.tap import Sink

CANNOT = 2  # exit code


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m inspector", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    writing = commands.add_parser("record", help="write all that passes into a file, until Ctrl-C")
    add_options(writing)
    writing.add_argument("--record", type=Path, metavar="FILE", required=True, help="where to, secrets masked")
    writing.add_argument("--record-raw", action="store_true", help="do not mask secrets in it")
    writing.set_defaults(do=lambda a: asyncio.run(record(setup_of(a), a.record, raw=a.record_raw)))
    watch.add_command(commands)
    exports.add_command(commands)
    show.add_commands(commands)
    words = sys.argv[1:] if arguments is None else arguments
    bare = words[:1] and words[0].startswith("-") and words[0] not in ("-h", "--help")
    chosen = parser.parse_args(["show", *words] if bare else words)
    try:
        code: int | None = chosen.do(chosen)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return CANNOT
    return code or 0


async def record(setup: Setup, path: Path, *, raw: bool = False) -> None:
    """Write all that passes into a file, until a signal comes. Raises CannotStart."""
    from inspector.proxy.link import INSTALL

    try:
        from inspector.proxy.process import about, on_signal, watching
    except ModuleNotFoundError as error:
        raise CannotStart(f"{error.name} is not installed: {INSTALL}") from None
    seen: Counter[type[Record]] = Counter()
    sinks: list[Sink] = [lambda record: seen.update((type(record),))]
    stop, facts = asyncio.Event(), about(setup)
    async with AsyncExitStack() as files, watching(setup, sinks) as (url, _):
        sinks.append(await files.enter_async_context(recording(path, facts, raw=raw)))
        on_signal(stop.set)
        print(f"point your client at {url} (Ctrl-C ends the recording)", flush=True)
        await stop.wait()
    print(f"{path}: {seen[Asked]} exchanges, {seen.total()} records")


if __name__ == "__main__":
    sys.exit(finish(main))
