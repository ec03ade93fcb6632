"""How requests with right and with wrong headers were answered. No checks here.

Nowhere is it said which of several errors comes first. So an answer that is neither a result nor the code for wrong
headers tells something only where the same request, with right headers, was served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from conformance.checks.deciding import says_nothing
from conformance.checks.mirrors import Flaw, Form, Kind, Mirrored, error_code, mirrored
from conformance.checks.reading import shown
from conformance.evidence.era import HEADER_MISMATCH, mirrored_name
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import once_per_trace, sessions
from conformance.judging.check import Finding, expect, undecided

NOT_FOUND = (INVALID_PARAMS, -32002)  # the second is what earlier revisions have for resources
OF_PARAMS: frozenset[Form] = frozenset(("plain param", "wrapped param", "number", "omitted"))


@dataclass(eq=False, slots=True)
class Evidence:
    """All requests, and what of it was served: what was asked, and headers in which forms.

    A form is cleared if it cannot be the cause of a refusal. Arguments are told in several headers at once, so what
    clears a form of those is a call of the same tool in which there is no other. `servers` is what those who served
    call themselves in the header Server: intermediaries may refuse wrong headers without a JSON-RPC error. `fleeting`
    are the names of what is on one list and not on another of its kind: it comes and goes.
    """

    requests: list[Mirrored]
    served: set[str]
    cleared: set[tuple[str, Form]]
    servers: set[str | None]
    fleeting: set[str]

    def suspects(self, read: Mirrored) -> set[Form]:
        """The forms in a request that nothing clears."""
        return {form for form in read.forms if (_scope(read, form), form) not in self.cleared}

    def flawed(self, *kinds: Kind) -> list[tuple[Mirrored, Flaw]]:
        """The requests of which one thing is wrong, and this of these kinds."""
        return [(read, read.flaw) for read in self.requests if read.flaw is not None and read.flaw.kind in kinds]

    def written(self, form: Form) -> list[Mirrored]:
        """The right requests with headers of this form."""
        return [read for read in self.requests if not read.flaws and form in read.forms]


@once_per_trace
def evidence(trace: Trace) -> Evidence:
    """What a trace shows of headers that repeat the body."""
    requests = mirrored(trace)
    served = [read for read in requests if not read.flaws and is_served(read)]
    cleared = {(_scope(read, form), form) for read in served for form in read.forms if _is_alone(read, form)}
    servers = {read.call.exchange.response_header("server") for read in served}
    return Evidence(requests, {read.asked for read in served}, cleared, servers, _fleeting(trace))


def _fleeting(trace: Trace) -> set[str]:
    """The names and URIs that are on some lists of the server, and not on all of the same kind."""
    found: set[str] = set()
    for kind, key in (("tools", "name"), ("resources", "uri"), ("prompts", "name")):
        lists = [frozenset(str(entry.get(key)) for entry in entries) for entries in _whole_lists(trace, kind)]
        found.update(*(one ^ other for one, other in pairwise(lists)))
    return found


def _whole_lists(trace: Trace, kind: str) -> Iterator[list[dict[str, JSON]]]:
    """What was on each list of this kind that came on one page."""
    for call in (call for session in sessions(trace) for call in session.calls):
        result = call.response.result if call.response is not None else {}
        listed = result.get(kind)
        is_whole = "cursor" not in call.request.params and "nextCursor" not in result
        if call.request.method == f"{kind}/list" and is_whole and isinstance(listed, list):
            yield [entry for entry in listed if isinstance(entry, dict)]


def _scope(read: Mirrored, form: Form) -> str:
    return str(read.call.request.params.get("name")) if form in OF_PARAMS else ""


def _is_alone(read: Mirrored, form: Form) -> bool:
    return form not in OF_PARAMS or read.forms & OF_PARAMS == {form}


def is_served(read: Mirrored) -> bool:
    return read.call.response is not None and read.call.response.kind == "result"


def told(read: Mirrored) -> str:
    """How a request was answered, in words."""
    exchange, code = read.call.exchange, error_code(read.call.exchange)
    if is_served(read):
        return f"{read.call.request.method} was served ({exchange.status})"
    error = "no JSON-RPC error" if code is None else f"the error {shown(code)}"
    return f"{read.call.request.method} was refused with {exchange.status} and {error}"


def unclear(read: Mirrored, all_: Evidence) -> str | None:
    """Why a request that was not served tells nothing of its headers, in words; None if it tells something."""
    exchange = read.call.exchange
    if reason := says_nothing(exchange):
        return reason
    code = error_code(exchange)
    if exchange.status == 403:
        return f"{read.call.request.method} was answered with 403: it is not about headers who may ask"
    if exchange.ok and code is None:
        return f"{read.call.request.method} got {exchange.status} and no response was seen"
    if exchange.ending != "complete" and code is None:
        return f"{read.call.request.method} got {exchange.status}, and what the answer says did not come whole"
    if code is None and (who := exchange.response_header("server")) not in all_.servers:
        return f"{told(read)}: that came from {shown(who)}, which stands before the server and need not say more"
    if code in NOT_FOUND and mirrored_name(read.call.request.body) in all_.fleeting:
        return f"{told(read)}, and what was asked for comes and goes"
    if code == HEADER_MISMATCH or read.asked in all_.served:
        return None
    return f"{told(read)}, and it was not seen to be served when all is right"


def refused(read: Mirrored, flaw: Flaw, all_: Evidence) -> Finding:
    """Whether a request with a wrong header was refused, in whatever way."""
    if is_served(read):
        return expect(False, read.call, f"{flaw.seen}, and {told(read)}")
    reason = unclear(read, all_)
    return undecided(read.call, reason) if reason else expect(True, read.call, f"{flaw.seen}: {told(read)}")


def accepted(read: Mirrored, form: Form, words: str, all_: Evidence) -> Finding:
    """Whether a right request was taken, though, or because, its headers were written in this form."""
    if is_served(read):
        return expect(True, read.call, f"{words}: {told(read)}")
    if reason := unclear(read, all_):
        return undecided(read.call, reason)
    if all_.suspects(read) - {form}:
        return undecided(read.call, f"{words}, but {told(read)}, which may have another cause")
    return expect(False, read.call, f"{words}, but {told(read)}")
