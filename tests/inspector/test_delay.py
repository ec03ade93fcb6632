"""How late the proxy is, as a viewer hears of it."""

import asyncio
from asyncio import StreamWriter
from typing import cast

import httpx
import pytest

from conformance.evidence.lines import Wrong, object_of
from conformance.evidence.recording import Chunk
from inspector.model.feed import Feed
from inspector.proxy.delay import Delay, Delays, Meter, delay_line, delay_of, is_delay
from inspector.proxy.link import Link
from inspector.proxy.outbox import Outbox
from inspector.proxy.setup import Setup
from tests.inspector.behind import run
from tests.inspector.test_link import endless, some
from tests.little_servers import serving


class Written:
    """What a viewer would read."""

    data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        """Nothing has to be waited for."""


class Clock:
    """A clock that is a second further whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_a_second_is_told_by_its_latest_timer_and_by_what_we_did() -> None:
    async def measured() -> Delay:
        meter, told = Meter(Clock()), asyncio.Queue[Delay]()
        meter.worked(0.25)
        meter.worked(0.5)
        running = asyncio.create_task(meter.run(told.put_nowait))
        delay = await told.get()
        running.cancel()
        return delay

    delay = asyncio.run(measured())
    assert delay.late == pytest.approx(0.9)
    assert (delay.own, delay.pieces) == (0.75, 2)


def test_a_delay_is_a_line_and_no_record() -> None:
    delay = Delay(1.5, 0.01, 0.002, 3)
    line = object_of(delay_line(delay))
    assert (is_delay(line), delay_of(line)) == (True, delay)
    assert not is_delay(object_of(b'{"n": 1, "at": 0.0, "deed": "late"}'))
    with pytest.raises(Wrong):
        delay_of({"late": "x"})


def test_the_worst_of_a_minute_is_remembered_and_then_forgotten() -> None:
    delays = Delays()
    assert (delays.late, delays.latest, delays.own) == (None, 0.0, None)
    for second, late in enumerate([0.5, *[0.001] * 59]):
        delays.heard(Delay(second, late, 0.002, 2), second)
    assert (delays.late, delays.latest) == (0.001, 0.5)
    assert delays.own == pytest.approx(0.001)
    delays.heard(Delay(60.0, 0.002, 0.0, 0), 60.0)
    assert (delays.late, delays.latest) == (0.002, 0.002)


def test_a_viewer_is_behind_by_what_a_line_takes_longer_than_the_fastest_one() -> None:
    delays = Delays()
    behind = []
    for at, heard in ((0.0, 1000.5), (1.0, 1001.0), (2.0, 1005.0), (3.0, 1003.0)):  # the clocks do not agree
        delays.heard(Delay(at, 0.0, 0.0, 0), heard)
        behind.append(delays.behind)
    assert behind == [0.0, 0.0, 3.0, 0.0]


def test_where_too_much_waits_a_delay_is_not_told() -> None:
    outbox, writer = Outbox(most=10), Written()
    outbox.add(b"long enough to be too long\n")
    outbox.add(b"short\n")
    asyncio.run(outbox.flush(cast(StreamWriter, writer)))
    assert writer.data == b"short\n"


def test_a_viewer_hears_of_it_and_no_record_is_made_of_it() -> None:
    async def test() -> None:
        async with serving(endless) as upstream, Link(Setup(upstream)) as link:
            feed = Feed(link.about)
            async with httpx.AsyncClient() as client, client.stream("GET", link.url) as answer:
                arriving = answer.aiter_raw()
                await anext(arriving)
                feed.take(await some(link, Chunk))
                reading = asyncio.create_task(link.batch())
                while link.delays.own is None:
                    await asyncio.sleep(0.01)
                assert not reading.done()
            assert {record.number for record in await reading} == {0}
        assert link.delays.late is not None

    run(test)
