"""A message goes to one stream only: what proves a broadcast, and what only looks like one."""

import json

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result


def begun(revision: str = "2025-11-25", session_id: str | None = "abc") -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id=session_id)
    return tape


def call(id: JSON, token: JSON = None, tool: str = "slow") -> dict[str, JSON]:
    params: dict[str, JSON] = {"name": tool}
    return request(id, "tools/call", params if token is None else params | {"_meta": {"progressToken": token}})


def progress(token: JSON, value: JSON = 1) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": token, "progress": value})


def at_once(tape: Tape, *bodies: JSON) -> list[int]:
    """Several POSTs whose streams are open at the same time."""
    numbers = []
    for body in bodies:
        at = tape.begin("POST", json.dumps(body).encode(), headers={"Mcp-Session-Id": "abc"})
        tape.head(at, 200, {"Content-Type": "text/event-stream"})
        numbers.append(at)
    return numbers


def test_equal_notifications_are_no_proof_of_a_broadcast() -> None:
    tape = begun()
    changed = notification("notifications/tools/list_changed")
    for number in at_once(tape, call(2), call(3)):
        tape.chunk(number, message_event(changed))
    assert tape.verdict("streams.once") is Verdict.NOT_SEEN


def test_one_value_of_progress_on_two_streams_is_a_broadcast() -> None:
    tape = begun()
    for number in at_once(tape, call(2, token="t"), call(3, token="u")):
        tape.chunk(number, message_event(progress("t")))
    assert tape.outcomes("streams.once") == ["bad"]


def test_a_token_used_again_makes_equal_progress() -> None:
    tape = begun()
    for id in (2, 3):
        tape.post(call(id, token="t"), events=[message_event(progress("t")), message_event(result(id))])
    assert tape.verdict("streams.once") is Verdict.NOT_SEEN


def test_one_question_on_two_streams_is_a_broadcast() -> None:
    tape = begun()
    question = request("q", "sampling/createMessage", {"maxTokens": 5})
    for number in at_once(tape, call(2, tool="asks"), call(3, tool="other")):
        tape.chunk(number, message_event(question))
    assert tape.outcomes("streams.once") == ["bad"]


def test_a_server_that_counts_its_ids_anew_asks_the_same_in_equal_calls() -> None:
    tape = begun()
    question = request(1, "sampling/createMessage", {"maxTokens": 5})
    for number in at_once(tape, call(2), call(3)):
        tape.chunk(number, message_event(question))
        tape.chunk(number, message_event(request(2, "ping")))
    assert "bad" not in tape.outcomes("streams.once")


def test_a_response_on_two_streams_is_a_broadcast() -> None:
    tape = begun()
    for number in at_once(tape, call(2), call(3)):
        tape.chunk(number, message_event(result(2)))
    assert tape.outcomes("streams.once") == ["bad"]


def test_a_replay_is_no_broadcast() -> None:
    tape = begun()
    one, two = at_once(tape, call(2, token="t"), call(3, token="u"))
    tape.chunk(one, "id: a1\ndata:\n\n")
    tape.chunk(one, message_event(progress("t"), "a2"))
    tape.end(one, "lost")
    tape.get(after="a1", events=[message_event(progress("t"), "a2")])
    tape.end(two)
    assert tape.outcomes("streams.once") == ["ok"]


def test_other_sessions_get_their_own_copies() -> None:
    tape = begun()
    question = request("q", "roots/list", {"_meta": {}})
    tape.post(call(2), events=[message_event(question), message_event(result(2))])
    tape.client = "story#2"
    tape.initialize(session_id="other")
    tape.post(call(2), events=[message_event(question), message_event(result(2))])
    assert tape.verdict("streams.once") is Verdict.NOT_SEEN


def test_what_was_on_a_lost_connection_may_be_sent_again() -> None:
    for ending, expected in (("hung up", Verdict.NOT_SEEN), ("open", Verdict.FAIL)):
        tape = begun()
        (first,) = at_once(tape, call(2))
        tape.chunk(first, message_event(request("q", "sampling/createMessage", {"maxTokens": 5})))
        tape.end(first, ending)  # type: ignore[arg-type]
        tape.get(events=[message_event(request("q", "sampling/createMessage", {"maxTokens": 5}))])
        assert tape.verdict("streams.once") is expected
