"""basic/patterns/mrtr, "Server Requirements": `requestState` comes back from somebody who may be an attacker.

Whether tampering could do any harm is the server's own business. Where it could not, state needs no protection, and
to serve a request with altered state is no breach. So only that tool can fail which is known to keep in its state
what matters: the official suite has a name for it.
"""

from collections.abc import Iterator

from conformance.checks.reading import shown
from conformance.checks.rounds import asked_before, outcome, same_request, state_given, subject, words
from conformance.evidence.trace import JSON, Trace
from conformance.evidence.views import Call, sessions
from conformance.judging.check import Finding, Findings, bent, check, expect, undecided

GUARDED = "test_input_required_result_tampered_state"


@check("mrtr.state-untrusted")
def invented_state_is_not_believed(trace: Trace) -> Findings:
    """State that the server never gave is taken for what it is: something that a client made up.

    An empty text, and null, may as well be no state at all. In live traffic it may have been given before the
    recording began.
    """
    for call, state in _strange_states(trace):
        if _is_altered(call, state):
            continue
        seen = f"the invented state {shown(state)}: {words(call)}"
        harmless = state in ("", None) or not _is_guarded(call) or trace.revision is None
        if outcome(call) is None or (outcome(call) == "complete" and harmless):
            yield undecided(call, seen)
        else:
            yield expect(outcome(call) != "complete", call, seen)


@check("mrtr.state-tampered")
def altered_state_is_rejected(trace: Trace) -> Findings:
    """State that was altered on its way is rejected, where it matters.

    Rejected is what draws a JSON-RPC error; to begin anew, or to let the tool fail, is close to it, and a warning.
    """
    altered = [(call, state) for call, state in _strange_states(trace) if _is_altered(call, state)]
    some_rejected = any(outcome(call) == "error" for call, _ in altered)
    for call, state in altered:
        seen = f"altered state {shown(state)}: {words(call)}"
        if outcome(call) == "error":
            yield expect(True, call, seen)
        elif some_rejected and _is_lengthened(call, state):
            yield undecided(call, f"{seen}; another alteration was rejected, and what was appended may not be read")
        elif outcome(call) is None or not _is_guarded(call):
            yield undecided(call, f"{seen}; it may be of no importance" if outcome(call) else seen)
        else:
            yield bent(call, seen) if outcome(call) != "complete" else expect(False, call, seen)


@check("mrtr.state-replay")
def state_is_bound_to_its_request(trace: Trace) -> Findings:
    """State is for the client and the request that it was given to, and for a short time.

    That it expires takes longer than anybody wants to wait. Two tokens may be those of one client, the second fetched
    when the first was too old; so only the request is left to be judged.
    """
    calls = _modern_calls(trace)
    giving = [call for call in calls if isinstance(state_given(call), str)]
    for call in calls:
        state = call.request.params.get("requestState")
        origins = [other for other in giving if state_given(other) == state]
        if origins and not any(_are_about_one_thing(call, origin) for origin in origins):
            yield from _judge_replay(call, origins[0])
        elif origins and all(_token(call) != _token(origin) for origin in origins):
            yield undecided(call, f"state that was given to whoever has another token: {words(call)}")


def _judge_replay(call: Call, origin: Call) -> Iterator[Finding]:
    seen = f"state of {shown(subject(origin))} on a request for {shown(subject(call))}: {words(call)}"
    if _is_guarded(call) and outcome(call) is not None:
        yield expect(outcome(call) != "complete", call, seen)
    elif outcome(call) == "error" and any(_is_served_with_its_own(c, call) for c in call.session.calls):
        yield expect(True, call, f"{seen}, which is served with state of its own")
    else:
        yield undecided(call, seen)


def _are_about_one_thing(left: Call, right: Call) -> bool:
    return left.request.method == right.request.method and subject(left) == subject(right)


def _token(call: Call) -> str | None:
    return call.exchange.request_header("authorization")


def _is_served_with_its_own(other: Call, call: Call) -> bool:
    """Whether the same request was served with the state that was given for it."""
    before = asked_before(other)
    state = other.request.params.get("requestState")
    own = before is not None and isinstance(state, str) and state_given(before) == state
    return own and same_request(other, call) and outcome(other) == "complete"


def _modern_calls(trace: Trace) -> list[Call]:
    return [call for session in sessions(trace) if session.modern for call in session.calls]


def _strange_states(trace: Trace) -> Iterator[tuple[Call, JSON]]:
    """All state that a client presented and that the server never gave to anybody."""
    calls = _modern_calls(trace)
    given = [state_given(call) for call in calls if isinstance(state_given(call), str)]
    for call in calls:
        if "requestState" in call.request.params and (state := call.request.params["requestState"]) not in given:
            yield call, state


def _is_altered(call: Call, state: JSON) -> bool:
    """Whether this is the state of an earlier attempt, but for an alteration: one half of it is still as it was."""
    for other in call.session.calls:
        whole = state_given(other)
        if isinstance(state, str) and isinstance(whole, str) and same_request(other, call):
            half = len(whole) // 2
            if half and (state.startswith(whole[:half]) or state.endswith(whole[-half:])):
                return True
    return False


def _is_lengthened(call: Call, state: JSON) -> bool:
    """Whether all is still there of the state that was given, and something follows; decoders may stop before it."""
    given = (state_given(other) for other in call.session.calls if same_request(other, call))
    return isinstance(state, str) and any(isinstance(whole, str) and state.startswith(whole) for whole in given)


def _is_guarded(call: Call) -> bool:
    return call.request.method == "tools/call" and subject(call) == GUARDED
