"""Closing a response stream cancels its request: what shows that it did, and what shows nothing."""

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, message_event, notification, result

LEFT, ALONE = "conformance-left", "conformance-alone"


def progress(token: JSON, value: int) -> str:
    return message_event(notification("notifications/progress", {"progressToken": token, "progress": value}))


def work(tape: Tape, label: str, id: int, *, left: bool, length: int = 5) -> None:
    params: dict[str, JSON] = {"name": "work", "arguments": {"label": label}}
    events = [progress(label, step) for step in range(1, 2 if left else length)]
    events += [] if left else [message_event(complete(id))]
    tape.ask(
        "tools/call",
        params,
        id=id,
        meta={"progressToken": label},
        events=events,
        ending="hung up" if left else "complete",
    )


def look(tape: Tape, label: str, id: int, steps: str) -> None:
    content: JSON = [{"type": "text", "text": steps}]
    params: dict[str, JSON] = {"name": "steps", "arguments": {"label": label}}
    tape.ask("tools/call", params, id=id, answer=complete(id, {"content": content}), wait=0.3)


def story(*after: str, whole: str = "20") -> Tape:
    """A piece of work that was left, an equal one that was not, and what was told of both."""
    tape = Tape("2026-07-28")
    tape.discover()
    work(tape, LEFT, 2, left=True)
    for number, steps in enumerate((after[0], *after[:-1])):
        look(tape, LEFT, 10 + number, steps)
    work(tape, ALONE, 3, left=False)
    look(tape, ALONE, 20, whole)
    look(tape, LEFT, 21, after[-1])
    return tape


def test_work_that_stood_still_was_cancelled() -> None:
    tape = story("3", "3", "3")
    assert tape.verdict("disconnect.cancels") is Verdict.PASS
    assert tape.verdict("cancel.stop") is Verdict.PASS


def test_work_that_was_done_to_its_end_was_not_cancelled() -> None:
    tape = story("5", "9", "20")
    assert tape.verdict("disconnect.cancels") is Verdict.FAIL
    assert tape.verdict("cancel.stop") is Verdict.WARN


def test_work_that_is_done_at_the_first_look_may_have_been_done_before() -> None:
    assert story("20", "20", "20").verdict("disconnect.cancels") is Verdict.NOT_SEEN


def test_a_tool_that_counts_nothing_tells_nothing() -> None:
    assert story("0", "0", "0", whole="0").verdict("disconnect.cancels") is Verdict.NOT_SEEN


def test_work_that_went_on_for_a_while_was_cancelled_late() -> None:
    tape = story("5", "9", "12")
    assert tape.verdict("disconnect.cancels") is Verdict.PASS
    assert tape.verdict("cancel.stop") is Verdict.WARN


def test_a_last_step_may_be_under_way_when_a_busy_server_looks() -> None:
    assert story("3", "3", "4").verdict("cancel.stop") is Verdict.PASS


def test_work_that_was_over_before_tells_nothing_about_stopping() -> None:
    assert story("20", "20", "20").verdict("cancel.stop") is Verdict.NOT_SEEN


def test_without_an_undisturbed_call_nobody_knows_how_long_the_work_is() -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    work(tape, LEFT, 2, left=True)
    look(tape, LEFT, 10, "3")
    assert tape.verdict("disconnect.cancels") is Verdict.NOT_SEEN


def test_a_tool_that_does_not_tell_numbers_tells_nothing() -> None:
    assert story("done", "done", "done").verdict("disconnect.cancels") is Verdict.NOT_SEEN


def test_a_closed_stream_alone_shows_nothing() -> None:
    tape = Tape("2026-07-28")
    work(tape, LEFT, 2, left=True)
    for key in ("disconnect.cancels", "cancel.stop", "cancel.silent"):
        assert tape.verdict(key) is Verdict.NOT_SEEN


def test_progress_of_the_cancelled_on_another_stream_is_a_breach() -> None:
    tape = Tape("2026-07-28")
    work(tape, LEFT, 2, left=True)
    tape.ask("tools/call", {"name": "other"}, id=3, events=[progress(LEFT, 2), message_event(complete(3))])
    assert tape.verdict("cancel.silent") is Verdict.FAIL


def test_the_response_of_the_cancelled_on_another_stream_is_a_breach() -> None:
    tape = Tape("2026-07-28")
    work(tape, LEFT, 2, left=True)
    tape.ask("tools/call", {"name": "other"}, id=3, events=[message_event(result(2)), message_event(complete(3))])
    assert tape.verdict("cancel.silent") is Verdict.FAIL


def test_the_id_of_the_cancelled_may_be_used_again() -> None:
    tape = Tape("2026-07-28")
    work(tape, LEFT, 2, left=True)
    tape.ask("tools/call", {"name": "other"}, id=2, events=[message_event(complete(2))])
    assert tape.verdict("cancel.silent") is Verdict.PASS


def test_a_token_that_two_calls_gave_tells_nothing() -> None:
    tape = Tape("2026-07-28")
    work(tape, LEFT, 2, left=True)
    tape.ask(
        "tools/call",
        {"name": "other"},
        id=3,
        meta={"progressToken": LEFT},
        events=[progress(LEFT, 2), message_event(complete(3))],
    )
    assert tape.verdict("cancel.silent") is Verdict.PASS


def test_in_the_session_era_leaving_cancels_nothing() -> None:
    tape = Tape("2025-11-25")
    tape.initialize()
    assert tape.outcomes("cancel.stop") == []
