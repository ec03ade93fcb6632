"""Log messages and their level."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, notification, request, result

LOG = message_event(notification("notifications/message", {"level": "info", "data": 1}))


def logging(*, declared: bool) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", capabilities={"logging": {}} if declared else {})
    return tape


def level(value: JSON, answer: JSON | bytes, *, declared: bool = True, status: int | None = None) -> Tape:
    tape = logging(declared=declared)
    tape.post(request(5, "logging/setLevel", {"level": value}), answer=answer, status=status)
    return tape


def test_who_logs_declares_it() -> None:
    for declared, verdict in ((True, Verdict.PASS), (False, Verdict.FAIL)):
        tape = logging(declared=declared)
        tape.post(request(5, "tools/call"), events=[LOG, message_event(result(5))])
        assert tape.verdict("log.capability") is verdict


def test_who_does_not_log_need_not_declare_it() -> None:
    assert logging(declared=False).verdict("log.capability") is Verdict.NOT_APPLICABLE
    assert logging(declared=True).verdict("log.capability") is Verdict.NOT_SEEN


def test_a_log_message_of_a_session_whose_beginning_is_unknown_is_not_judged() -> None:
    tape = Tape()
    tape.get(events=[LOG])
    assert tape.outcomes("log.capability") == []


@pytest.mark.parametrize("value", ["loud", "INFO", "", None, 3, [], {}])
def test_an_unknown_level_draws_an_invalid_parameter(value: JSON) -> None:
    assert level(value, error(5, -32602)).verdict("log.errors") is Verdict.PASS
    assert level(value, error(5, -32602), status=400).verdict("log.errors") is Verdict.PASS
    assert level(value, error(5, -32603)).verdict("log.errors") is Verdict.WARN
    assert level(value, result(5)).verdict("log.errors") is Verdict.WARN
    assert level(value, b"", status=400).verdict("log.errors") is Verdict.WARN


def test_a_busy_server_or_one_that_does_not_log_is_not_blamed() -> None:
    assert level("loud", b"", status=503).verdict("log.errors") is Verdict.NOT_SEEN
    assert level("loud", error(5, -32601), declared=False).verdict("log.errors") is Verdict.NOT_APPLICABLE


def test_a_refusal_that_may_be_about_the_session_is_not_blamed() -> None:
    tape = level("loud", error(5, -32600), status=404)
    assert tape.verdict("log.errors") is Verdict.NOT_SEEN
    tape.post(request(6, "ping"), answer=result(6))
    assert tape.verdict("log.errors") is Verdict.WARN
    assert level("loud", error(5, -32600), status=429).verdict("log.errors") is Verdict.NOT_SEEN


def test_a_connection_that_was_closed_for_polling_decides_nothing() -> None:
    tape = logging(declared=True)
    tape.post(request(5, "logging/setLevel", {"level": "loud"}), events=["id: p1\nretry: 30\ndata:\n\n"])
    assert tape.verdict("log.errors") is Verdict.NOT_SEEN


def test_a_known_level_is_no_occasion() -> None:
    assert level("debug", error(5, -32603)).outcomes("log.errors") == []


def test_lines_below_the_level_are_nobodys_business() -> None:
    tape = level("emergency", result(5))
    tape.get(events=[LOG])
    assert tape.verdict("log.capability") is Verdict.PASS


# The modern era: the level comes with the request.

LEVEL = "io.modelcontextprotocol/logLevel"


def asked(level: JSON, *events: str, method: str = "tools/call", logging: bool = True) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"logging": {}} if logging else {})
    tape.ask(method, {"name": "t"}, id=2, meta={LEVEL: level}, events=[*events, message_event(complete(2))])
    return tape


def test_who_names_a_level_hears_logs_on_its_own_stream() -> None:
    tape = asked("info", LOG)
    assert tape.verdict("log.same-stream") is Verdict.PASS
    assert tape.verdict("log.capability") is Verdict.PASS
    assert tape.verdict("log.only-on-request") is Verdict.NOT_SEEN


def test_who_names_no_level_hears_nothing() -> None:
    assert asked(None, LOG).verdict("log.only-on-request") is Verdict.FAIL
    tape = asked("info", LOG)
    tape.ask("tools/call", {"name": "t"}, id=3, events=[message_event(complete(3))])
    assert tape.verdict("log.only-on-request") is Verdict.PASS


def test_silence_of_a_tool_that_never_logs_shows_nothing() -> None:
    assert asked(None).verdict("log.only-on-request") is Verdict.NOT_SEEN


def test_a_subscription_carries_no_logs_whatever_it_names() -> None:
    tape = asked("info", LOG, method="subscriptions/listen")
    assert tape.verdict("log.same-stream") is Verdict.FAIL
    assert tape.verdict("log.only-on-request") is Verdict.NOT_SEEN


def test_a_log_that_was_not_discovered_is_a_breach() -> None:
    assert asked("info", LOG, logging=False).verdict("log.capability") is Verdict.FAIL


@pytest.mark.parametrize("value", ["loud", 3, []])
def test_an_unknown_level_of_a_request_draws_an_invalid_parameter(value: JSON) -> None:
    for answer, verdict in ((error(2, -32602), Verdict.PASS), (complete(2), Verdict.WARN)):
        tape = Tape("2026-07-28")
        tape.discover(capabilities={"logging": {}})
        tape.ask("tools/call", {"name": "t"}, id=2, meta={LEVEL: value}, answer=answer)
        assert tape.verdict("log.errors") is verdict


def test_who_does_not_log_may_overlook_the_level() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={})
    tape.ask("tools/list", id=2, meta={LEVEL: "loud"}, answer=complete(2))
    assert tape.verdict("log.errors") is Verdict.NOT_APPLICABLE
