"""Progress: values, tokens, and when it ends."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result

ANSWERED = message_event(result(5), "e9")


def progress(value: JSON, token: JSON = "t", id: str | None = None) -> str:
    return message_event(notification("notifications/progress", {"progressToken": token, "progress": value}), id)


def calling(*events: str, token: JSON = "t", id: int = 5, tape: Tape | None = None) -> Tape:
    """A call with a token, answered by these events."""
    tape = tape or begun()
    meta: JSON = {} if token is None else {"progressToken": token}
    tape.post(request(id, "tools/call", {"name": "work", "_meta": meta}), events=events)
    return tape


def begun() -> Tape:
    tape = Tape()
    tape.initialize(session_id="s")
    return tape


def asking(*tokens: JSON, answered: bool = False) -> Tape:
    """The server asks with these tokens; with `answered` each question is answered before the next comes."""
    tape = begun()
    number = tape.begin("POST", b'{"jsonrpc":"2.0","id":5,"method":"tools/call"}', headers={"Mcp-Session-Id": "s"})
    tape.head(number, 200, {"Content-Type": "text/event-stream"})
    for position, token in enumerate(tokens):
        question = request(f"q{position}", "roots/list", {"_meta": {"progressToken": token}})
        tape.chunk(number, message_event(question))
        if answered:
            tape.post(result(f"q{position}"))
    return tape


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0, 50, 100], Verdict.PASS),
        ([0.1, 0.25], Verdict.PASS),
        ([-5, -4], Verdict.PASS),
        ([50, 50], Verdict.FAIL),
        ([50, 40], Verdict.FAIL),
        ([50], Verdict.NOT_SEEN),
        ([], Verdict.NOT_SEEN),
        ([1, "2", None, [], True, 10**400], Verdict.PASS),
    ],
)
def test_progress_grows(values: list[JSON], verdict: Verdict) -> None:
    assert calling(*map(progress, values), ANSWERED).verdict("progress.increases") is verdict


def test_each_token_grows_by_itself() -> None:
    tape = calling(progress(1), progress(90, "u"), progress(2), ANSWERED)
    assert tape.verdict("progress.increases") is Verdict.PASS


def test_what_a_resumed_stream_repeats_does_not_count() -> None:
    tape = begun()
    call = request(5, "tools/call", {"_meta": {"progressToken": "t"}})
    tape.post(call, events=[progress(1, id="e1"), progress(2, id="e2")], ending="hung up")
    tape.get(after="e1", events=[progress(2, id="e2"), progress(3, id="e3"), ANSWERED])
    assert tape.verdict("progress.increases") is Verdict.PASS
    assert tape.verdict("progress.stops") is Verdict.PASS


def test_a_token_that_is_used_again_begins_anew() -> None:
    tape = calling(progress(100), ANSWERED)
    calling(message_event(result(6)), id=6, tape=tape)
    tape.get(events=[progress(100), progress(1)])
    assert "bad" not in tape.outcomes("progress.increases")


def test_json_answers_have_no_progress() -> None:
    tape = begun()
    tape.post(request(5, "tools/call", {"_meta": {"progressToken": "t"}}), answer=result(5))
    assert tape.verdict("progress.increases") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("given", "named", "verdict"),
    [
        ("t", "t", Verdict.PASS),
        (7, 7, Verdict.PASS),
        (7, 7.0, Verdict.PASS),
        (7, "7", Verdict.FAIL),
        ("t", None, Verdict.FAIL),
        (None, "t", Verdict.FAIL),
        (1, True, Verdict.FAIL),
        ("t", [], Verdict.FAIL),
    ],
)
def test_progress_names_a_given_token(given: JSON, named: JSON, verdict: Verdict) -> None:
    assert calling(progress(1, named), ANSWERED, token=given).verdict("progress.known-token") is verdict


def test_a_token_of_another_session_is_unknown() -> None:
    tape = calling(ANSWERED, token="theirs")
    tape.client = "story#2"
    tape.initialize(session_id="other")
    tape.get(events=[progress(1, "theirs")])
    assert tape.verdict("progress.known-token") is Verdict.FAIL


def test_progress_before_a_handshake_was_seen_is_not_judged() -> None:
    tape = Tape()
    tape.get(events=[progress(1, "from-before")])
    assert tape.outcomes("progress.known-token") == []


def test_progress_ends_with_the_response() -> None:
    assert calling(progress(1), ANSWERED).verdict("progress.stops") is Verdict.PASS
    assert calling(progress(1), ANSWERED, progress(2)).verdict("progress.stops") is Verdict.FAIL


def test_progress_of_another_call_may_follow_a_response() -> None:
    assert calling(progress(1), ANSWERED, progress(2, "u")).verdict("progress.stops") is Verdict.PASS


def test_two_connections_have_no_common_order() -> None:
    tape = calling(progress(1), ANSWERED)
    tape.get(events=[progress(2)])
    assert tape.verdict("progress.stops") is Verdict.PASS


def test_the_token_of_a_task_lives_on_after_the_response() -> None:
    task = message_event(result(5, {"task": {"taskId": "1"}}))
    assert calling(task, progress(1)).outcomes("progress.stops") == []


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        ("a", Verdict.PASS),
        (1, Verdict.PASS),
        (2.0, Verdict.PASS),
        (1.5, Verdict.FAIL),
        (None, Verdict.FAIL),
        (True, Verdict.FAIL),
        ({}, Verdict.FAIL),
    ],
)
def test_tokens_of_the_server_have_the_right_type(token: JSON, verdict: Verdict) -> None:
    assert asking(token).verdict("progress.token-type") is verdict


def test_running_questions_have_different_tokens() -> None:
    assert asking("a", "b").verdict("progress.token-unique") is Verdict.PASS
    assert asking(1, "1").verdict("progress.token-unique") is Verdict.PASS
    assert asking("a", "a").verdict("progress.token-unique") is Verdict.FAIL


def test_a_token_may_be_used_again_when_its_question_is_answered() -> None:
    assert asking("a", "a", answered=True).verdict("progress.token-unique") is Verdict.NOT_SEEN


def test_a_replay_is_known_again_where_only_some_events_have_ids() -> None:
    primed = "id: e0\ndata:\n\n"
    tape = calling(primed, progress(0), progress(50), ANSWERED)
    tape.get(after="e0", events=[progress(0), progress(50), ANSWERED])
    assert tape.verdict("progress.increases") is Verdict.PASS
    assert tape.verdict("progress.stops") is Verdict.PASS


def test_what_comes_anew_on_a_resumed_stream_is_judged() -> None:
    tape = calling("id: e0\ndata:\n\n", progress(0), progress(50))
    tape.get(after="e0", events=[progress(0), progress(50), progress(40), ANSWERED])
    assert tape.verdict("progress.increases") is Verdict.FAIL


def test_a_token_dies_with_its_request() -> None:
    """What comes in the answer to a request that was sent later was sent later for certain."""
    tape = calling(progress(1), ANSWERED)
    calling(progress(2), message_event(result(6)), token=None, id=6, tape=tape)
    assert tape.verdict("progress.known-token") is Verdict.FAIL


def test_a_token_that_two_requests_gave_may_be_that_of_the_second() -> None:
    tape = calling(progress(1), ANSWERED)
    calling(progress(1), message_event(result(6)), id=6, tape=tape)
    assert tape.verdict("progress.known-token") is Verdict.PASS


def test_progress_may_reach_a_stream_that_was_open_before_the_response() -> None:
    tape = begun()
    number = tape.begin("POST", b'{"jsonrpc":"2.0","id":7,"method":"tools/call"}', headers={"Mcp-Session-Id": "s"})
    tape.head(number, 200, {"Content-Type": "text/event-stream"})
    calling(ANSWERED, tape=tape)
    tape.chunk(number, progress(1))
    assert tape.verdict("progress.known-token") is Verdict.PASS
