"""What happened, step by step, as a sequence diagram shows it: requests, answers, events, ends of streams."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import sessions
from conformance.report.labels import answered, asked, by_event, ended, happened
from conformance.report.text import short

Kind: TypeAlias = Literal["request", "answer", "event", "ended", "broken"]
_WIDTH = 14  # of the name of a stream


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow. What is said of its `places` is said of it: exchange, event (None for the whole), and party."""

    at: float
    exchange: Exchange
    kind: Kind
    words: str
    places: tuple[tuple[int, int | None, str], ...] = ()


def steps_of(trace: Trace) -> list[Step]:
    """All steps, in order of time."""
    names = _names(trace)
    return sorted((step for x in trace.exchanges for step in _steps(x, names)), key=lambda step: step.at)


def _names(trace: Trace) -> dict[int, str]:
    """What the streams are called, by their legs: as the screens call them, by the request that they answer."""
    names: dict[int, str] = {}
    for stream in (stream for session in sessions(trace) for stream in session.streams):
        ids = [m.id for m in stream.first.sent if isinstance(m, Message) and m.kind == "request"]
        name = f"#{ids[0]}" if ids else stream.first.method
        names |= {leg.number: short(name, _WIDTH) for leg in stream.legs}
    return names


def _steps(x: Exchange, names: dict[int, str]) -> Iterator[Step]:
    name = names.get(x.number)
    if name is None:
        yield from _plain(x)
    else:
        yield from _streamed(x, name)
    if x.ending not in ("open", "complete"):
        yield Step(x.ended or x.started, x, "broken", f"{name or ''} {ended(x)}")
    elif name is not None and x.ended is not None:
        yield Step(x.ended, x, "ended", f"{name} ended")


def _plain(x: Exchange) -> Iterator[Step]:
    mine, its = (x.number, None, "client"), (x.number, None, "server")
    if x.status is None:
        yield Step(x.started, x, "request", asked(x), (mine, its))
    else:
        yield Step(x.started, x, "request", asked(x), (mine,))
        at = x.ended if x.ending == "complete" and x.ended is not None else x.head_at
        yield Step(at or x.started, x, "answer", answered(x), (its,))


def _streamed(x: Exchange, name: str) -> Iterator[Step]:
    resumed = f" (stream {name})" if x.request_header("last-event-id") is not None else ""
    yield Step(x.started, x, "request", asked(x) + resumed, ((x.number, None, "client"), (x.number, None, "server")))
    messages = by_event(x)
    for position, event in enumerate(x.events):
        words = f"{name} {happened(event, messages.get(position, []))}"
        places = (x.number, position, "server"), (x.number, position, "client")
        yield Step(event.at, x, "event", words, places)
