"""How a client tries again with what the server wanted to know: basic/patterns/mrtr, "Client Requirements"."""

from conformance.checks.asked import key_of
from conformance.checks.reading import shown
from conformance.checks.rounds import answers, state_given, subject, wanted
from conformance.checks.waiting import waiting
from conformance.evidence.views import Call
from conformance.judging.check import Findings, check, expect, undecided


@check("mrtr.new-id", party="client")
def a_retry_has_an_id_of_its_own(call: Call) -> Findings:
    """A retry has another id than the request that it repeats."""
    for attempt in waiting(call):
        same = key_of(attempt.request.id) == key_of(call.request.id)
        seen = f"a retry of the request {shown(attempt.request.id)} has the id {shown(call.request.id)}"
        yield expect(not same, call, seen)


@check("mrtr.state-echo", party="client")
def state_comes_back_as_it_was_given(call: Call) -> Findings:
    """A retry brings the `requestState` back exactly as the server gave it."""
    for attempt in waiting(call):
        given, brought = state_given(attempt), call.request.params.get("requestState")
        if given is not None:
            seen = f"the state {shown(given)} came back as {shown(brought)}"
            yield expect(brought == given, call, "the state came back unchanged" if brought == given else seen)


@check("mrtr.state-none", party="client")
def no_state_comes_where_none_was_given(call: Call) -> Findings:
    """Where the server gave no `requestState`, the retry brings none."""
    for attempt in waiting(call):
        if state_given(attempt) is None:
            brought = "requestState" in call.request.params
            yield expect(
                not brought, call, f"no state was given, and the retry came {'with' if brought else 'without'} one"
            )


@check("mrtr.fulfil", party="client")
def a_retry_answers_all_that_was_wanted(call: Call) -> Findings:
    """A retry has an answer to each of the server's `inputRequests`, under its key."""
    for attempt in waiting(call):
        keys, given = set(wanted(attempt)), answers(call) or {}
        if keys:
            missing = sorted(keys - set(given))
            told = f"not to {shown(', '.join(missing))}" if missing else "to all"
            yield expect(not missing, call, f"the server wanted {len(keys)} inputs, and the retry has answers {told}")


@check("mrtr.not-shared", party="client")
def state_goes_to_the_request_it_was_given_for(call: Call) -> Findings:
    """`requestState` comes with retries of the request in whose answer it was, and with no other."""
    state = call.request.params.get("requestState")
    if not call.session.modern or not isinstance(state, str) or not state:
        return
    sources = [c for c in call.session.calls if state_given(c) == state and _was_heard(c, call)]
    if not sources:
        yield undecided(call, "the state may have been given before the recording, or was changed")
        return
    own = any(c.request.method == call.request.method and subject(c) == subject(call) for c in sources)
    told = f"{sources[-1].request.method} of {shown(subject(sources[-1]))}"
    yield expect(
        own, call, f"the state that {told} was given came with {call.request.method} of {shown(subject(call))}"
    )


def _was_heard(attempt: Call, before: Call) -> bool:
    return attempt.response is not None and attempt.response.at <= before.request.at
