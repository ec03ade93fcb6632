"""`python -m inspector watch`: no screen. What breaks a rule is printed when it happens, and at the end a summary.

Put it between any end-to-end test of a client and the server, and that test becomes a test of conformance: exit code
1 says that a MUST was broken, 3 that nothing was proved: no MCP traffic passed, or nothing by which one who is judged
could be judged, as where the server cannot be reached.
"""

import argparse
import asyncio
import math
import re
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from conformance.evidence.recording import Asked, Chunk, Deed, Record
from conformance.evidence.trace import Party, Trace
from conformance.judging.check import Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.report.junit import fails, junit
from inspector.judging.live import LiveJudge, Standing
from inspector.judging.pace import AGAIN, AT_ONCE, Clock, Pace, portion
from inspector.judging.process import Report, Reporter
from inspector.printing import Printer
from inspector.proxy.link import Link
from inspector.proxy.outbox import recording
from inspector.proxy.setup import CannotStart, Setup, add_options, setup_of
from inspector.proxy.tap import NO_EXCHANGE, Sink

KEPT, BROKEN, CANNOT, NOTHING = 0, 1, 2, 3  # exit codes
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?", re.ASCII)
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOWN = (Verdict.PASS, Verdict.WARN)  # the verdicts for which something was seen, and nothing that fails
_SHORT = 0.05  # seconds
_REMARKS = 20  # different ones about exchanges
_MOST = 100_000  # records that wait for the judge
_UNITS = {"ms": 0.001, None: 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What shall be watched for, for how long (in seconds), and where it is to be told."""

    parties: tuple[Party, ...] = get_args(Party)
    longest: float = math.inf
    idle: float = math.inf
    as_json: bool = False
    strict: bool = False
    junit: Path | None = None
    record: Path | None = None
    raw: bool = False


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its options."""
    parser = commands.add_parser("watch", help="print what breaks a rule; exit code 1 if a MUST was broken")
    add_options(parser)
    parser.add_argument(
        "--for", dest="longest", type=seconds, default=math.inf, metavar="TIME", help="such as 60s, 2m"
    )
    parser.add_argument("--until-idle", type=seconds, default=math.inf, metavar="TIME", help="once there was traffic")
    parser.add_argument("--party", choices=(*get_args(Party), "both"), default="both", help="who is judged")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--strict", action="store_true", help="a SHOULD that was broken counts as well")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the verdicts as JUnit XML")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write down all that passes, secrets masked")
    parser.add_argument("--record-raw", action="store_true", help="do not mask them")
    parser.set_defaults(do=lambda chosen: asyncio.run(watch(setup_of(chosen), wishes_of(chosen))))


def wishes_of(chosen: argparse.Namespace) -> Wishes:
    """The wishes in a command line."""
    parties = tuple(party for party in get_args(Party) if chosen.party in (party, "both"))
    times = chosen.longest, chosen.until_idle
    return Wishes(parties, *times, chosen.json, chosen.strict, chosen.junit, chosen.record, chosen.record_raw)


