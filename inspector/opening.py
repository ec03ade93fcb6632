"""A file with evidence, opened as a recording: one of the inspector's, or the trace of a run of the suite."""

from collections.abc import Iterator
from pathlib import Path

from conformance.evidence import archive, recording
from conformance.evidence.lines import format_of
from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Lost, Record, Recording
from conformance.evidence.trace import Exchange, Trace


def opened(path: Path) -> Recording:
    """Read a file, whichever kind it is. Raises BadEvidence, with a sentence that names file and line."""
    if format_of(path) == recording.FORMAT:
        return recording.read(path)
    trace = archive.read(path)
    by = f"the conformance suite {trace.suite}".strip()
    return Recording(About(trace.target, by=by), records_of(trace), trace.notes)


def records_of(trace: Trace) -> tuple[Record, ...]:
    """The records that make this trace, in order of time."""
    found = (record for exchange in trace.exchanges for record in _records(exchange))
    return tuple(sorted(found, key=lambda record: record.at))


def _records(x: Exchange) -> Iterator[Record]:
    yield Asked(x.number, x.started, x.client, x.method, x.url, x.request_headers, x.request_body)
    if x.intent is not None:
        yield Deed(x.number, x.started, f"the suite did this on purpose: {x.intent}")
    if x.head_at is not None and x.status is not None:
        yield Head(x.number, x.head_at, x.status, x.response_headers)
        for event in x.events:
            yield Chunk(x.number, event.at, event.raw)
        last = x.events[-1].at if x.events else x.head_at
        if rest := x.tail or x.body:
            yield Chunk(x.number, last if x.ended is None else x.ended, rest)
    if x.ended is not None:
        done = x.ending == "complete"
        yield End(x.number, x.ended) if done else Lost(x.number, x.ended, x.ending, x.trouble)
