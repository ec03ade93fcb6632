"""How a client tries again with what the server wanted to know: basic/patterns/mrtr, "Client Requirements".

Attempts belong together by what they ask. Which attempt a retry answers is certain only where one alone was waiting.
"""

from conformance.checks.asked import key_of
from conformance.checks.reading import shown
from conformance.checks.rounds import answers, asks, is_retry, same_request, state_given, wanted
from conformance.evidence.views import Call
from conformance.judging.check import Findings, check, expect


@check("mrtr.new-id", party="client")
def a_retry_has_an_id_of_its_own(call: Call) -> Findings:
    """A retry has another id than the request that it repeats."""
    for attempt in _waiting(call):
        same = key_of(attempt.request.id) == key_of(call.request.id)
        seen = f"a retry of the request {shown(attempt.request.id)} has the id {shown(call.request.id)}"
        yield expect(not same, call, seen)


@check("mrtr.state-echo", party="client")
def state_comes_back_as_it_was_given(call: Call) -> Findings:
    """A retry brings the `requestState` back exactly as the server gave it."""
    for attempt in _waiting(call):
        given, brought = state_given(attempt), call.request.params.get("requestState")
        if given is not None:
            seen = f"the state {shown(given)} came back as {shown(brought)}"
            yield expect(brought == given, call, "the state came back unchanged" if brought == given else seen)


@check("mrtr.state-none", party="client")
def no_state_comes_where_none_was_given(call: Call) -> Findings:
    """Where the server gave no `requestState`, the retry brings none."""
    for attempt in _waiting(call):
        if state_given(attempt) is None:
            brought = "requestState" in call.request.params
            yield expect(
                not brought, call, f"no state was given, and the retry came {'with' if brought else 'without'} one"
            )


@check("mrtr.fulfil", party="client")
def a_retry_answers_all_that_was_wanted(call: Call) -> Findings:
    """A retry has an answer to each of the server's `inputRequests`, under its key."""
    for attempt in _waiting(call):
        keys, given = set(wanted(attempt)), answers(call) or {}
        if keys:
            missing = sorted(keys - set(given))
            told = f"not to {shown(', '.join(missing))}" if missing else "to all"
            yield expect(not missing, call, f"the server wanted {len(keys)} inputs, and the retry has answers {told}")


def _waiting(call: Call) -> list[Call]:
    """The one attempt that this retry must be meant for; none where it may be meant for another."""
    if not call.session.modern or not is_retry(call):
        return []
    earlier = [c for c in call.session.calls if c.request.at < call.request.at and same_request(c, call)]
    open_ones = [c for c in earlier if asks(c) and c.response is not None and c.response.at <= call.request.at]
    retried = sum(is_retry(c) for c in earlier)
    return open_ones[-1:] if len(open_ones) == retried + 1 and len(open_ones) == len(earlier) else []