def seconds(text: str) -> float:
    """A time such as 500ms, 60s, 2m, 1h; without a unit it is in seconds. Raises ArgumentTypeError."""
    found = _DURATION.fullmatch(text)
    if found is None or not float(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no time such as 60s or 2m")
    return float(found[1]) * _UNITS[found[2]]


async def watch(setup: Setup, wishes: Wishes) -> int:
    """Watch until the time is over, nothing comes any more, or a signal comes. Returns the exit code."""
    async with AsyncExitStack() as files, Link(setup) as link:
        sinks: list[Sink] = []
        if wishes.record is not None:
            sinks.append(await files.enter_async_context(recording(wishes.record, link.about, raw=wishes.raw)))
        printer = Printer(link.url, wishes.parties, as_json=wishes.as_json)
        judge = LiveJudge(link.about, parties=wishes.parties)
        watching = _Watching(link, judge, sinks, printer)
        await watching.until(wishes.longest, wishes.idle)
    printer.sum_up(watching.asked)
    judgements = [judgement_of(standing, strict=wishes.strict) for standing in judge.standings.values()]
    if wishes.junit is not None:
        wishes.junit.write_text(junit(judgements, Trace()), encoding="utf-8")
    if any(fails(judgement, strict=False) for judgement in judgements):
        return BROKEN
    judged = {judgement.requirement.party for judgement in judgements}
    shown = {judgement.requirement.party for judgement in judgements if judgement.verdict in _SHOWN}
    return KEPT if judged and shown == judged else NOTHING


def judgement_of(standing: Standing, *, strict: bool) -> Judgement:
    """How a rule stands, as a verdict on a run would say it; what is `strict` calls every breach one of a MUST."""
    verdict = Verdict.FAIL if strict and standing.verdict is Verdict.WARN else standing.verdict
    findings = tuple(Finding("bad", seen) for seen in standing.seen)
    return Judgement(standing.requirement, verdict, findings, standing.crash or standing.why)


@dataclass(eq=False)
class _Watching:
    """One proxy that is watched, and its judge, who judges in a thread so that reading never waits for him."""

    link: Link
    judge: LiveJudge
    sinks: list[Sink]
    printer: Printer
    asked: int = 0
    _waiting: list[Record] = field(default_factory=list)
    _clock: Clock = field(default_factory=Clock)
    _last: float = math.inf  # when something came
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _remarked: set[str] = field(default_factory=set)

    async def until(self, longest: float, idle: float) -> None:
        """Watch until the time is over. Raises CannotStart if the proxy does not last so long."""
        reading = asyncio.create_task(self._read())
        reading.add_done_callback(lambda _: self._stop.set())
        judging = asyncio.create_task(self._judge(reading))
        with _signals(self._stop):
            await self._time_is_over(time.monotonic() + longest, idle)
        broke_off = reading.done()
        self.link.stop()
        await reading
        await judging
        if broke_off:
            raise CannotStart("the proxy has ended of its own accord; what came before was judged")

    async def _time_is_over(self, ends: float, idle: float) -> None:
        while not self._stop.is_set() and (left := min(ends, self._last + idle) - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), min(left, AGAIN))

    async def _read(self) -> None:
        while batch := await self.link.batch():
            self._last = time.monotonic()
            self._clock.heard(batch[-1].at, self._last)
            self._waiting += batch
            self.asked += sum(isinstance(record, Asked) for record in batch)
            for record in batch:
                if isinstance(record, Deed):
                    self._remark(record)
            for sink in self.sinks:
                for record in batch:
                    sink(record)
            while len(self._waiting) > _MOST:  # the proxy waits too, and leaves out whole exchanges in the end
                await asyncio.sleep(_SHORT)

    def _remark(self, deed: Deed) -> None:
        """Tell what we did ourselves; what was done to many exchanges alike, as where nobody answers, once."""
        is_new = deed.what not in self._remarked and len(self._remarked) < _REMARKS
        if deed.number == NO_EXCHANGE or is_new:
            self.printer.remark(deed.what)
            self._remarked.add(deed.what)

    async def _judge(self, reading: "asyncio.Task[None]") -> None:
        """Look again and again, and once more when all has been read."""
        reporter, pace, over = Reporter(self.judge), Pace(), False
        while not over:
            much = len(self._waiting) >= AT_ONCE
            rest = pace.hurried(time.monotonic()) if much or reading.done() else pace.wait(time.monotonic())
            await asyncio.wait([reading], timeout=max(_SHORT, rest))
            some = portion(len(each.data) if isinstance(each, Chunk) else 0 for each in self._waiting)
            batch, self._waiting = self._waiting[:some], self._waiting[some:]
            over = reading.done() and not self._waiting
            if batch or over or self.judge.is_waiting:
                began = time.monotonic()
                now = None if over else self._clock.now(began)
                self.printer.tell(await asyncio.to_thread(_look, self.judge, reporter, batch, now))
                pace.looked(began, time.monotonic())


def _look(judge: LiveJudge, reporter: Reporter, batch: list[Record], now: float | None) -> Report:
    for record in batch:
        judge.take(record)
    return reporter.look(now)


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM are wishes to come to the end."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
