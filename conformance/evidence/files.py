"""Evidence from a file, whichever kind it is: the trace of a run, or a recording of live traffic."""

from pathlib import Path

from conformance.evidence import archive, recording
from conformance.evidence.lines import format_of
from conformance.evidence.recorder import Limits
from conformance.evidence.trace import Trace

_WHOLE = Limits(exchange=2**30, events=10**7, trace=2**30, trace_events=10**7)  # the file itself is bounded


def read(path: Path) -> Trace:
    """Read a trace. Raises BadEvidence."""
    if format_of(path) == recording.FORMAT:
        return recording.read(path).trace(_WHOLE)
    return archive.read(path)
