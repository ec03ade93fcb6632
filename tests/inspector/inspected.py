"""All of the inspector but its screen: a proxy in a process of its own, the live model, and the judge."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import anyio

from conformance.evidence.recording import Record
from inspector.judging.live import LiveJudge
from inspector.model.feed import Feed
from inspector.model.nouns import LiveStream
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from tests.inspector.behind import PATIENCE

Broken: TypeAlias = dict[tuple[str, str], str]  # party and rule, and what was seen


class Inspected:
    """What is seen of a server's clients."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.url = link.url
        self.feed = Feed(link.about)
        self.judge = LiveJudge(link.about)
        self.records: list[Record] = []
        self._more = asyncio.Event()

    async def listen(self) -> None:
        """Take what comes, until the proxy ends."""
        async for record in self.link:
            self.records.append(record)
            self.feed.take(record)
            self.judge.take(record)
            self._more.set()

    async def until(self, seen: Callable[[], object]) -> None:
        """Wait until something is seen."""
        with anyio.fail_after(PATIENCE):
            while not seen():
                self._more.clear()
                await self._more.wait()

    def broken(self) -> Broken:
        """The rules that are broken, as far as can be said at the end."""
        return {(found.party, found.key): found.seen for found in self.judge.look().found}

    @property
    def spoken(self) -> set[str]:
        """The revisions that were judged."""
        return {revision for revision, _, _ in self.judge.standings}

    def streams(self, method: str) -> list[LiveStream]:
        """The streams that answer a method of JSON-RPC."""
        found = (stream for session in self.feed.sessions for stream in session.streams)
        return [stream for stream in found if stream.call is not None and stream.call.method == method]


@asynccontextmanager
async def inspecting(setup: Setup) -> AsyncIterator[Inspected]:
    """Watch what goes through a proxy; when the block has ended, all that passed was seen."""
    async with Link(setup) as link:
        inspected = Inspected(link)
        listening = asyncio.create_task(inspected.listen())
        try:
            yield inspected
            link.stop()
            with anyio.fail_after(PATIENCE):
                await listening
        finally:
            listening.cancel()
