"""Subscriptions: what comes on the stream of a `subscriptions/listen`, for whom, and how it ends."""

import json
from typing import Any

import pytest

from conformance.check import Verdict
from conformance.era import CAPABILITIES, SUBSCRIPTION, VERSION
from conformance.trace import JSON, Ending
from tests.tape import Tape, complete, error, message_event, notification, request

LISTEN = "subscriptions/listen"
REVISION = "2026-07-28"
DECLARED: dict[str, JSON] = {"tools": {"listChanged": True}, "resources": {"subscribe": True}, "prompts": {}}
TOOLS: dict[str, JSON] = {"toolsListChanged": True}
FILE = "file:///etc/hosts"
KEYS = ["subs.ack-first", "subs.ack-filter", "subs.id", "subs.filter", "subs.resources", "subs.changes-only"]
ENDS = ["subs.graceful", "subs.cancelled", "subs.cancelled-only"]


def said(method: str, id: JSON = 1, **params: JSON) -> str:
    """A notification under a subscription; without one if the id is None."""
    tag: dict[str, JSON] = {} if id is None else {"_meta": {SUBSCRIPTION: id}}
    return message_event(notification(f"notifications/{method}", params | tag))


def agreed(wanted: JSON, id: JSON = 1) -> str:
    return said("subscriptions/acknowledged", id, notifications=wanted)


def changed(kind: str = "tools", id: JSON = 1) -> str:
    return said(f"{kind}/list_changed", id)


def updated(uri: JSON, id: JSON = 1) -> str:
    return said("resources/updated", id, uri=uri)


def tape(capabilities: dict[str, JSON] = DECLARED) -> Tape:
    made = Tape(REVISION)
    made.discover(capabilities=capabilities)
    return made


def listening(
    *events: str,
    wanted: dict[str, JSON] = TOOLS,
    id: JSON = 1,
    ending: Ending = "hung up",
    capabilities: dict[str, JSON] = DECLARED,
    **options: Any,
) -> Tape:
    made = tape(capabilities)
    made.ask(LISTEN, {"notifications": wanted}, id=id, events=events, ending=ending, **options)
    return made


def opened(made: Tape, wanted: dict[str, JSON], id: JSON) -> int:
    """A subscription that stays open while something else happens."""
    meta: dict[str, JSON] = {VERSION: REVISION, CAPABILITIES: {}}
    body = request(id, LISTEN, {"notifications": wanted, "_meta": meta})
    number = made.begin("POST", json.dumps(body).encode())
    made.head(number, 200, {"Content-Type": "text/event-stream"})
    made.chunk(number, agreed(wanted, id))
    return number


# Whether there is such a thing


@pytest.mark.parametrize("key", [*KEYS, *ENDS, "subs.listen"])
def test_a_server_that_declares_no_changes_need_not_know_the_method(key: str) -> None:
    for status in (404, 200):
        made = tape({"tools": {}, "resources": {"subscribe": False}})
        made.ask(LISTEN, {"notifications": TOOLS}, answer=error(1, -32601), status=status)
        assert made.verdict(key) is Verdict.NOT_APPLICABLE
    made = tape({})
    made.ask(LISTEN, {"notifications": TOOLS}, answer=b"", status=404)
    assert made.verdict(key) is Verdict.NOT_APPLICABLE


def test_who_declares_changes_knows_the_method() -> None:
    made = tape()
    made.ask(LISTEN, {"notifications": TOOLS}, answer=error(1, -32601), status=404)
    assert made.verdict("subs.listen") is Verdict.WARN
    assert {made.verdict(key) for key in [*KEYS, *ENDS]} == {Verdict.NOT_SEEN}
    assert listening(agreed(TOOLS)).verdict("subs.listen") is Verdict.PASS
    assert listening(agreed(TOOLS), capabilities={}).verdict("subs.listen") is Verdict.PASS


@pytest.mark.parametrize("key", [*KEYS, *ENDS, "subs.listen"])
@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_refusal_for_other_reasons_decides_nothing(key: str, status: int) -> None:
    made = tape()
    made.ask(LISTEN, {"notifications": TOOLS}, answer=error(1, -32603), status=status)
    assert made.verdict(key) is Verdict.NOT_SEEN


@pytest.mark.parametrize("key", [*KEYS, *ENDS, "subs.listen"])
def test_a_refusal_on_the_stream_decides_nothing(key: str) -> None:
    made = listening(message_event(error(1, -32603, "too many subscriptions")), ending="complete")
    assert made.verdict(key) is Verdict.NOT_SEEN


# The acknowledgement


def test_the_acknowledgement_comes_before_everything_but_comments() -> None:
    assert listening(": hello\n\n", agreed(TOOLS), changed()).verdict("subs.ack-first") is Verdict.PASS
    assert listening(changed(), agreed(TOOLS)).verdict("subs.ack-first") is Verdict.FAIL
    assert listening(said("message", None), agreed(TOOLS)).verdict("subs.ack-first") is Verdict.FAIL
    assert listening(message_event(complete(1)), ending="complete").verdict("subs.ack-first") is Verdict.FAIL


def test_a_result_as_json_is_no_subscription() -> None:
    made = tape()
    made.ask(LISTEN, {"notifications": TOOLS}, answer=complete(1))
    assert made.verdict("subs.ack-first") is Verdict.FAIL


