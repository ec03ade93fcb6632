"""Likely causes: what commonly lies behind a finding, and what its owner can do about it.

A cause is a pure function from evidence to one sentence, or to nothing. It is said only where the trace supports it:
by a header that names a program, by the server's own name and version, by a behaviour that has one usual reason. It
never changes a verdict. What is known of real servers stands in docs/field-notes.md.

To add one: write a function under `@cause(...)`, in the module of its kind, with the keys of the requirements that it
may explain ("*" at the end stands for whatever follows). The first one that has something to say is heard: modules in
the order of their names, and in each the order of its lines.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Session, sessions
from conformance.judging.check import Finding


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a cause may look at. `findings` are those that decided, at least one; `exchanges` those they are about."""

    key: str
    findings: Sequence[Finding]
    exchanges: Sequence[Exchange]
    trace: Trace

    @property
    def session(self) -> Session | None:
        """The session of the first exchange that a finding is about."""
        numbers = {exchange.number for exchange in self.exchanges[:1]}
        return next((s for s in sessions(self.trace) if any(x.number in numbers for x in s.exchanges)), None)

    @property
    def text(self) -> str:
        """The body of the first answer that a finding is about, or its events."""
        first = self.exchanges[0]
        return b"".join([first.body, *(event.raw for event in first.events)]).decode("utf-8", "replace")

    @property
    def errors(self) -> list[Message]:
        """The JSON-RPC errors in that answer."""
        return [m for m in self.exchanges[0].received if isinstance(m, Message) and m.kind == "error"]

    def header(self, name: str) -> str:
        """A header of the first answer that a finding is about, in lower case; empty if it has none."""
        return ((self.exchanges[0].response_header(name) if self.exchanges else None) or "").lower()


Cause: TypeAlias = Callable[[Evidence], str]
CAUSES: list[tuple[tuple[str, ...], Cause]] = []


def cause(*keys: str) -> Callable[[Cause], Cause]:
    """Declare a likely cause of findings about these requirements."""

    def declare(tell: Cause) -> Cause:
        CAUSES.append((keys, tell))
        return tell

    return declare


@cache
def load_causes() -> None:
    """Import every module of causes, so that CAUSES is complete."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def likely_cause(key: str, findings: Iterable[Finding], trace: Trace) -> str:
    """What probably lies behind these findings, in one sentence for the owner; empty where the trace does not say."""
    load_causes()
    decisive = tuple(findings)
    numbers = dict.fromkeys(f.place.exchange for f in decisive if f.place is not None)
    by_number = {exchange.number: exchange for exchange in trace.exchanges}
    about = [by_number[number] for number in numbers if number in by_number]
    seen = Evidence(key, decisive, about, trace)
    told = (_told(tell, seen) for keys, tell in CAUSES if about and any(_fits(key, each) for each in keys))
    return next((sentence for sentence in told if sentence), "")


def _told(tell: Cause, seen: Evidence) -> str:
    try:
        return tell(seen)
    except Exception:  # an extra must never cost a verdict; tests/test_causes.py looks for those that fail
        return ""


def _fits(key: str, pattern: str) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern
