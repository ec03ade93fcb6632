"""Requests as curl commands, with shell variables in the place of what opens doors."""

from conformance.evidence.recording import About
from conformance.evidence.trace import Exchange, Trace
from conformance.judging.check import Finding
from conformance.report.curl import curl
from conformance.report.labels import asked
from conformance.report.steps import steps
from conformance.report.text import short

_WIDTH = 100


def commands(_about: About, trace: Trace, only: Exchange | None = None) -> str:
    """All requests in their order; or what leads to one of them, from the beginning of its session."""
    if only is not None:
        return "\n".join(steps(trace, Finding("ok", "", only.place), fold=True)) + "\n"
    told = (f"# {x.number}: {short(asked(x), _WIDTH)}\n{curl(x, fold=True)}\n" for x in trace.exchanges)
    return "\n".join(told)
