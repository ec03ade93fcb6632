"""What was kept, read again: for the tests of who keeps."""

from pathlib import Path

import pytest

from conformance.evidence.recorder import Limits
from conformance.evidence.recording import read
from conformance.evidence.trace import Exchange
from inspector.opening import opened
from inspector.proxy.outbox import RecordingFile
from tests.inspector.traffic import ABOUT, client_life

WHOLE = Limits(2**30, 10**7, 2**30, 10**7)
LIFE = client_life("2025-11-25")


def content(file: Path) -> list[tuple[object, ...]]:
    """What is in a recording, however its chunks are cut."""
    exchanges = read(file).trace(WHOLE).exchanges
    return [(x.url, x.request_body, x.status, x.body, [e.raw for e in x.events], x.ending) for x in exchanges]


def expected(folder: Path) -> list[tuple[object, ...]]:
    """What is in the recording that `--record` would have made."""
    recording = RecordingFile(folder / "expected", ABOUT, pytest.fail)
    for record in LIFE.records:
        recording.put(record)
    recording.close()
    return content(folder / "expected")


def exchanges_in(file: Path) -> tuple[Exchange, ...]:
    return opened(file).trace().exchanges
