"""Names in `_meta`: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, message_event, notification, request, result


def answered(value: dict[str, JSON]) -> Tape:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "tools/call", {"name": "x"}), answer=result(2, value))
    return tape


def verdicts(key: str) -> tuple[Verdict, Verdict, Verdict]:
    tape = answered({"content": [], "_meta": {key: 1}})
    return tape.verdict("meta.prefix"), tape.verdict("meta.labels"), tape.verdict("meta.name")


GOOD, BAD, UNSEEN = Verdict.PASS, Verdict.FAIL, Verdict.NOT_SEEN


@pytest.mark.parametrize("key", ["progressToken", "a", "0", "a-b_c.d", "A9"])
def test_a_prefix_is_optional(key: str) -> None:
    assert verdicts(key) == (UNSEEN, UNSEEN, GOOD)


@pytest.mark.parametrize("key", ["com.example/name", "x/0", "a-b.c9/n", "io.modelcontextprotocol/related-task"])
def test_good_names(key: str) -> None:
    assert verdicts(key) == (GOOD, GOOD, GOOD)


def test_a_name_may_be_empty() -> None:
    assert verdicts("com.example/") == (GOOD, GOOD, UNSEEN)
    assert verdicts("") == (UNSEEN, UNSEEN, UNSEEN)


@pytest.mark.parametrize("key", ["com..example/name", ".example/name", "com.example./name", "com/example/name"])
def test_a_prefix_is_labels_and_dots(key: str) -> None:
    assert verdicts(key) == (BAD, GOOD, GOOD)


def test_a_prefix_is_not_empty() -> None:
    assert verdicts("/name") == (BAD, UNSEEN, GOOD)


@pytest.mark.parametrize("key", ["1com.example/name", "com.example-/name", "-com/name", "c_m/name", "cöm/name"])
def test_labels_begin_with_a_letter(key: str) -> None:
    assert verdicts(key) == (GOOD, BAD, GOOD)


@pytest.mark.parametrize("key", ["_name", "name-", "com.example/.name", "$", "ñ", "na\n"])
def test_names_begin_and_end_alphanumeric(key: str) -> None:
    assert verdicts(key)[2] is BAD


def test_what_stands_inside_a_name_is_not_judged() -> None:
    assert verdicts("na me")[2] is GOOD


def test_metadata_is_found_wherever_the_protocol_puts_it() -> None:
    content: list[JSON] = [{"type": "text", "text": "x", "_meta": {"_bad": 1}}]
    assert answered({"content": content}).verdict("meta.name") is BAD
    tape = Tape()
    tape.initialize()
    tape.get(events=[message_event(notification("notifications/message", {"_meta": {"_bad": 1}}))])
    assert tape.verdict("meta.name") is BAD


def test_an_application_may_call_its_own_things_meta() -> None:
    own: dict[str, JSON] = {"_meta": {"_theirs": 1}}
    tape = answered({"content": [], "structuredContent": {"deep": own}, "_meta": {"com.example/own": own}})
    tape.post(request(3, "tools/list"), answer=result(3, {"tools": [{"inputSchema": {"properties": own}}]}))
    assert tape.verdict("meta.name") is GOOD


def test_what_the_client_sends_is_not_the_servers() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping", {"_meta": {"_bad": 1}}), answer=result(2))
    assert tape.verdict("meta.name") is UNSEEN


@pytest.mark.parametrize("meta", [None, [], "x", 5])
def test_metadata_that_is_no_object_has_no_names(meta: JSON) -> None:
    assert answered({"_meta": meta}).verdict("meta.name") is UNSEEN
