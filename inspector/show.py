"""The screen's commands: `python -m inspector --upstream URL` shows live traffic, `open FILE` a recording."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

from conformance.evidence.lines import BadEvidence
from conformance.evidence.recording import About, Record, Recording
from inspector.exports import FORMS, exported
from inspector.opening import opened
from inspector.proxy.link import INSTALL, Link
from inspector.proxy.outbox import RecordingFile
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of

Beside: TypeAlias = Callable[[str], AbstractAsyncContextManager[None]]

_ENDINGS = {"mermaid": "mmd", "curl": "sh"}  # of files; other forms are called like theirs


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands and their options."""
    live = commands.add_parser("show", help="show live traffic; the same as options without a command")
    add_options(live)
    live.add_argument("--record", type=Path, metavar="FILE", help="write down all that passes, secrets masked")
    _add_signs(live)
    live.set_defaults(do=lambda chosen: asyncio.run(show(setup_of(chosen), chosen.record, chosen.ascii)))
    file = commands.add_parser("open", help="show a recording")
    file.add_argument("file", type=Path, metavar="FILE")
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

    async with Link(setup, record) as link, client(link.url):
        recorder = NewFiles()
        try:
            await InspectorApp(Running(link, recorder), ascii_only, recorder).run_async()
        finally:
            recorder.close()


def open_file(path: Path, ascii_only: bool) -> None:
    """Show a recording. Raises CannotStart."""
    _check()
    from inspector.app import InspectorApp
    from inspector.replay import Replay

    try:
        recording = opened(path)
    except BadEvidence as error:
        raise CannotStart(str(error)) from None
    exports = {form: partial(_export, recording, form, path) for form in FORMS}
    InspectorApp(Replay(recording), ascii_only, exports=exports).run()


def _export(recording: Recording, form: str, path: Path) -> str:
    """Save a recording in another form in the working folder. Returns what to tell the user."""
    saved = Path(f"{path.stem}.{_ENDINGS.get(form, form)}")
    try:
        saved.write_text(exported(recording, form), encoding="utf-8")
    except OSError as error:
        return f"{saved} cannot be written: {error.strerror}"
    return f"saved as {saved}, secrets masked"


class NewFiles:
    """Recordings in the working folder, each named by the moment in which it began. Secrets are masked."""

    def __init__(self) -> None:
        self.path = ""
        self._file: RecordingFile | None = None
        self._trouble = ""

    def put(self, record: Record) -> None:
        """One more record."""
        if self._file is not None:
            self._file.put(record)
            if self._trouble:
                self.close()

    def toggle(self, about: About) -> str:
        """Start, or stop. Returns what to tell the user, in one sentence."""
        if self._file is not None:
            told = self._trouble or f"{self.path} is complete"
            self.close()
            return told
        path = Path(f"mcp-{datetime.now():%Y%m%d-%H%M%S}.jsonl")
        try:
            self._file = RecordingFile(path, about, self._complain)
        except OSError as error:
            return f"{path} cannot be written: {error.strerror}"
        self.path = str(path)
        return f"what begins from now on is written to {path}"

    def close(self) -> None:
        """No more."""
        if self._file is not None:
            self._file.close()
        self._file, self.path = None, ""

    def _complain(self, what: str) -> None:
        self._trouble = what


def _add_signs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII signs only")


def _check() -> None:
    """Raises CannotStart where there can be no screen."""
    try:
        import textual  # noqa: F401
    except ModuleNotFoundError as error:
        raise CannotStart(f"{error.name} is not installed: {INSTALL}") from None
    if not sys.stdout.isatty():
        raise CannotStart("a screen needs a terminal; `watch` does without")
