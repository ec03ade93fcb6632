"""Subscriptions: what stays away from them, how they end, and what they tell of lists."""

import pytest

from conformance.evidence.era import SUBSCRIPTION
from conformance.evidence.trace import JSON, Ending
from conformance.judging.check import Verdict
from tests.checks.listens import (
    ENDS,
    KEYS,
    LISTEN,
    TOOLS,
    agreed,
    changed,
    listening,
    opened,
    said,
    tape,
    updated,
)
from tests.tape import complete, error, message_event, notification

# Reports


@pytest.mark.parametrize("method", ["progress", "message"])
def test_reports_do_not_come_under_a_subscription(method: str) -> None:
    report = said(method, progressToken="t", progress=1, level="info", data=1)
    assert listening(agreed(TOOLS), report).verdict("subs.changes-only") is Verdict.FAIL


def test_reports_that_come_elsewhere_meanwhile_show_it() -> None:
    made = tape()
    number = opened(made, TOOLS, "open")
    progress = message_event(notification("notifications/progress", {"progressToken": "t", "progress": 1}))
    made.ask("tools/call", {"name": "x"}, id=5, events=[progress, message_event(complete(5))])
    made.end(number, "hung up")
    assert made.verdict("subs.changes-only") is Verdict.PASS
    assert made.verdict("stream.related") is not Verdict.FAIL


# The end


RESULT = message_event(complete(1, {"_meta": {SUBSCRIPTION: 1}}))
CANCELLED = said("cancelled", None, requestId=1)


@pytest.mark.parametrize("key", ENDS)
@pytest.mark.parametrize("farewell", [[RESULT], [CANCELLED], [CANCELLED, RESULT]])
def test_a_result_a_cancellation_or_both_are_a_good_end(key: str, farewell: list[str]) -> None:
    assert listening(agreed(TOOLS), *farewell, ending="complete").verdict(key) is Verdict.PASS


def test_a_bare_end_is_a_warning() -> None:
    made = listening(agreed(TOOLS), ending="complete")
    assert made.verdict("subs.graceful") is Verdict.WARN
    assert made.verdict("subs.cancelled") is Verdict.WARN
    assert made.verdict("subs.cancelled-only") is Verdict.PASS


def test_an_error_tells_of_the_end_but_is_no_good_one() -> None:
    made = listening(agreed(TOOLS), message_event(error(1, -32603)), ending="complete")
    assert made.verdict("subs.graceful") is Verdict.WARN
    assert made.verdict("subs.cancelled") is Verdict.PASS


@pytest.mark.parametrize("ending", ["hung up", "lost", "timed out"])
def test_an_end_that_is_not_the_servers_decides_nothing(ending: Ending) -> None:
    made = listening(agreed(TOOLS), ending=ending)
    assert {made.verdict(key) for key in ENDS} == {Verdict.NOT_SEEN}


@pytest.mark.parametrize("named", [2, "1", None, "unknown", [], True])
def test_nothing_but_subscriptions_is_cancelled(named: JSON) -> None:
    made = listening(agreed(TOOLS), said("cancelled", None, requestId=named))
    made.ask("tools/call", {"name": "x"}, id=2, answer=complete(2))
    assert made.verdict("subs.cancelled-only") is Verdict.FAIL


def test_what_is_cancelled_is_a_request_that_is_not_over() -> None:
    assert listening(agreed(TOOLS), CANCELLED, RESULT, ending="complete").verdict("cancel.valid-id") is Verdict.PASS
    assert listening(agreed(TOOLS), CANCELLED, ending="complete").verdict("cancel.valid-id") is Verdict.PASS
    assert listening(agreed(TOOLS), RESULT, CANCELLED, ending="complete").verdict("cancel.valid-id") is Verdict.FAIL
    strange = said("cancelled", None, requestId="who")
    assert listening(agreed(TOOLS), strange, ending="complete").verdict("cancel.valid-id") is Verdict.FAIL


def test_what_was_answered_elsewhere_may_be_a_race() -> None:
    made = tape()
    made.ask("tools/call", {"name": "x"}, id=2, answer=complete(2))
    made.ask(LISTEN, {"notifications": TOOLS}, events=[agreed(TOOLS), said("cancelled", None, requestId=2)])
    assert made.verdict("cancel.valid-id") is Verdict.NOT_SEEN


# Lists that change


def tools(*names: str) -> dict[str, JSON]:
    return {"tools": [{"name": name} for name in names], "ttlMs": 0, "cacheScope": "public"}


@pytest.mark.parametrize(
    ("wanted", "told", "verdict"),
    [
        (TOOLS, True, Verdict.PASS),
        (TOOLS, False, Verdict.WARN),
        ({"promptsListChanged": True}, False, Verdict.NOT_SEEN),
    ],
)
def test_who_listens_is_told_of_a_changed_list(wanted: dict[str, JSON], told: bool, verdict: Verdict) -> None:
    made = tape()
    number = opened(made, wanted, "open")
    made.ask("tools/list", id=2, answer=complete(2, tools("a")))
    if told:
        made.chunk(number, changed(id="open"))
    made.ask("tools/list", id=3, answer=complete(3, tools("a", "b")))
    made.end(number, "hung up")
    assert made.verdict("tools.list-changed") is verdict


def test_who_promises_nothing_need_not_tell() -> None:
    made = tape({"tools": {}})
    made.ask("tools/list", id=2, answer=complete(2, tools("a")))
    made.ask("tools/list", id=3, answer=complete(3, tools("b")))
    assert made.verdict("tools.list-changed") is Verdict.NOT_APPLICABLE


# Hostile values


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "x", [], [[]], {}, {"toolsListChanged": {}}])
def test_no_value_upsets_a_check(value: JSON) -> None:
    made = tape({"tools": value, "resources": {"subscribe": value}, "prompts": []})
    events = [
        agreed(value),
        said("subscriptions/acknowledged", {}, notifications={"resourceSubscriptions": value}),
        updated(value, value),
        said("cancelled", value, requestId=value),
        message_event({"jsonrpc": "2.0", "id": value, "result": value}),
    ]
    for id in (value, 9):
        made.ask(LISTEN, {"notifications": value}, id=id, events=events)
        made.ask(LISTEN, {"notifications": {"resourceSubscriptions": value}}, id=id, events=events)
    for key in [*KEYS, *ENDS, "subs.listen", "cancel.valid-id", "tools.list-changed"]:
        assert made.verdict(key) is not Verdict.ERROR
