"""Streams of the modern era that end without the response."""

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, result


def progress(token: JSON) -> dict[str, JSON]:
    return notification("notifications/progress", {"progressToken": token, "progress": 1})


def test_two_streams_without_a_response_have_no_excuse() -> None:
    tape = Tape("2026-07-28")
    for id in (1, 2):
        tape.ask("tools/call", {"name": "slow"}, id=id, events=[message_event(progress("a"))])
    tape.ask("tools/call", {"name": "slow"}, id=3, events=[message_event(result(3))])
    assert tape.outcomes("stream.has-response") == ["bad", "bad", "ok"]


def test_one_stream_without_a_response_may_be_a_proxys_doing() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/call", {"name": "slow"}, id=1, events=[message_event(progress("a"))])
    assert tape.outcomes("stream.has-response") == ["open"]


def test_a_response_that_no_blank_line_ends_never_came() -> None:
    tape = Tape("2026-07-28")
    for id in (1, 2):
        tape.ask("tools/call", {"name": "slow"}, id=id, events=[message_event(result(id)).rstrip()])
    assert tape.verdict("stream.has-response") is Verdict.FAIL


def test_streams_that_the_client_left_or_broke_off_owe_nothing() -> None:
    tape = Tape("2026-07-28")
    for id, ending in enumerate(("hung up", "lost", "timed out", "open")):
        tape.ask("tools/call", {"name": "slow"}, id=id, events=[message_event(progress("a"))], ending=ending)
    assert set(tape.outcomes("stream.has-response")) == {"open"}


def test_subscriptions_and_what_other_rules_judge_are_left_alone() -> None:
    tape = Tape("2026-07-28")
    for id in (1, 2):
        tape.ask("subscriptions/listen", {"notifications": {}}, id=id, events=[": hello\n\n"])
        tape.ask("tools/call", {"name": "slow"}, id=f"x{id}", events=[message_event(result("other"))])
        tape.ask("tools/call", {"name": "slow"}, id=f"y{id}", events=["data: no JSON\n\n"])
    assert set(tape.outcomes("stream.has-response")) == {"open"}
