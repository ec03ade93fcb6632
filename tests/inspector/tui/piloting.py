"""An app in front of a recording, with no terminal, and what is to be read on its screen."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import anyio
from textual.pilot import Pilot

from conformance.evidence.recording import Recording
from inspector.app import InspectorApp
from inspector.judging.process import RuleNews
from inspector.model.feed import Feed
from inspector.proxy.commands import Command
from inspector.proxy.delay import Delays
from inspector.replay import Replay

PATIENCE = 20.0  # seconds, also on a busy machine
_CELL = 12.2  # units of an SVG picture
_TEXT = re.compile(r'<text [^>]*?x="([\d.]+)"[^>]*?clip-path="url\(#[^"]*?line-(\d+)\)"[^>]*>([^<]*)</text>')

Driver: TypeAlias = Pilot[None]
Test: TypeAlias = Callable[[InspectorApp, Driver], Coroutine[Any, Any, None]]


class Live:
    """A source that is live and gets its records from the test."""

    live = True
    epoch = 0
    url = "http://127.0.0.1:7100/mcp"
    trouble = ""
    unjudged = 0
    delays: Delays | None = None

    def __init__(self, recording: Recording) -> None:
        self.feed = Feed(recording.about)
        self.rules: dict[tuple[str, str, str], RuleNews] = {}
        self.sent: list[Command] = []
        for record in recording.records:
            self.feed.take(record)

    def now(self) -> float:
        return self.feed.now

    async def run(self) -> None:
        """There is no more than what the test gives."""

    async def send(self, command: Command) -> None:
        self.sent.append(command)


class Notebook:
    """A recorder that writes nothing down."""

    path = ""
    trouble = ""

    async def toggle(self) -> str:
        self.path = "" if self.path else "notes"
        return "started" if self.path else "stopped"


@asynccontextmanager
async def piloted(app: InspectorApp, size: tuple[int, int] = (160, 48)) -> AsyncIterator[Driver]:
    """The app, when it has read and judged all."""
    with anyio.fail_after(PATIENCE):
        async with app.run_test(size=size) as pilot:
            while app.source.unjudged or not app.main.is_mounted:
                await asyncio.sleep(0.01)
            await settled(pilot, app)
            yield pilot


async def settled(pilot: Driver, app: InspectorApp) -> None:
    """Let the picture catch up with the model."""
    for _ in range(3):
        app.main.catch_up()
        app.main.frame()
        await pilot.pause()


def on(recording: Recording, test: Test, **options: Any) -> None:
    """Run a test on a recording that is opened."""
    size = options.pop("size", (160, 48))

    async def run() -> None:
        app = InspectorApp(Replay(recording), **options)
        async with piloted(app, size) as pilot:
            await test(app, pilot)

    asyncio.run(run())


async def press(app: InspectorApp, pilot: Driver, *keys: str) -> None:
    """Press keys, and wait until the picture shows what came of it."""
    await pilot.press(*keys)
    await app.workers.wait_for_complete([worker for worker in app.workers if worker.name != "run"])
    await settled(pilot, app)


def live(test: Test, recording: Recording, source: type[Live] = Live, **options: Any) -> Live:
    """Run a test on a source that is live. Returns the source."""
    given = source(recording)

    async def run() -> None:
        app = InspectorApp(given, **options)
        async with piloted(app) as pilot:
            await test(app, pilot)

    asyncio.run(run())
    return given


def screen_of(app: InspectorApp) -> list[str]:
    """What is to be read on the screen, line by line."""
    lines: dict[int, list[str]] = {}
    for x, line, text in _TEXT.findall(app.export_screenshot()):
        row = lines.setdefault(int(line), [])
        start, plain = round(float(x) / _CELL), html.unescape(text).replace("\xa0", " ")
        row += [" "] * (start + len(plain) - len(row))
        row[start : start + len(plain)] = plain
    return ["".join(lines.get(number, [])).rstrip() for number in range(max(lines) + 1)]
