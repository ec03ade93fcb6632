"""Resources: what is no breach, and what is."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, notification, request, result

ALL: dict[str, JSON] = {"resources": {"subscribe": True, "listChanged": True}}
KEYS = ("capability", "list-changed", "uri-valid", "base64", "not-found-code", "uri-checked")
CHANGED = message_event(notification("notifications/resources/list_changed"))


def tape(declared: dict[str, JSON] | None = None) -> Tape:
    began = Tape()
    began.initialize(session_id="s", capabilities=ALL if declared is None else declared)
    return began


def modern(declared: dict[str, JSON] | None = None) -> Tape:
    began = Tape("2026-07-28")
    began.discover(capabilities=ALL if declared is None else declared)
    return began


def listing(*uris: JSON) -> dict[str, JSON]:
    return {"resources": [{"uri": uri, "name": "n"} for uri in uris]}


def lists(on: Tape, *uris: JSON, id: int = 2) -> int:
    return on.post(request(id, "resources/list"), answer=result(id, listing(*uris)))


def templates(on: Tape, *patterns: JSON) -> None:
    found: list[JSON] = [{"uriTemplate": pattern, "name": "n"} for pattern in patterns]
    on.post(request(3, "resources/templates/list"), answer=result(3, {"resourceTemplates": found}))


def reads(on: Tape, uri: JSON, answer: dict[str, JSON]) -> Tape:
    on.post(request(4, "resources/read", {"uri": uri}), answer=answer)
    return on


def contents(**content: JSON) -> dict[str, JSON]:
    return result(4, {"contents": [content]})


def test_what_is_served_is_to_be_declared() -> None:
    undeclared = tape({})
    assert undeclared.verdict("resources.capability") is Verdict.NOT_APPLICABLE
    lists(undeclared, "test://a")
    assert undeclared.verdict("resources.capability") is Verdict.FAIL


def test_what_is_served_is_to_be_declared_in_every_era() -> None:
    undeclared = modern({})
    assert undeclared.verdict("resources.capability") is Verdict.NOT_APPLICABLE
    undeclared.ask("resources/list", id=2, answer=complete(2, listing("test://a")))
    assert undeclared.verdict("resources.capability") is Verdict.FAIL


def test_an_empty_list_gives_nothing_away() -> None:
    undeclared = tape({})
    lists(undeclared)
    assert undeclared.verdict("resources.capability") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("key", ["list-changed", "base64", "not-found-code", "uri-valid", "uri-checked"])
def test_what_is_not_declared_is_not_owed(key: str) -> None:
    assert tape({}).verdict(f"resources.{key}") is Verdict.NOT_APPLICABLE
    assert modern({}).verdict(f"resources.{key}") is Verdict.NOT_APPLICABLE


def test_only_an_unknown_method_breaks_a_promise() -> None:
    for code, verdict in ((-32601, Verdict.FAIL), (-32603, Verdict.NOT_SEEN)):
        told = modern()
        told.ask("resources/list", id=2, answer=error(2, code))
        assert told.verdict("resources.list") is verdict
    assert modern({}).verdict("resources.list") is Verdict.NOT_APPLICABLE


def test_a_change_that_nobody_was_told_of() -> None:
    told = tape()
    stream = told.begin("GET")
    told.head(stream, headers={"Content-Type": "text/event-stream"})
    lists(told, "test://a")
    lists(told, "test://a", "test://b", id=5)
    assert told.verdict("resources.list-changed") is Verdict.WARN
    told.chunk(stream, CHANGED)
    assert told.verdict("resources.list-changed") is Verdict.PASS


def test_who_does_not_listen_hears_nothing() -> None:
    told = tape()
    lists(told, "test://a")
    lists(told, "test://b", id=5)
    assert told.verdict("resources.list-changed") is Verdict.NOT_SEEN


def test_another_order_is_no_change_and_one_page_no_list() -> None:
    told = tape()
    stream = told.begin("GET")
    told.head(stream, headers={"Content-Type": "text/event-stream"})
    lists(told, "test://a", "test://b")
    lists(told, "test://b", "test://a", id=5)
    told.post(request(6, "resources/list"), answer=result(6, listing("test://c") | {"nextCursor": "2"}))
    assert told.outcomes("resources.list-changed") == ["open"]


def test_without_get_streams_there_is_nowhere_to_tell() -> None:
    told = tape()
    told.exchange("GET", status=405)
    assert told.verdict("resources.list-changed") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("uri", ["a b", "/etc/passwd", "file:///a b", "test://é", "test://%zz", "", "://x"])
def test_what_is_no_uri(uri: str) -> None:
    told = tape()
    lists(told, uri)
    assert told.verdict("resources.uri-valid") is Verdict.FAIL


@pytest.mark.parametrize("uri", ["a:b", "file:///C:/x", "urn:isbn:1", "x+y.z-1://h?q#f", "http://[::1]/", "t:%C3%A9"])
def test_what_is_a_uri(uri: str) -> None:
    told = tape()
    lists(told, uri)
    assert told.verdict("resources.uri-valid") is Verdict.PASS


def test_what_only_repeats_the_client_is_not_the_servers() -> None:
    told = reads(tape(), "no uri", contents(uri="no uri", text=""))
    assert told.outcomes("resources.uri-valid") == []


@pytest.mark.parametrize("blob", ["", "AA==", "AAAA", "+/+/", "AAAA\r\nAAAA\n"])
def test_base64(blob: str) -> None:
    assert reads(tape(), "test://a", contents(uri="test://a", blob=blob)).verdict("resources.base64") is Verdict.PASS


@pytest.mark.parametrize("blob", ["A", "AAA", "-_-_", "AA==AA==", "é", "AA AA"])
def test_what_is_not_base64(blob: str) -> None:
    assert reads(tape(), "test://a", contents(uri="test://a", blob=blob)).verdict("resources.base64") is Verdict.FAIL


def missing(answer: dict[str, JSON], *patterns: JSON) -> Tape:
    told = tape()
    lists(told, "test://a", None)
    templates(told, *patterns)
    return reads(told, "test://b", answer)


def test_what_is_missing_has_a_code() -> None:
    assert missing(error(4, -32002)).verdict("resources.not-found-code") is Verdict.PASS
    assert missing(error(4, -32602)).verdict("resources.not-found-code") is Verdict.WARN
    assert missing(result(4, {"contents": []})).verdict("resources.not-found-code") is Verdict.WARN


def test_a_session_that_is_over_says_nothing_about_resources() -> None:
    told = missing(error(4, -32002))
    for status in (404, 401, 503):
        told.post(request(5, "resources/read", {"uri": "test://b"}), answer=error(5, -32600), status=status)
    assert told.outcomes("resources.not-found-code") == ["ok", "open", "open", "open"]


def missing_now(answer: dict[str, JSON], **options: Any) -> Tape:
    told = modern()
    told.ask("resources/list", id=2, answer=complete(2, listing("test://a")))
    told.ask("resources/templates/list", id=3, answer=complete(3, {"resourceTemplates": []}))
    told.ask("resources/read", {"uri": "test://b"}, id=4, answer=answer, **options)
    return told


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (error(4, -32602), Verdict.PASS),
        (error(4, -32002), Verdict.FAIL),
        (error(4, -32603), Verdict.FAIL),
        (complete(4, {"contents": []}), Verdict.FAIL),
        (complete(4, {"contents": [{"uri": "test://b", "text": "there"}]}), Verdict.NOT_SEEN),
        (result(4, {"resultType": "input_required", "requestState": "s"}), Verdict.NOT_SEEN),
    ],
)
def test_what_is_missing_has_another_code_since_2026_07_28(answer: dict[str, JSON], verdict: Verdict) -> None:
    assert missing_now(answer).verdict("resources.not-found-code") is verdict


def test_an_error_that_may_be_about_the_headers_is_not_about_resources() -> None:
    told = missing_now(error(4, -32020), headers={"Mcp-Name": None}, status=400)
    assert told.outcomes("resources.not-found-code") == ["open"]
    assert missing_now(error(4, -32002), status=404).outcomes("resources.not-found-code") == ["bad"]


def test_what_is_not_listed_may_be_there() -> None:
    told = missing(contents(uri="test://b", text="there"))
    assert told.verdict("resources.not-found-code") is Verdict.NOT_SEEN


@pytest.mark.parametrize("pattern", ["test://{x}", "{+uri}", "test:{x}", None, 1])
def test_what_a_template_may_stand_for_is_not_missing(pattern: JSON) -> None:
    assert missing(error(4, -1), pattern).outcomes("resources.not-found-code") == []


def test_without_lists_nobody_knows_what_is_missing() -> None:
    assert reads(tape(), "test://b", error(4, -1)).outcomes("resources.not-found-code") == []


@pytest.mark.parametrize("uri", ["no uri at all", None, 1, [], {}])
def test_what_is_no_uri_is_not_served(uri: JSON) -> None:
    assert reads(tape(), uri, contents(uri="test://a", text="")).verdict("resources.uri-checked") is Verdict.FAIL
    assert reads(tape(), uri, error(4, -32603)).verdict("resources.uri-checked") is Verdict.PASS
    assert reads(tape(), uri, result(4, {"contents": []})).verdict("resources.uri-checked") is Verdict.NOT_SEEN


@pytest.mark.parametrize("value", [None, 1, "x", [None, 1], {"a": 1}, [{"uri": []}], [{"uri": {}, "blob": 1}]])
def test_nonsense_is_nobodys_crash(value: JSON) -> None:
    told = tape({"resources": value})
    for id, method in enumerate(("resources/list", "resources/read", "resources/templates/list"), start=2):
        members: dict[str, JSON] = {"resources": value, "contents": value, "resourceTemplates": value}
        told.post(request(id, method, {"uri": value}), answer=result(id, members))
    for key in KEYS:
        told.verdict(f"resources.{key}")
    now = modern({"resources": value})
    for id, method in enumerate(("resources/list", "resources/read", "resources/templates/list"), start=2):
        now.ask(method, {"uri": value}, id=id, answer=complete(id, {"resources": value, "contents": value}))
    for key in ("list", *KEYS):
        now.verdict(f"resources.{key}")
