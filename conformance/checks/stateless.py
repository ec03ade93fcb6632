"""What is remembered from one request to the next: basic/index, "Statelessness".

That a server remembers shows where two requests that are alike are answered differently, and nothing but what came
before them is different. How a stranger's request is answered is therefore half of each finding.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.checks.rounds import is_retry, outcome, same_request, state_given, words
from conformance.checks.standing import (
    identity,
    is_addressed,
    is_right,
    is_served,
    missing,
    modern_calls,
    told,
    unclear,
)
from conformance.evidence.era import declared_capabilities
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call
from conformance.judging.check import Finding, Findings, check, expect, undecided


def _before(call: Call) -> Iterator[Call]:
    """What the same client had asked, and been answered, before."""
    for earlier in call.session.calls:
        answered = earlier.response
        if answered is not None and answered.at < call.request.at:
            yield earlier


@check("stateless.no-context")
def nothing_is_taken_from_earlier_requests(trace: Trace) -> Findings:
    """What a request leaves out is not taken from an earlier one: it is answered as if it were the first.

    A request without metadata that is served breaks this rule where a stranger's is refused; where anybody's is
    served, nothing was remembered.
    """
    probes = [call for call in modern_calls(trace) if _leaves_something_out(call) and unclear(call) is None]
    strangers: dict[str, list[Call]] = defaultdict(list)
    for call in probes:
        if not any(is_right(earlier) for earlier in _before(call)):
            strangers[_left_out(call)].append(call)
    for call in probes:
        if any(_said_more(earlier, call) for earlier in _before(call)):
            yield _as_a_stranger(call, strangers[_left_out(call)])


def _leaves_something_out(call: Call) -> bool:
    return is_addressed(call) and (bool(missing(call)) or call.request.method == "tools/call")


def _left_out(call: Call) -> str:
    """Requests that leave out the same."""
    return repr((identity(call), missing(call), sorted(declared_capabilities(call.request)), is_retry(call)))


def _said_more(earlier: Call, call: Call) -> bool:
    """Whether an earlier request has what this one lacks."""
    declared = declared_capabilities(earlier.request).keys() - declared_capabilities(call.request).keys()
    return is_right(earlier) and (bool(missing(call)) or (bool(declared) and not is_retry(call)))


def _as_a_stranger(call: Call, strangers: list[Call]) -> Finding:
    lacking = " and ".join(missing(call)) or "a capability"
    seen = f"without {lacking}, which an earlier request had, {told(call)}"
    others = {is_served(stranger) for stranger in strangers}
    if not is_served(call):
        return expect(True, call, seen)
    if not others:
        return undecided(call, f"{seen}; how a client that is new is answered was not seen")
    if True not in others:
        return expect(False, call, f"{seen}; the same from a client that is new was refused")
    if missing(call):
        return undecided(call, f"{seen}, and so is the same from a client that is new")
    return expect(True, call, f"{seen}, as is a stranger's request")


@check("stateless.any-connection")
def connections_do_not_matter(trace: Trace) -> Findings:
    """What belongs together may be asked over several connections.

    A request that says `Connection: close` is the last one on its connection, so all that follow go over others. In
    live traffic that follows only for one client, and many may be behind one label.
    """
    if trace.revision is None:
        return
    usual: dict[str, set[str | None]] = defaultdict(set)
    moved: list[Call] = []
    for call in modern_calls(trace):
        if is_right(call):
            if any(_closes(earlier) for earlier in _before(call)):
                moved.append(call)
            else:
                usual[_step(call)].add(outcome(call))
    for call in moved:
        yield _over_another(call, usual[_step(call)])


def _closes(call: Call) -> bool:
    return (call.exchange.request_header("connection") or "").lower() == "close"


def _step(call: Call) -> str:
    """What is asked, and at what step of it."""
    return repr((identity(call), is_retry(call), "requestState" in call.request.params))


def _over_another(call: Call, usual: set[str | None]) -> Finding:
    seen = f"over another connection than what came before, {call.request.method}: {words(call)}"
    came = outcome(call)
    if came == "complete" or (came is not None and came in usual):
        return expect(True, call, seen)
    if reason := unclear(call):
        return undecided(call, reason)
    if came is None or not usual - {None}:
        return undecided(call, f"{seen}; on one connection it was not tried")
    return expect(False, call, f"{seen}; on one connection it went otherwise")


@check("stateless.handles")
def what_lasts_has_a_handle(trace: Trace) -> Findings:
    """What lasts from one request to the next is found by what the client sends along, and by nothing else.

    A retry that leaves out the `requestState` it was given is answered like a stranger's.
    """
    strangers: dict[str, list[Call]] = defaultdict(list)
    bereft: list[Call] = []
    for call in modern_calls(trace):
        if not is_right(call) or "inputResponses" not in call.request.params or "requestState" in call.request.params:
            continue
        earlier = [before for before in _before(call) if same_request(before, call)]
        if any(isinstance(state_given(before), str) for before in earlier):
            bereft.append(call)
        elif not earlier:
            strangers[_answers(call)].append(call)
    for call in bereft:
        yield _like_a_stranger(call, strangers[_answers(call)])


def _answers(call: Call) -> str:
    """What is asked, and which answers come with it."""
    given: JSON = call.request.params.get("inputResponses")
    return repr((identity(call), sorted(given) if isinstance(given, dict) else given))


def _like_a_stranger(call: Call, strangers: list[Call]) -> Finding:
    came, others = outcome(call), {outcome(stranger) for stranger in strangers} - {None}
    seen = f"a retry without its requestState, from a client that had got one: {words(call)}"
    if came is None or not others:
        return undecided(call, f"{seen}; how the same from another client is answered was not seen")
    return expect(came in others, call, f"{seen}; the same from another client: {words(strangers[0])}")
