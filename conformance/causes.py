"""Likely causes: what commonly lies behind a finding, and what its owner can do about it.

A cause is a pure function from evidence to one sentence, or to nothing. It is said only where the trace supports it:
by a header that names a program, by the server's own name and version, by a behaviour that has one usual reason. It
never changes a verdict. What is known of real servers stands in docs/field-notes.md.

To add one: write a function under `@cause(...)` with the keys of the requirements that it may explain ("*" at the end
stands for whatever follows). The first one that has something to say is heard, in the order of this file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conformance.check import Finding
from conformance.trace import Exchange, Trace
from conformance.views import Session, sessions


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


def likely_cause(key: str, findings: Iterable[Finding], trace: Trace) -> str:
    """One sentence for the owner about what probably lies behind these findings; empty where the trace does not say."""
    decisive = tuple(findings)
    numbers = dict.fromkeys(f.place.exchange for f in decisive if f.place is not None)
    by_number = {exchange.number: exchange for exchange in trace.exchanges}
    about = [by_number[number] for number in numbers if number in by_number]
    seen = Evidence(key, decisive, about, trace)
    told = (tell(seen) for keys, tell in CAUSES if about and any(_fits(key, each) for each in keys))
    return next((sentence for sentence in told if sentence), "")


def _fits(key: str, pattern: str) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern


@cause("*")
def web_page(seen: Evidence) -> str:
    """An error page of a framework or a proxy, where a client of MCP reads JSON."""
    first = seen.exchanges[0]
    if first.media_type != "text/html" or not first.refused:
        return ""
    return (
        f"this {first.status} is a web page, so it comes from the framework or a proxy in front and not from the MCP "
        "code: look at the routes and the error handlers there"
    )
