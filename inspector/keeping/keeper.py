"""The viewer's end: hands the records on, and asks for what was kept."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.evidence.lines import object_of
from conformance.evidence.recording import About, Record
from inspector.child import child
from inspector.exports.saving import ENDINGS, save
from inspector.keeping.wishes import Save, Stop, Wish, Word, wish_line, word_of
from inspector.proxy.outbox import Outbox

_FINISH = 5.0  # seconds
_TOO_SLOW = "what keeps them could not keep up"
_GONE = "what was seen is not kept any more: the process that kept it has ended"


class Keeper:
    """Keeps what was seen since the start, in a process of its own. Files go where the inspector was started."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout
        self._outbox = Outbox(why=_TOO_SLOW)
        self._answers: asyncio.Queue[Word] = asyncio.Queue()
        self._one_by_one = asyncio.Lock()
        self.path = ""
        self.trouble = ""

    def put(self, record: Record) -> None:
        """One more record."""
        self._outbox.put(record)
        if self._outbox.left_out and not self.trouble:
            self.trouble = f"some exchanges were not kept: {_TOO_SLOW}"

    async def toggle(self) -> str:
        """Save all since the start and go on, or stop. Returns what to tell the user, in one sentence."""
        async with self._one_by_one:
            word = await self._ask(Stop() if self.path else Save(_name("jsonl"), go_on=True))
            return word.told

    async def export(self, form: str) -> str:
        """Save what was seen until now in another form. Returns what to tell the user, in one sentence."""
        try:
            with TemporaryDirectory(prefix="mcp-inspector-") as folder:
                kept = Path(folder, "kept.jsonl")
                async with self._one_by_one:
                    word = await self._ask(Save(str(kept), go_on=False))
                if word.failed:
                    return word.told
                return await save(kept, form, Path(_name(ENDINGS[form])), masked=True)
        except OSError as error:
            return f"nothing can be exported, as no temporary folder can be made: {error.strerror}"

    async def run(self) -> None:
        """Hand records on, until the process has ended."""
        sending = asyncio.create_task(self._send())
        try:
            while line := await self._from.readline():
                self._hear(word_of(object_of(line)))
            self._hear(Word(_GONE, trouble=True))
            self._answers.put_nowait(Word(_GONE, failed=True))
        finally:
            sending.cancel()

    def _hear(self, word: Word) -> None:
        self.path = word.growing
        if word.trouble:
            self.trouble = word.told
        else:
            self._answers.put_nowait(word)

    async def end(self) -> None:
        """Hand on what is left, and say that it was all."""
        with suppress(ConnectionError):
            await self._outbox.flush(self._to)
            self._to.close()

    async def _ask(self, wish: Wish) -> Word:
        """Ask for something, and wait for what comes of it."""
        if self.trouble == _GONE:
            return Word(_GONE, failed=True)
        with suppress(ConnectionError):
            await self._outbox.flush(self._to)
            self._to.write(wish_line(wish))
            await self._to.drain()
        return await self._answers.get()

    async def _send(self) -> None:
        with suppress(ConnectionError):
            await self._outbox.send(self._to)


@asynccontextmanager
async def keeping(about: About) -> AsyncIterator[Keeper]:
    """A keeper for as long as the block lasts. What is written down is complete when it ends."""
    async with child("inspector.keeping.process", about) as process:
        keeper = Keeper(process)
        running = asyncio.create_task(keeper.run())
        try:
            yield keeper
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_FINISH):
                    await keeper.end()
                    await process.wait()
            running.cancel()


def _name(ending: str) -> str:
    """A file of this moment."""
    return f"mcp-{datetime.now():%Y%m%d-%H%M%S}.{ending}"
