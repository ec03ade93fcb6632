"""Subscriptions: what comes on the stream of a `subscriptions/listen`, and for whom."""

import pytest

from conformance.evidence.era import SUBSCRIPTION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.listens import (
    ENDS,
    FILE,
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
from tests.tape import complete, error, message_event

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
