"""The handshake, what was agreed there, and time limits."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result

SAMPLE = request("q1", "sampling/createMessage", {"messages": [], "maxTokens": 1})
READY = notification("notifications/initialized")


def call(id: int = 5) -> dict[str, JSON]:
    return request(id, "tools/call", {"name": "ask"})


def ready(offered: dict[str, JSON] | None = None) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", offered=offered)
    tape.post(READY)
    return tape


def test_initialize_says_who_answers() -> None:
    tape = Tape()
    tape.initialize()
    assert tape.verdict("init.result") is Verdict.PASS


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "x"}},
        {"protocolVersion": "2025-11-25", "capabilities": [], "serverInfo": {"name": "x", "version": "1"}},
        {"protocolVersion": 3, "capabilities": {}, "serverInfo": {"name": "x", "version": "1"}},
        {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": None},
    ],
)
def test_an_answer_to_initialize_that_lacks_something_is_a_breach(answer: dict[str, JSON]) -> None:
    tape = Tape()
    tape.post(request(1, "initialize", {"protocolVersion": "2025-11-25"}), answer=result(1, answer))
    assert tape.verdict("init.result") is Verdict.FAIL


def test_a_refused_initialize_is_not_judged() -> None:
    tape = Tape()
    tape.post(request(1, "initialize"), answer={"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": []}})
    assert tape.outcomes("init.result") == ["open"]


def early(message: JSON, session_id: str | None = "s") -> Tape:
    tape = Tape()
    tape.initialize(session_id=session_id)
    tape.get(events=[message_event(message)])
    tape.post(READY)
    return tape


def test_a_question_before_initialized_is_a_warning() -> None:
    assert early(SAMPLE).verdict("init.server-waits") is Verdict.WARN


def test_a_ping_or_a_notification_before_initialized_is_none() -> None:
    assert early(request(1, "ping")).verdict("init.server-waits") is Verdict.PASS
    assert early(notification("notifications/tools/list_changed")).verdict("init.server-waits") is Verdict.PASS


def test_a_server_without_sessions_cannot_wait() -> None:
    assert early(SAMPLE, session_id=None).verdict("init.server-waits") is Verdict.NOT_APPLICABLE


def test_without_a_stream_there_was_no_occasion_to_ask() -> None:
    assert ready().outcomes("init.server-waits") == []
    tape = Tape()
    tape.initialize(session_id="s")
    tape.exchange("GET", status=405)
    tape.post(READY)
    assert tape.verdict("init.server-waits") is Verdict.NOT_APPLICABLE


def test_a_question_after_initialized_is_no_breach() -> None:
    tape = ready()
    tape.get(events=[message_event(SAMPLE)])
    assert tape.outcomes("init.server-waits") == []


@pytest.mark.parametrize(
    ("offered", "question", "verdict"),
    [
        ({"sampling": {}}, SAMPLE, Verdict.PASS),
        ({}, SAMPLE, Verdict.FAIL),
        ({"sampling": None}, SAMPLE, Verdict.FAIL),
        ({"roots": {}}, request(1, "roots/list"), Verdict.PASS),
        ({}, request(1, "ping"), Verdict.NOT_SEEN),
        ({}, request(1, "something/else"), Verdict.NOT_SEEN),
        ({"elicitation": {}}, request(1, "elicitation/create", {"mode": "form"}), Verdict.PASS),
        ({"elicitation": {}}, request(1, "elicitation/create", {"mode": "url"}), Verdict.FAIL),
        ({"elicitation": {"url": {}}}, request(1, "elicitation/create", {"mode": "url"}), Verdict.PASS),
        ({"sampling": {}}, request(1, "sampling/createMessage", {"tools": []}), Verdict.FAIL),
    ],
)
def test_only_what_was_declared_is_asked_for(offered: dict[str, JSON], question: JSON, verdict: Verdict) -> None:
    tape = ready(offered)
    tape.post(call(), events=[message_event(question), message_event(result(5))])
    assert tape.verdict("negotiated") is verdict


def unanswered(*events: str, listen: int | None = 405) -> Tape:
    """A question without an answer on the stream of a call; GET draws a status, or is never sent."""
    tape = ready({"sampling": {}})
    if listen is not None:
        tape.exchange("GET", status=listen)
    tape.post(call(), events=[message_event(SAMPLE), *events])
    return tape


CANCELLED = message_event(notification("notifications/cancelled", {"requestId": "q1"}))
ANSWERED = message_event(result(5))


def test_giving_up_with_a_cancellation_is_right() -> None:
    tape = unanswered(CANCELLED, ANSWERED)
    assert tape.verdict("timeout.cancel") is Verdict.PASS


def test_giving_up_without_a_cancellation_is_a_warning() -> None:
    tape = unanswered(ANSWERED)
    assert tape.verdict("timeout.cancel") is Verdict.WARN


def test_a_cancellation_may_have_gone_where_nobody_listened() -> None:
    assert unanswered(ANSWERED, listen=None).verdict("timeout.cancel") is Verdict.NOT_SEEN


def test_a_cancellation_on_the_get_stream_counts() -> None:
    tape = unanswered(ANSWERED, listen=None)
    tape.get(events=[CANCELLED])
    assert tape.verdict("timeout.cancel") is Verdict.PASS


def test_a_server_that_still_waits_is_not_blamed() -> None:
    tape = unanswered()
    assert tape.verdict("timeout.cancel") is Verdict.NOT_SEEN


def test_an_answered_question_is_no_occasion() -> None:
    tape = unanswered()
    tape.post(result("q1"))
    assert tape.outcomes("timeout.cancel") == []


def test_a_ping_that_nobody_waits_for_need_not_be_cancelled() -> None:
    tape = ready()
    tape.exchange("GET", status=405)
    tape.post(call(), events=[message_event(request("q1", "ping")), ANSWERED])
    assert tape.verdict("timeout.cancel") is Verdict.NOT_SEEN


def test_a_question_with_any_id_is_survived() -> None:
    ids: list[JSON] = [None, [], {}, True, 1.5, 10**400, "x" * 9999]
    for id in ids:
        tape = ready()
        tape.post(call(), events=[message_event(request(id, "roots/list", {"_meta": id})), ANSWERED])
        for key in ("init.server-waits", "negotiated", "timeout.cancel", "cancel.valid-id"):
            tape.verdict(key)
