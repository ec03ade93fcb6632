"""Watching live: records from the proxy go into the live model and to the judge, whose news come back into it.

Everything here runs in the screen's loop and takes little of its time: the proxy, the judge, and who keeps what was
seen are processes of their own.
"""

import asyncio
from asyncio import StreamWriter
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from conformance.evidence.recording import Record
from inspector.child import child
from inspector.judging.process import Report, RuleNews, report_of
from inspector.model.feed import Feed
from inspector.proxy.commands import Command
from inspector.proxy.delay import Delays
from inspector.proxy.link import Link
from inspector.proxy.outbox import Outbox

_TOO_SLOW = "the judge could not keep up"


class Running:
    """What is seen of one running proxy, for as long as it runs. `keep` gets each record too."""

    live = True
    epoch = 0

    def __init__(self, link: Link, keep: Callable[[Record], None] = lambda _: None) -> None:
        self._link = link
        self._keep = keep
        self._began = asyncio.get_running_loop().time()
        self.url = link.url
        self.delays: Delays | None = link.delays
        self.feed = Feed(link.about)
        self.rules: dict[tuple[str, str, str], RuleNews] = {}
        self.unjudged = 0
        self.trouble = ""

    def now(self) -> float:
        """This moment, by the proxy's clock as far as it is known here."""
        return max(self.feed.now, asyncio.get_running_loop().time() - self._began)

    async def run(self) -> None:
        """Follow the proxy until it ends."""
        async with child("inspector.judging.process", self.feed.about) as judge:
            outbox = Outbox(why=_TOO_SLOW)
            listening = asyncio.create_task(self._listen(judge))
            telling = asyncio.create_task(_tell(judge, outbox.send))
            while batch := await self._link.batch():
                for record in batch:
                    self.feed.take(record)
                    self._keep(record)
                    outbox.put(record)
                if outbox.left_out and judge.returncode is None:
                    self.trouble = f"{outbox.left_out} records were not judged: {_TOO_SLOW}"
            telling.cancel()
            await _tell(judge, outbox.flush)
            if judge.stdin is not None:
                judge.stdin.close()
            await listening
        self.trouble = self.trouble or "the proxy has ended"

    async def send(self, command: Command) -> None:
        """Ask the proxy to do something to a stream."""
        await self._link.send(command)

    async def _listen(self, judge: Process) -> None:
        assert judge.stdout is not None
        while line := await judge.stdout.readline():
            self.learn(report_of(line))
        if await judge.wait() != 0:
            self.trouble = "the judge has stopped: what comes from now on is shown, and not judged"

    def learn(self, report: Report) -> None:
        """Take the judge's news into the model."""
        for violation in report.withdrawn:
            self.feed.withdrawn(violation)
        for violation in report.found:
            self.feed.found(violation)
        self.rules |= {(rule.revision, rule.party, rule.key): rule for rule in report.rules}
        self.unjudged = report.unjudged
        if report.overlooked:
            self.trouble = f"{report.overlooked:,} messages were not judged: {_TOO_SLOW}"


async def _tell(judge: Process, send: Callable[[StreamWriter], Awaitable[None]]) -> None:
    """Let something be sent to the judge; nothing happens if it has gone."""
    assert judge.stdin is not None
    with suppress(ConnectionError):
        await send(judge.stdin)
