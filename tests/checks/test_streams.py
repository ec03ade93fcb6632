"""The streams that answer a POST: what legal servers do that looks wrong, and what is wrong."""

import json
from typing import Any

from conformance.evidence.trace import JSON, Ending
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result

PRIMED = "id: p1\ndata:\n\n"


def begun(revision: str = "2025-11-25", session_id: str | None = "abc") -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id=session_id)
    return tape


def call(id: JSON, token: JSON = None, tool: str = "slow") -> dict[str, JSON]:
    params: dict[str, JSON] = {"name": tool}
    return request(id, "tools/call", params if token is None else params | {"_meta": {"progressToken": token}})


def progress(token: JSON, value: JSON = 1) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": token, "progress": value})


def named(tape: Tape, body: JSON, *events: str, **options: Any) -> int:
    """A POST that names its revision in the header."""
    return tape.post(body, events=events, headers={"MCP-Protocol-Version": tape.revision}, **options)


def at_once(tape: Tape, *bodies: JSON) -> list[int]:
    """Several POSTs whose streams are open at the same time."""
    numbers = []
    for body in bodies:
        at = tape.begin("POST", json.dumps(body).encode(), headers={"Mcp-Session-Id": "abc"})
        tape.head(at, 200, {"Content-Type": "text/event-stream"})
        numbers.append(at)
    return numbers


# stream.prime


def test_an_id_with_empty_data_primes() -> None:
    tape = begun()
    named(tape, call(2), ": hello\n\n", "retry: 500\n\n", PRIMED, message_event(result(2), "p2"))
    assert tape.outcomes("stream.prime") == ["ok"]


def test_a_message_first_is_no_priming() -> None:
    tape = begun()
    named(tape, call(2), message_event(result(2), "p2"))
    named(tape, call(3), message_event(result(3)))
    assert tape.verdict("stream.prime") is Verdict.WARN


def test_an_empty_id_cannot_be_come_back_to() -> None:
    tape = begun()
    named(tape, call(2), "id:\ndata:\n\n", message_event(result(2)))
    assert tape.outcomes("stream.prime") == ["bad"]


def test_an_id_without_a_data_line_decides_nothing() -> None:
    tape = begun()
    named(tape, call(2), "id: p1\n\n", message_event(result(2)))
    assert tape.outcomes("stream.prime") == ["open"]


def test_a_request_that_names_no_revision_may_be_answered_by_older_rules() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(result(2))])
    assert tape.verdict("stream.prime") is Verdict.NOT_SEEN


def test_without_a_session_and_without_ids_there_is_nothing_to_prime_for() -> None:
    tape = begun(session_id=None)
    named(tape, call(2), message_event(result(2)))
    assert tape.verdict("stream.prime") is Verdict.NOT_APPLICABLE


def test_json_where_progress_was_asked_for_makes_stream_rules_inapplicable() -> None:
    tape = begun()
    tape.post(call(2, token="t"), answer=result(2))
    for key in ("stream.prime", "stream.retry", "stream.has-response", "stream.closes", "streams.once"):
        assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_json_to_a_plain_request_says_nothing_about_streams() -> None:
    tape = begun()
    tape.post(request(2, "ping"), answer=result(2))
    assert tape.verdict("stream.retry") is Verdict.NOT_SEEN


# stream.retry and stream.has-response


def polled(tape: Tape, id: int, *, retry: str = "", ending: Ending = "complete") -> None:
    """A call whose connection is closed after the priming event, and its response on the resumed one."""
    tape.post(call(id), events=[f"id: e{id}-1\ndata:\n\n", *([retry] if retry else [])], ending=ending)
    tape.get(after=f"e{id}-1", events=[message_event(result(id), f"e{id}-2")])


def test_the_response_may_come_on_the_resumed_connection() -> None:
    tape = begun()
    polled(tape, 2, retry="retry: 100\ndata:\n\n")
    assert tape.outcomes("stream.has-response") == ["ok"]
    assert tape.outcomes("stream.retry") == ["ok"]


