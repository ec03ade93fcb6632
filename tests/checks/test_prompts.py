"""Prompts: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, notification, request, result

LISTED: list[JSON] = [
    {"name": "plain"},
    {"name": "demanding", "arguments": [{"name": "a", "required": True}, {"name": "b"}]},
]
KEYS = (
    "capability",
    "list-changed",
    "negotiated",
    "media",
    "embedded",
    "embedded-type",
    "unknown-error",
    "missing-argument",
)
CHANGED = message_event(notification("notifications/prompts/list_changed"))


def tape(declared: JSON = None, listed: JSON = None) -> Tape:
    began = Tape()
    began.initialize(session_id="s", capabilities={"prompts": {} if declared is None else declared})
    began.post(request(2, "prompts/list"), answer=result(2, {"prompts": LISTED if listed is None else listed}))
    return began


def got(name: JSON, answer: dict[str, JSON], on: Tape | None = None, **arguments: JSON) -> Tape:
    told = on or tape()
    wanted: dict[str, JSON] = {"arguments": arguments} if arguments else {}
    told.post(request(3, "prompts/get", {"name": name, **wanted}), answer=answer)
    return told


def modern(declared: JSON = None) -> Tape:
    began = Tape("2026-07-28")
    began.discover(capabilities={"prompts": {} if declared is None else declared})
    began.ask("prompts/list", id=2, answer=complete(2, {"prompts": LISTED}))
    return began


def says(*blocks: JSON) -> dict[str, JSON]:
    return result(3, {"messages": [{"role": "user", "content": block} for block in blocks]})


def embedded(**resource: JSON) -> Tape:
    return got("plain", says({"type": "resource", "resource": resource}))


def test_changes_are_told_where_declared() -> None:
    cases: list[tuple[JSON, str]] = [({"listChanged": True}, "ok"), ({}, "bad"), ({"listChanged": 1}, "bad")]
    for declared, outcome in cases:
        told = tape(declared)
        told.get(events=[CHANGED])
        assert told.outcomes("prompts.negotiated") == [outcome]


def test_prompts_that_are_not_declared_at_all_are_another_matter() -> None:
    told = Tape()
    told.initialize(session_id="s", capabilities={})
    told.get(events=[CHANGED])
    assert told.verdict("prompts.negotiated") is Verdict.NOT_APPLICABLE
    assert told.verdict("prompts.capability") is Verdict.FAIL


def test_an_unknown_prompt_has_a_code() -> None:
    assert got("other", error(3, -32602)).verdict("prompts.unknown-error") is Verdict.PASS
    assert got("other", error(3, -32603)).verdict("prompts.unknown-error") is Verdict.WARN
    assert got("other", says()).verdict("prompts.unknown-error") is Verdict.NOT_SEEN
    assert got("plain", error(3, -32603)).outcomes("prompts.unknown-error") == []


def test_a_session_that_is_over_says_nothing_about_prompts() -> None:
    for name, key in (("other", "unknown-error"), ("demanding", "missing-argument")):
        told = tape()
        told.post(request(4, "prompts/get", {"name": name}), answer=error(4, -32600), status=404)
        assert told.outcomes(f"prompts.{key}") == ["open"]


def test_prompts_that_are_declared_can_be_listed_since_2026_07_28() -> None:
    assert modern().verdict("prompts.list") is Verdict.PASS
    told = modern()
    told.ask("prompts/list", id=3, answer=error(3, -32601), status=404)
    assert told.verdict("prompts.list") is Verdict.FAIL
    bare = Tape("2026-07-28")
    bare.discover(capabilities={})
    bare.ask("prompts/list", id=3, answer=error(3, -32601), status=404)
    for key in ("list", *KEYS):
        assert bare.verdict(f"prompts.{key}") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(("name", "key"), [("other", "unknown-error"), ("demanding", "missing-argument")])
def test_errors_without_a_session(name: str, key: str) -> None:
    cases = (
        (error(4, -32602), "ok"),
        (error(4, -32603), "bad"),
        (result(4, {"resultType": "input_required"}), "open"),
    )
    for answer, outcome in cases:
        told = modern()
        told.ask("prompts/get", {"name": name}, id=4, answer=answer)
        assert told.outcomes(f"prompts.{key}") == [outcome]


def test_an_error_that_may_be_about_the_headers_is_not_about_prompts() -> None:
    told = modern()
    told.ask("prompts/get", {"name": "other"}, id=4, headers={"Mcp-Name": "x"}, answer=error(4, -32020), status=400)
    assert told.outcomes("prompts.unknown-error") == ["open"]


def test_changes_are_told_on_listen_streams_where_declared() -> None:
    cases: list[tuple[JSON, str]] = [({"listChanged": True}, "ok"), ({}, "bad")]
    for declared, outcome in cases:
        told = modern(declared)
        told.ask("subscriptions/listen", {"notifications": {"promptsListChanged": True}}, id=5, events=[CHANGED])
        assert told.outcomes("prompts.negotiated") == [outcome]


def test_a_prompt_on_another_page_is_not_unknown() -> None:
    told = tape()
    told.post(request(4, "prompts/list"), answer=result(4, {"prompts": [], "nextCursor": "2"}))
    assert got("other", error(3, -1), told).outcomes("prompts.unknown-error") == []


def test_a_missing_argument_has_a_code() -> None:
    assert got("demanding", error(3, -32602)).verdict("prompts.missing-argument") is Verdict.PASS
    assert got("demanding", error(3, -32602), b="x").verdict("prompts.missing-argument") is Verdict.PASS
    assert got("demanding", error(3, 0)).verdict("prompts.missing-argument") is Verdict.WARN
    assert got("demanding", says()).verdict("prompts.missing-argument") is Verdict.WARN
    assert got("demanding", error(3, 0), a="x").outcomes("prompts.missing-argument") == []


def test_where_no_argument_is_required_none_is_missing() -> None:
    told = tape(listed=[{"name": "plain", "arguments": [{"name": "a"}]}])
    assert got("plain", says(), told).verdict("prompts.missing-argument") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("mime", ["image/png", "audio/x-wav", "image/svg+xml", "audio/ogg; codecs=opus"])
def test_media_types(mime: str) -> None:
    assert (
        got("plain", says({"type": "image", "data": "AAAA", "mimeType": mime})).verdict("prompts.media")
        is Verdict.PASS
    )


@pytest.mark.parametrize(("data", "mime"), [("AAAA", "png"), ("AAAA", ""), ("AAAA", "image/"), ("a b", "image/png")])
def test_what_is_no_media(data: str, mime: str) -> None:
    block: JSON = {"type": "audio", "data": data, "mimeType": mime}
    assert got("plain", says(block)).verdict("prompts.media") is Verdict.FAIL


def test_a_prompt_without_pictures_shows_nothing_of_them() -> None:
    told = got("plain", says({"type": "text", "text": "x"}))
    for key in ("prompts.media", "prompts.embedded", "prompts.embedded-type"):
        assert told.verdict(key) is Verdict.NOT_SEEN


def test_embedded_resources() -> None:
    assert embedded(uri="test://a", text="").verdict("prompts.embedded") is Verdict.PASS
    assert embedded(uri="test://a", blob="AAAA").verdict("prompts.embedded") is Verdict.PASS
    assert embedded(uri="a b", text="").verdict("prompts.embedded") is Verdict.FAIL
    assert embedded(uri="test://a", blob="!").verdict("prompts.embedded") is Verdict.FAIL
    assert embedded(text="").verdict("prompts.embedded") is Verdict.FAIL


def test_a_resource_without_media_type_is_only_warned_of() -> None:
    assert embedded(uri="test://a", text="").verdict("prompts.embedded-type") is Verdict.WARN
    assert embedded(uri="test://a", text="", mimeType="text/plain").verdict("prompts.embedded-type") is Verdict.PASS


@pytest.mark.parametrize(
    "value", [None, 1, "x", [None, 1], {"a": 1}, [{"name": [], "arguments": [1, {"required": True}]}]]
)
def test_nonsense_is_nobodys_crash(value: JSON) -> None:
    told = got(value, result(3, {"messages": value}), tape(value, value))
    told = got("plain", says(value, {"type": "image", "data": value}, {"type": "resource", "resource": value}), told)
    now = modern(value)
    now.ask("prompts/list", id=3, answer=complete(3, {"prompts": value}))
    now.ask("prompts/get", {"name": value, "arguments": value}, id=4, answer=complete(4, {"messages": value}))
    now.verdict("prompts.list")
    for key in KEYS:
        told.verdict(f"prompts.{key}")
        now.verdict(f"prompts.{key}")
