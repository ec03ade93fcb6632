"""The screen's commands: `python -m inspector --upstream URL` shows live traffic, `open FILE` a recording."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from conformance.evidence.lines import BadEvidence
from inspector.exports.saving import ENDINGS, NAMES, save
from inspector.keeping.keeper import keeping
from inspector.opening import opened
from inspector.proxy.link import INSTALL, Link
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of

Beside: TypeAlias = Callable[[str], AbstractAsyncContextManager[None]]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands and their options."""
    live = commands.add_parser("show", help="show live traffic; the same as options without a command")
    add_options(live)
    live.add_argument("--record", type=Path, metavar="FILE", help="write down all that passes, secrets masked")
    _add_signs(live)
    live.set_defaults(do=lambda chosen: asyncio.run(show(setup_of(chosen), chosen.record, chosen.ascii)))
    file = commands.add_parser("open", help="show a recording")
    file.add_argument("file", type=Path, metavar="FILE", help="a recording, or a trace of the suite")
    _add_signs(file)
    file.set_defaults(do=lambda chosen: open_file(chosen.file, chosen.ascii))


@asynccontextmanager
async def nobody(_url: str) -> AsyncIterator[None]:
    """Clients come by themselves."""
    yield


async def show(setup: Setup, record: Path | None, ascii_only: bool, client: Beside = nobody) -> None:
    """Start a proxy, and show what passes; beside it runs what `client` begins with the URL. Raises CannotStart."""
    _check()
    from inspector.app import InspectorApp
    from inspector.running import Running

    async with Link(setup, record) as link, keeping(link.about) as keeper, client(link.url):
        exports = {name: partial(keeper.export, form) for form, name in NAMES.items()}
        await InspectorApp(Running(link, keeper.put), ascii_only, keeper, exports).run_async()
        written = keeper.path
    if written:
        print(f"{written} is complete")


def open_file(path: Path, ascii_only: bool) -> None:
    """Show a recording. Raises CannotStart."""
    _check()
    from inspector.app import InspectorApp
    from inspector.replay import Replay

    try:
        recording = opened(path)
    except BadEvidence as error:
        raise CannotStart(str(error)) from None
    exports = {name: partial(save, path, form, Path(f"{path.stem}.{ENDINGS[form]}")) for form, name in NAMES.items()}
    InspectorApp(Replay(recording), ascii_only, exports=exports).run()


def _add_signs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII signs only")


def _check() -> None:
    """Raises CannotStart where there can be no screen."""
    try:
        import textual  # noqa: F401
    except ModuleNotFoundError as error:
        raise CannotStart(f"{error.name} is not installed: {INSTALL}") from None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotStart("a screen needs a terminal; `watch` does without")