def test_retry_may_come_with_the_priming_event() -> None:
    tape = begun()
    tape.post(call(2), events=["id: a\nretry: 100\ndata:\n\n"])
    tape.get(after="a", events=[message_event(result(2), "b")])
    assert tape.verdict("stream.retry") is Verdict.PASS


def test_one_close_without_retry_may_be_a_proxy_and_two_are_the_server() -> None:
    tape = begun()
    polled(tape, 2)
    assert tape.verdict("stream.retry") is Verdict.NOT_SEEN
    polled(tape, 3)
    assert tape.verdict("stream.retry") is Verdict.WARN


def test_a_broken_or_dropped_connection_is_not_the_servers_close() -> None:
    tape = begun()
    for id, ending in enumerate(("lost", "hung up", "lost", "hung up"), start=2):
        polled(tape, id, ending=ending)  # type: ignore[arg-type]
    assert tape.verdict("stream.retry") is Verdict.NOT_SEEN


def test_a_client_that_comes_back_early_takes_the_stream_over() -> None:
    tape = begun()
    for id in (2, 3):
        (first,) = at_once(tape, call(id))
        tape.chunk(first, f"id: e{id}\ndata:\n\n")
        again = tape.begin("GET", headers={"Mcp-Session-Id": "abc", "Last-Event-ID": f"e{id}"})
        tape.head(again, 200, {"Content-Type": "text/event-stream"})
        tape.end(first)
        tape.chunk(again, message_event(result(id), f"f{id}"))
        tape.end(again)
    assert tape.verdict("stream.retry") is Verdict.NOT_SEEN


def test_a_stream_that_ends_without_ids_and_response_lacks_it() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(progress("t"))])
    assert tape.verdict("stream.has-response") is Verdict.WARN


def test_a_stream_that_stays_empty_when_resumed_lacks_the_response() -> None:
    tape = begun()
    tape.post(call(2), events=[PRIMED])
    assert tape.outcomes("stream.has-response") == ["open"]
    tape.get(after="p1", events=[])
    assert tape.outcomes("stream.has-response") == ["bad"]


def test_a_stream_that_cannot_be_resumed_lacks_the_response() -> None:
    tape = begun()
    tape.post(call(2), events=[PRIMED])
    tape.get(after="p1", status=503)
    assert tape.outcomes("stream.has-response") == ["open"]
    tape.get(after="p1", status=400)
    assert tape.outcomes("stream.has-response") == ["bad"]


def test_who_polls_on_may_still_get_the_response() -> None:
    tape = begun()
    tape.post(call(2), events=[PRIMED])
    tape.get(after="p1", events=["retry: 100\ndata:\n\n"])
    assert tape.outcomes("stream.has-response") == ["open"]


def test_a_cancelled_a_left_and_a_broken_stream_need_no_response() -> None:
    tape = begun()
    tape.post(notification("notifications/cancelled", {"requestId": 2}))
    tape.post(call(2), events=[PRIMED])
    tape.post(call(3), events=["id: p3\ndata:\n\n"], ending="hung up")
    tape.post(call(4), events=["id: p4\ndata:\n\n"], ending="lost")
    assert tape.verdict("stream.has-response") is Verdict.NOT_SEEN


def test_the_end_of_the_session_excuses_its_streams() -> None:
    tape = begun("2025-06-18")
    for id in (2, 3):
        (number,) = at_once(tape, call(id))
        if id == 3:
            tape.exchange("DELETE", status=204)
        tape.end(number, "hung up" if id == 2 else "complete")
    assert tape.verdict("stream.has-response") is Verdict.NOT_SEEN
    assert tape.verdict("stream.not-early-close") is Verdict.NOT_SEEN


# stream.not-early-close