def test_long_silence_is_no_acknowledgement_and_a_short_one_decides_nothing() -> None:
    assert listening(wait=3.0).verdict("subs.ack-first") is Verdict.FAIL
    assert listening().verdict("subs.ack-first") is Verdict.NOT_SEEN
    assert listening(wait=3.0, ending="lost").verdict("subs.ack-first") is Verdict.NOT_SEEN


@pytest.mark.parametrize(
    "granted",
    [{}, TOOLS, TOOLS | {"promptsListChanged": False, "resourceSubscriptions": []}, {"toolsListChanged": False}],
)
def test_the_acknowledgement_may_be_smaller_than_the_filter(granted: dict[str, JSON]) -> None:
    assert listening(agreed(granted)).verdict("subs.ack-filter") is Verdict.PASS


@pytest.mark.parametrize("granted", [{"promptsListChanged": True}, {"resourceSubscriptions": [FILE]}, None, [], 3])
def test_the_acknowledgement_has_nothing_that_was_not_asked_for(granted: JSON) -> None:
    assert listening(agreed(granted)).verdict("subs.ack-filter") is Verdict.WARN


def test_the_acknowledgement_has_no_other_resources() -> None:
    wanted: dict[str, JSON] = {"resourceSubscriptions": [FILE, "file:///tmp"]}
    cases: list[tuple[list[JSON], Verdict]] = [
        ([FILE], Verdict.PASS),
        ([FILE, "file:///root"], Verdict.WARN),
        ([1], Verdict.PASS),
    ]
    for granted, verdict in cases:
        made = listening(agreed({"resourceSubscriptions": granted}), wanted=wanted)
        assert made.verdict("subs.ack-filter") is verdict


def test_what_is_not_there_at_all_is_not_granted() -> None:
    wanted: dict[str, JSON] = {"promptsListChanged": True}
    assert listening(agreed(wanted), wanted=wanted).verdict("subs.ack-filter") is Verdict.PASS  # declared, in part
    made = listening(agreed(wanted), wanted=wanted, capabilities={"tools": {}})
    assert made.verdict("subs.ack-filter") is Verdict.WARN


# The id


@pytest.mark.parametrize(("id", "named", "right"), [(1, 1, True), (1, 1.0, True), (1, "1", False), ("1", 1, False)])
def test_a_message_carries_the_id_of_its_subscription(id: JSON, named: JSON, right: bool) -> None:
    made = listening(agreed(TOOLS, id), changed(id=named), id=id)
    assert made.verdict("subs.id") is (Verdict.PASS if right else Verdict.FAIL)


@pytest.mark.parametrize("named", [None, True, [], {}, "other"])
def test_a_message_without_the_id_is_wrong(named: JSON) -> None:
    assert listening(agreed(TOOLS), changed(id=named)).verdict("subs.id") is Verdict.FAIL
    assert listening(agreed(TOOLS, named)).verdict("subs.id") is Verdict.FAIL


def test_the_result_carries_the_id_too() -> None:
    tagged = message_event(complete(1, {"_meta": {SUBSCRIPTION: 1}}))
    assert listening(agreed(TOOLS), tagged, ending="complete").verdict("subs.id") is Verdict.PASS
    bare = message_event(complete(1))
    assert listening(agreed(TOOLS), bare, ending="complete").verdict("subs.id") is Verdict.FAIL


# The filter


def test_only_what_was_asked_for_comes() -> None:
    assert listening(agreed(TOOLS), changed()).verdict("subs.filter") is Verdict.PASS
    assert listening(agreed(TOOLS), changed("prompts")).verdict("subs.filter") is Verdict.FAIL
    assert listening(agreed(TOOLS), updated(FILE)).verdict("subs.filter") is Verdict.FAIL
    off: dict[str, JSON] = {"toolsListChanged": False, "resourceSubscriptions": []}
    assert listening(agreed({}), changed(), wanted=off).verdict("subs.filter") is Verdict.FAIL


def test_notifications_that_nobody_knows_are_not_judged() -> None:
    assert listening(agreed(TOOLS), said("acme/news")).verdict("subs.filter") is Verdict.NOT_SEEN


def test_a_change_that_others_hear_of_shows_that_one_does_not() -> None:
    made = tape()
    narrow = opened(made, {"promptsListChanged": True}, "narrow")
    made.ask(LISTEN, {"notifications": TOOLS}, id=2, events=[agreed(TOOLS, 2), changed(id=2)], ending="hung up")
    made.end(narrow, "hung up")
    assert made.outcomes("subs.filter") == ["ok", "ok"]


def test_updates_are_of_the_resources_named_or_of_their_parts() -> None:
    wanted: dict[str, JSON] = {"resourceSubscriptions": ["file:///Some%20where/"]}
    for uri, verdict in (
        ("file:///Some%20where/", Verdict.PASS),
        ("file:///some where", Verdict.PASS),
        ("file:///Some%20where/file.txt", Verdict.PASS),
        ("file:///elsewhere", Verdict.WARN),
        (None, Verdict.WARN),
        ([], Verdict.WARN),
    ):
        assert listening(agreed(wanted), updated(uri), wanted=wanted).verdict("subs.resources") is verdict


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
