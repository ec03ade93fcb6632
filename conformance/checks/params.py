"""Parameters that are mirrored in headers: basic/transports/streamable-http, "Custom Headers from Tool Parameters".

Which they are, the tool list says: only calls of tools that are listed, with marks that are right, are judged.
"""

from collections.abc import Iterator

from conformance.checks.marks import Mark, marks_in, repeated
from conformance.checks.mirrors import Flaw, Kind, Mirrored, error_code, tool_lists
from conformance.checks.offers import entries, not_declared
from conformance.checks.reactions import Evidence, accepted, evidence, is_served, refused, told, unclear
from conformance.checks.reading import shown
from conformance.evidence.era import HEADER_MISMATCH
from conformance.evidence.trace import Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided


@check("xhdr.valid")
def marks_are_names_of_headers_on_plain_parameters(session: Session) -> Findings:
    """A marked parameter has a name that a header can have, of its own in its tool, and is a plain value.

    It is a string, an integer or a boolean, and only `properties` lead to it: no list, no alternative, no reference.
    """
    if not session.modern:
        return
    if session.discovery in session.calls and (reason := not_declared(session, "tools")):
        yield moot(session, reason)
    for call in tool_lists([session]):
        found = [(str(tool.get("name")), list(marks_in(tool.get("inputSchema")))) for tool in entries(call, "tools")]
        for name, marks in found:
            yield from _judged(call, name, marks)
        if not any(marks for _, marks in found):
            yield moot(call, "no tool marks a parameter")


def _judged(call: Call, tool: str, marks: list[Mark]) -> Iterator[Finding]:
    twice = repeated(marks)
    for mark in marks:
        where = f"the mark {shown(mark.value)} at {shown(mark.way)} of the tool {shown(tool)}"
        again = isinstance(mark.value, str) and mark.value.lower() in twice
        problem = mark.problem or ("another parameter has the same name" if again else None)
        if problem is None and mark.doubt:
            yield undecided(call, f"{where}: {mark.doubt}")
        else:
            yield expect(problem is None, call, f"{where}: {problem or 'as it should be'}")


def _unmarked(trace: Trace) -> Iterator[Finding]:
    """That the target marks no parameter, in its own words: its list of tools, or that it has none."""
    found = [session for session in sessions(trace) if session.modern]
    lists = list(tool_lists(found))
    if any(True for call in lists for tool in entries(call, "tools") for _ in marks_in(tool.get("inputSchema"))):
        return
    if lists:
        yield moot(lists[0], "no tool marks a parameter")
    for session in found:
        if not lists and session.discovery in session.calls and (reason := not_declared(session, "tools")):
            yield moot(session, reason)


def _wrong(all_: Evidence, *kinds: Kind) -> Iterator[tuple[Mirrored, Flaw]]:
    """The calls that are wrong in the header of a parameter only, and in one of these ways."""
    return ((read, flaw) for read, flaw in all_.flawed(*kinds) if flaw.in_param)


@check("xhdr.match")
def a_param_header_is_compared_with_the_argument(trace: Trace) -> Findings:
    """A call is served only if the header of a marked parameter, decoded if it is wrapped, says what the body says.

    A value that merely looks half wrapped is what it is; Base64 that is cut short or has strange letters is nothing.
    """
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read, flaw in _wrong(all_, "differs", "wrapping"):
        yield refused(read, flaw, all_)
    for read in all_.written("plain param"):
        if read.forms.isdisjoint(("spelled", "spaced")):  # those have rules of their own
            yield accepted(read, "plain param", "the headers say what the arguments say", all_)
    for read in all_.written("wrapped param"):
        yield accepted(read, "wrapped param", "a header says, wrapped, what the argument says", all_)


@check("xhdr.missing")
def an_argument_without_its_header_is_refused(trace: Trace) -> Findings:
    """A call with a value for a marked parameter, and without the header, is not served."""
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read, flaw in _wrong(all_, "missing"):
        yield refused(read, flaw, all_)


@check("xhdr.bad-chars")
def a_param_header_with_bad_characters_is_refused(trace: Trace) -> Findings:
    """A call is not served if the header of a marked parameter has control characters, or letters beyond ASCII."""
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read, flaw in _wrong(all_, "letters"):
        yield refused(read, flaw, all_)


@check("xhdr.mismatch")
def a_wrong_param_header_gets_400_and_its_code(trace: Trace) -> Findings:
    """What is refused for the header of a parameter gets 400 and a JSON-RPC error with the code -32020.

    Characters that no header may have are often refused by what stands before the server: there 400 will do.
    """
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read, flaw in _wrong(all_, "differs", "wrapping", "missing", "letters"):
        if is_served(read):
            continue
        if reason := unclear(read, all_):
            yield undecided(read.call, reason)
        else:
            code = error_code(read.call.exchange)
            coded = code == HEADER_MISMATCH or (flaw.kind == "letters" and code is None)
            right = read.call.exchange.status == 400 and coded
            yield expect(right, read.call, f"{flaw.seen}: {told(read)}")


@check("xhdr.omit-ok")
def no_header_is_asked_for_what_is_not_there(trace: Trace) -> Findings:
    """A call that leaves a marked parameter out, or says null for it, needs no header for it."""
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read in all_.written("omitted"):
        yield accepted(read, "omitted", "a marked parameter has no value, and no header", all_)


@check("xhdr.int-compare")
def integers_are_compared_by_value(trace: Trace) -> Findings:
    """A header that says 42.0 is right for the argument 42."""
    yield from _unmarked(trace)
    all_ = evidence(trace)
    for read in all_.written("number"):
        yield accepted(read, "number", "a header has the number of the argument in other letters", all_)
