"""What live traffic is like: a recording begins and ends anywhere, and several clients talk at once."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import anyio
import httpx
import pytest

from conformance.evidence.era import BOTH_ERAS, is_modern
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Verdict
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.clients.living import life_of, verdicts
from tests.clients.modern import RightModernClient
from tests.clients.recording import RecordingTransport
from tests.clients.sessions import RightClient
from tests.thorough import some

BAD = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)
MODES = {"sessions": Options(), "stateless": Options(stateless=True)}
SHOWN = ("2025-06-18", "2025-11-25", "2026-07-28")
SEVERAL = (*SHOWN, "2025-03-26", "2025-11-25", "2026-07-28")


@cache
def recorded(revision: str, mode: str) -> Trace:
    """The life of a right client."""
    return life_of(RightModernClient if is_modern(revision) else RightClient, revision, MODES[mode])


def complaints(trace: Trace) -> dict[tuple[str, str], dict[str, str]]:
    """All that is said against either party, in whatever revision."""
    spoken = sorted({session.revision for session in sessions(trace)})
    told = {(revision, "client"): verdicts(trace, revision, "client", *BAD) for revision in spoken}
    told |= {(revision, "server"): verdicts(trace, revision, "server", *BAD) for revision in spoken}
    return {who: found for who, found in told.items() if found}


def parts(trace: Trace) -> Iterator[Trace]:
    """The trace without its beginning, and without its end, wherever the cut is."""
    for cut in some(range(1, len(trace.exchanges)), every=4):
        yield replace(trace, exchanges=trace.exchanges[cut:])
        yield replace(trace, exchanges=trace.exchanges[:cut])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("revision", SHOWN)
def test_a_recording_may_begin_and_end_anywhere(revision: str, mode: str) -> None:
    for part in parts(recorded(revision, mode)):
        assert complaints(part) == {}, [exchange.number for exchange in part.exchanges]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("revision", BOTH_ERAS)
def test_every_request_may_come_on_a_connection_of_its_own(revision: str, mode: str) -> None:
    trace = recorded(revision, mode)
    apart = tuple(replace(exchange, client=str(exchange.number)) for exchange in trace.exchanges)
    assert complaints(replace(trace, exchanges=apart)) == {}


@pytest.mark.parametrize("mode", MODES)
def test_clients_of_both_eras_may_talk_at_once(mode: str) -> None:
    assert complaints(_together(MODES[mode], one_label=False)) == {}


def test_session_ids_tell_clients_apart_that_share_a_label() -> None:
    trace = _together(Options(), one_label=True)
    assert [who for who in complaints(trace) if not is_modern(who[0])] == []


def _together(options: Options, *, one_label: bool) -> Trace:
    """Several clients at one server, at the same time."""
    with serve(ReferenceServer(options)) as url:
        recorder = Recorder(target=url)

        async def live(revision: str, label: str) -> None:
            kind = RightModernClient if is_modern(revision) else RightClient
            async with httpx.AsyncClient(transport=RecordingTransport(recorder, label)) as http:
                await kind(http, url, revision).live()

        async def all_of_them() -> None:
            async with anyio.create_task_group() as tasks:
                for number, revision in enumerate(SEVERAL):
                    tasks.start_soon(live, revision, "one" if one_label else f"client {number}")

        anyio.run(all_of_them)
        return recorder.trace()