def test_a_repeated_early_close_is_held_against_the_server() -> None:
    tape = begun("2025-06-18")
    tape.post(call(2), events=[message_event(progress("t"), "a")])
    assert tape.verdict("stream.not-early-close") is Verdict.NOT_SEEN
    tape.post(call(3), events=[message_event(progress("u"), "b")])
    assert tape.verdict("stream.not-early-close") is Verdict.WARN


def test_a_batch_needs_all_its_responses() -> None:
    tape = begun("2025-03-26")
    tape.post([call(2), call(3)], events=[message_event([result(3), result(2)])])
    assert tape.outcomes("stream.has-response") == ["ok", "ok"]
    assert tape.outcomes("stream.closes") == ["ok"]
    tape.post([call(4), call(5)], events=[message_event(result(4))])
    assert tape.outcomes("stream.has-response") == ["ok", "ok", "ok", "bad"]


# stream.related


def test_only_a_foreign_token_proves_a_message_unrelated() -> None:
    tape = begun()
    log = notification("notifications/message", {"level": "info", "data": "x"})
    strange = [progress("nobody's"), progress(None), progress(["a"]), progress({"a": 1})]
    tape.post(call(2, token="mine"), events=[message_event(m) for m in (log, *strange, progress("mine"), result(2))])
    assert tape.outcomes("stream.related") == ["ok"]


def test_progress_of_another_request_is_unrelated() -> None:
    tape = begun()
    one, two = at_once(tape, call(2, token=1), call(3, token="1"))
    tape.chunk(one, message_event(progress("1")))
    tape.chunk(two, message_event(progress("1")))
    assert tape.outcomes("stream.related") == ["bad", "ok"]


def test_progress_of_a_task_may_come_anywhere() -> None:
    tape = begun()
    task = call(2, token="t")
    task["params"]["task"] = {"ttl": 1000}  # type: ignore[index,call-overload]
    tape.post(task, events=[message_event(result(2))])
    tape.post(call(3, token="u"), events=[message_event(progress("t")), message_event(result(3))])
    assert tape.verdict("stream.related") is Verdict.NOT_SEEN


# stream.closes


def test_a_stream_gets_two_seconds_to_end() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(result(2))], ending="hung up", wait=1.0)
    assert tape.outcomes("stream.closes") == ["open"]
    tape.post(call(3), events=[message_event(result(3))], wait=5.0)
    assert tape.outcomes("stream.closes") == ["open", "ok"]
    tape.post(call(4), events=[message_event(result(4))], ending="hung up", wait=2.5)
    assert tape.outcomes("stream.closes") == ["open", "ok", "bad"]


def test_a_resumed_stream_is_to_end_as_well() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(progress("t"), "a")], ending="hung up")
    tape.get(after="a", events=[message_event(result(2), "b")], ending="hung up", wait=2.5)
    assert tape.outcomes("stream.closes") == ["bad"]


def test_a_response_that_is_replayed_ends_the_stream_once_more() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(progress("t"), "a"), message_event(result(2), "b")], ending="hung up")
    tape.get(after="a", events=[message_event(result(2), "b")], ending="hung up", wait=2.5)
    tape.get(after="a", events=[message_event(result(2), "b")])
    assert tape.outcomes("stream.closes") == ["open", "bad", "ok"]


def test_a_stream_that_ends_with_its_session_did_not_end_by_itself() -> None:
    tape = begun()
    (number,) = at_once(tape, call(2))
    tape.chunk(number, message_event(result(2)))
    tape.now += 2.5
    tape.exchange("DELETE", status=204)
    tape.end(number)
    assert tape.outcomes("stream.closes") == ["bad"]


def test_messages_after_the_response_are_not_forbidden() -> None:
    tape = begun()
    tape.post(call(2), events=[message_event(m) for m in (result(2), notification("notifications/message"))])
    assert tape.outcomes("stream.closes") == ["ok"]
