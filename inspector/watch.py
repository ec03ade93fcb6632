"""`python -m inspector watch`: no screen. What breaks a rule is printed when it happens, and at the end a summary.

Put it between any end-to-end test of a client and the server, and that test becomes a test of conformance: exit code
1 says that a MUST was broken, 3 that no MCP traffic passed at all, which proves nothing.
"""

import argparse
import asyncio
import math
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from conformance.recording import Asked, Record
from conformance.report.junit import junit
from conformance.trace import Party, Trace
from inspector.judging import Report, Reporter, RuleNews
from inspector.link import Link
from inspector.live import LiveJudge
from inspector.outbox import recording
from inspector.pace import AGAIN, Clock, Pace
from inspector.setup import CannotStart, Setup, add_options, setup_of
from inspector.tap import Sink
from inspector.telling import Teller

KEPT, BROKEN, CANNOT, NOTHING = 0, 1, 2, 3  # exit codes
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?", re.ASCII)
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
    parser.add_argument("--for", dest="longest", type=seconds, default=math.inf, metavar="TIME", help="such as 60s, 2m")
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
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no time such as 60s or 2m")
    return float(found[1]) * _UNITS[found[2]]


async def watch(setup: Setup, wishes: Wishes) -> int:
    """Watch until the time is over, nothing comes any more, or a signal comes. Returns the exit code."""
    async with AsyncExitStack() as open_things:
        link = await open_things.enter_async_context(Link(setup))
        sinks: list[Sink] = []
        if wishes.record is not None:
            sinks.append(await open_things.enter_async_context(recording(wishes.record, link.about, raw=wishes.raw)))
        teller = Teller(link.url, wishes.as_json, wishes.strict)
        watching = _Watching(link, LiveJudge(link.about, parties=wishes.parties), sinks, teller)
        code = await watching.until(wishes.longest, wishes.idle)
    if wishes.junit is not None:
        _write(wishes.junit, junit(teller.judgements(), Trace()))
    return code


@dataclass
class _Watching:
    """One proxy that is watched, and its judge, who judges in a thread so that reading never waits for him."""

    link: Link
    judge: LiveJudge
    sinks: list[Sink]
    teller: Teller
    rules: dict[tuple[str, str, str], RuleNews] = field(default_factory=dict)
    _waiting: list[Record] = field(default_factory=list)
    _asked: int = 0
    _last: float = math.inf  # when something came
    _over: bool = False

    async def until(self, longest: float, idle: float) -> int:
        """Watch until the end. Returns the exit code."""
        now = asyncio.get_running_loop().time
        ends, stop = now() + longest, asyncio.Event()
        reading = asyncio.create_task(self._read())
        with _signals(stop):
            judging = asyncio.create_task(self._judge())
            while not (reading.done() or stop.is_set() or now() >= min(ends, self._last + idle)):
                until = min(ends, self._last + idle, now() + 0.2)
                await asyncio.wait([asyncio.create_task(stop.wait()), reading], timeout=max(0.0, until - now()))
        broke_off = reading.done()
        self.link.stop()
        await reading
        self._over = True
        await judging
        self.teller.sum_up(self.rules, self._asked)
        if broke_off:
            raise CannotStart("the proxy has ended of its own accord; what came before was judged")
        return NOTHING if not self.rules else BROKEN if self.teller.is_broken(self.rules) else KEPT
