"""What was recorded, taken elsewhere: HAR for other tools, Mermaid for documents, a page to read, curl for a shell.

`python -m inspector export FILE --as FORM`. Secrets are masked, unless the raw ones are asked for.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from conformance.evidence.lines import BadEvidence
from conformance.evidence.masking import mask_trace
from conformance.evidence.recorder import Limits
from conformance.evidence.recording import About, Asked, Recording
from conformance.evidence.trace import Trace
from inspector.exports.curl import commands
from inspector.exports.har import har
from inspector.exports.mermaid import diagram
from inspector.exports.page import page
from inspector.opening import opened
from inspector.proxy.setup import CannotStart

_WHOLE = Limits(exchange=2**30, events=10**7, trace=2**30, trace_events=10**7)  # what could be read is bounded


FORMS: dict[str, Callable[[About, Trace], str]] = {"har": har, "mermaid": diagram, "html": page, "curl": commands}


def exported(recording: Recording, form: str, exchange: int | None = None, *, raw: bool = False) -> str:
    """A recording in one of the forms; of only one `exchange`, if its number is given. Raises ValueError."""
    trace, about = recording.trace(_WHOLE), recording.about
    numbers = [record.number for record in recording.records if isinstance(record, Asked)]
    del recording  # as large as all the rest
    trace = trace if raw else mask_trace(trace)
    if not raw:
        about = About(trace.target, about.began, about.by)
    if exchange is None:
        return FORMS[form](about, trace)
    if exchange not in numbers:
        raise ValueError(f"there is no exchange {exchange} in this recording")
    only = trace.exchanges[numbers.index(exchange)]
    if form == "curl":
        return commands(about, trace, only)
    return FORMS[form](about, Trace((only,), trace.revision, trace.target, trace.suite, trace.notes))


def add_command(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its options."""
    parser = parsers.add_parser("export", help="a recording as HAR, Mermaid diagram, page or curl commands")
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording, or a trace of the suite")
    parser.add_argument("--as", dest="form", choices=FORMS, required=True, help="what to make of it")
    parser.add_argument("--exchange", type=int, metavar="N", help="only this one")
    parser.add_argument("--raw", action="store_true", help="do not mask secrets")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of standard output")
    parser.set_defaults(do=lambda chosen: _export(chosen))


def _export(chosen: argparse.Namespace) -> int:
    try:
        text = exported(opened(chosen.file), chosen.form, chosen.exchange, raw=chosen.raw)
        if chosen.output is None:
            print(text, end="")
        else:
            chosen.output.write_text(text, encoding="utf-8")
    except (BadEvidence, ValueError) as error:
        raise CannotStart(str(error)) from None
    return 0
