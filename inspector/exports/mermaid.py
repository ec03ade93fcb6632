"""A Mermaid sequence diagram: clients left, then a lifeline for each event stream, the server right.

What a message says comes from strangers, and Mermaid has no quotes: whatever it might read as its own syntax is
written as an entity code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.evidence.recording import About
from conformance.evidence.trace import Exchange, Trace
from conformance.evidence.views import sessions
from conformance.report.labels import answered, asked, by_event, ended, happened
from conformance.report.text import count, short

_MOST = 400  # arrows; what is longer nobody reads, and Mermaid refuses above 50,000 characters
_WIDTH = 72
_SAFE = re.compile(r"[^A-Za-z0-9 _./,()'=*!?@|$~^\u00a1-\uffff-]")


@dataclass(frozen=True, slots=True)
class _Line:
    at: float
    exchange: int
    text: str


def diagram(_about: About, trace: Trace) -> str:
    """A trace as the text of a diagram."""
    clients = {name: f"c{n}" for n, name in enumerate(dict.fromkeys(x.client for x in trace.exchanges))}
    streams = _streams(trace)
    lines = sorted((line for x in trace.exchanges for line in _lines(x, clients, streams)), key=lambda line: line.at)
    opened = {x.number: x for x in trace.exchanges}
    head = [f"    participant {alias} as {_escaped(name) or 'client'}" for name, alias in clients.items()]
    for alias, first in dict.fromkeys((alias, int(alias[1:])) for alias in streams.values()):
        head.append(f"    participant {alias} as stream {first}, {_escaped(asked(opened[first]))}")
    last = [f"    Note over s: {count(len(lines) - _MOST, 'more line')} left out"] if len(lines) > _MOST else []
    shown = [f"    {line.text}" for line in lines[:_MOST]]
    return "\n".join(["sequenceDiagram", *head, "    participant s as server", *shown, *last]) + "\n"


def _streams(trace: Trace) -> dict[int, str]:
    """The lifeline of each exchange that is a leg of a stream."""
    found = (stream for session in sessions(trace) for stream in session.streams)
    return {leg.number: f"e{stream.first.number}" for stream in found for leg in stream.legs}


def _lines(x: Exchange, clients: dict[str, str], streams: dict[int, str]) -> Iterator[_Line]:
    client, stream = clients[x.client], streams.get(x.number)
    yield _Line(x.started, x.number, f"{client}->>{stream or 's'}: {_escaped(asked(x))}")
    if stream is None:
        if x.status is not None:
            at = x.ended if x.ending == "complete" and x.ended is not None else x.head_at
            yield _Line(at or x.started, x.number, f"s-->>{client}: {_escaped(answered(x))}")
    else:
        messages = by_event(x)
        for position, event in enumerate(x.events):
            words = _escaped(happened(event, messages.get(position, [])))
            yield _Line(event.at, x.number, f"{stream}-->>{client}: {words}")
    if x.ending not in ("open", "complete"):
        yield _Line(x.ended or x.started, x.number, f"{stream or 's'}--x{client}: {_escaped(ended(x))}")
    elif stream is not None and x.ended is not None:
        yield _Line(x.ended, x.number, f"Note over {stream}: ended")


def _escaped(text: str) -> str:
    return _SAFE.sub(lambda found: f"#{ord(found[0])};", short(text, _WIDTH))
