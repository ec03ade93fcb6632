"""Versions, methods and discovery of the modern era: what is legal, and what is not."""

import pytest

from conformance.evidence.era import CLIENT_INFO, VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, notification

NEVER = "1900-01-01"
NOWHERE = "conformance/there-is-no-such-method"
OLD = "2025-11-25"


def modern(**discovery: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(**discovery)
    return tape


def unsupported(data: JSON, code: int = -32022) -> JSON:
    told = error(1, code)
    return {**told, "error": {"code": code, "message": "no", "data": data}}


def in_version(version: str, answer: JSON | bytes | None, status: int = 400, tape: Tape | None = None) -> Tape:
    tape = tape or modern()
    headers: dict[str, str | None] = {"MCP-Protocol-Version": version}
    tape.ask("tools/list", meta={VERSION: version}, headers=headers, answer=answer, status=status)
    return tape


RIGHT: JSON = {"supported": ["2026-07-28"], "requested": NEVER}


def test_an_unsupported_version_gets_400_and_the_list() -> None:
    assert in_version(NEVER, unsupported(RIGHT)).verdict("version.unsupported") is Verdict.PASS


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (RIGHT, 200, -32022),
        (RIGHT, 404, -32022),
        (RIGHT, 400, -32600),
        (RIGHT, 400, -32004),
        ({"supported": ["2026-07-28"]}, 400, -32022),
        ({"supported": [], "requested": NEVER}, 400, -32022),
        ({"supported": "2026-07-28", "requested": NEVER}, 400, -32022),
        ({"supported": [1], "requested": NEVER}, 400, -32022),
        ({"supported": ["2026-07-28", NEVER], "requested": NEVER}, 400, -32022),
        ({"supported": ["2026-07-28", "2027-01-01"], "requested": NEVER}, 400, -32022),
        ({"supported": ["2027-01-01"], "requested": NEVER}, 400, -32022),
        (None, 400, -32022),
        ([], 400, -32022),
    ],
)
def test_any_other_error_is_a_breach(data: JSON, status: int, code: int) -> None:
    assert in_version(NEVER, unsupported(data, code), status).verdict("version.unsupported") is Verdict.FAIL


def test_a_version_of_nobody_must_not_be_served() -> None:
    assert in_version(NEVER, complete(1), 200).verdict("version.unsupported") is Verdict.FAIL


def test_a_refusal_without_words_is_none() -> None:
    assert in_version(NEVER, b"", 400).verdict("version.unsupported") is Verdict.FAIL


def test_only_older_versions_may_be_told_in_one_place_alone() -> None:
    more: JSON = {"supported": ["2026-07-28", OLD], "requested": NEVER}
    assert in_version(NEVER, unsupported(more)).verdict("version.unsupported") is Verdict.WARN


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_who_keeps_everybody_out_tells_nothing_of_versions(status: int) -> None:
    assert in_version(NEVER, b"no", status).verdict("version.unsupported") is Verdict.NOT_SEEN


@pytest.mark.parametrize("version", [OLD, "DRAFT-2026-v1"])
def test_older_versions_and_drafts_are_no_clean_probes(version: str) -> None:
    assert in_version(version, error(1, -32000)).verdict("version.unsupported") is Verdict.NOT_SEEN


def test_two_versions_in_one_request_are_another_matter() -> None:
    tape = modern()
    tape.ask("tools/list", meta={VERSION: NEVER}, answer=error(1, -32020), status=400)
    assert tape.verdict("version.unsupported") is Verdict.NOT_SEEN


def test_an_error_after_other_messages_on_a_stream_is_a_warning() -> None:
    tape = modern()
    events = [message_event(notification("notifications/progress", {})), message_event(unsupported(RIGHT))]
    headers: dict[str, str | None] = {"MCP-Protocol-Version": NEVER}
    tape.ask("tools/list", meta={VERSION: NEVER}, headers=headers, events=events)
    assert tape.verdict("version.unsupported") is Verdict.WARN


def test_an_error_that_comes_first_on_a_stream_could_have_had_its_status() -> None:
    tape = modern()
    headers: dict[str, str | None] = {"MCP-Protocol-Version": NEVER}
    tape.ask("tools/list", meta={VERSION: NEVER}, headers=headers, events=[message_event(unsupported(RIGHT))])
    assert tape.verdict("version.unsupported") is Verdict.FAIL


def test_an_unknown_method_gets_404_and_32601() -> None:
    tape = modern()
    tape.ask(NOWHERE, answer=error(1, -32601), status=404)
    assert tape.verdict("method.404") is Verdict.PASS


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, error(1, -32601)),
        (400, error(1, -32601)),
        (404, b"Not Found"),
        (404, b""),
        (404, error(1, -32600)),
        (400, error(1, -32602)),
        (500, error(1, -32603)),
        (200, complete(1)),
    ],
)
def test_an_unknown_method_gets_nothing_else(status: int, answer: JSON | bytes) -> None:
    tape = modern()
    tape.ask(NOWHERE, answer=answer, status=status)
    assert tape.verdict("method.404") is Verdict.FAIL


def test_other_errors_of_a_method_that_is_there_may_have_404_too() -> None:
    tape = modern()
    tape.ask("tools/list", answer=complete(1, {"tools": []}))
    tape.ask("tools/list", {"cursor": "nowhere"}, id=2, answer=error(2, -32602), status=404)
    assert tape.verdict("method.404") is Verdict.NOT_SEEN


@pytest.mark.parametrize("headers", [{"Mcp-Method": None}, {"Mcp-Method": "ping"}, {"MCP-Protocol-Version": OLD}])
def test_a_request_that_is_wrong_elsewhere_too_decides_nothing(headers: dict[str, str | None]) -> None:
    tape = modern()
    tape.ask(NOWHERE, headers=headers, answer=error(1, -32601), status=200)
    assert tape.verdict("method.404") is Verdict.NOT_SEEN


@pytest.mark.parametrize("method", ["ping", "logging/setLevel", "resources/subscribe", "vendor/extra"])
def test_methods_of_older_revisions_and_of_vendors_may_go_on_working(method: str) -> None:
    tape = modern()
    tape.ask(method, answer=complete(1))
    assert tape.verdict("method.404") is Verdict.NOT_SEEN


def test_a_server_of_both_eras_may_have_its_own_reasons_not_to_be_pinged() -> None:
    tape = modern()
    tape.ask("ping", answer=error(1, -32600), status=400)
    assert tape.verdict("method.404") is Verdict.NOT_SEEN


def test_a_server_of_one_era_has_no_ping() -> None:
    tape = modern()
    tape.ask("initialize", {"protocolVersion": OLD}, id="old", answer=error("old", -32601), status=404)
    tape.ask("ping", answer=error(1, -32600), status=400)
    assert tape.verdict("method.404") is Verdict.FAIL


def test_the_code_may_be_about_what_a_call_names() -> None:
    tape = modern()
    tape.ask("tools/call", {"name": "nobody"}, answer=error(1, -32601), status=200)
    assert tape.verdict("method.404") is Verdict.NOT_SEEN


def test_what_is_not_declared_is_an_unknown_method() -> None:
    tape = modern(capabilities={})
    tape.ask("prompts/list", answer=error(1, -32601), status=200)
    assert tape.verdict("method.404") is Verdict.FAIL


def test_discovery_is_there() -> None:
    assert modern().verdict("discover") is Verdict.PASS


@pytest.mark.parametrize(
    ("id", "verdict"), [("", Verdict.PASS), ("a b", Verdict.PASS), ("plain", Verdict.FAIL), (7, Verdict.FAIL)]
)
def test_a_refusal_may_be_about_an_unusual_id(id: JSON, verdict: Verdict) -> None:
    tape = modern()
    tape.ask("server/discover", id=id, meta={CLIENT_INFO: {}}, answer=error(None), status=400)
    assert tape.verdict("discover") is verdict


@pytest.mark.parametrize(
    "members",
    [
        {"supportedVersions": None},
        {"supportedVersions": []},
        {"supportedVersions": "2026-07-28"},
        {"supportedVersions": [OLD]},
        {"capabilities": []},
        {"capabilities": None},
    ],
)
def test_discovery_tells_versions_and_capabilities(members: dict[str, JSON]) -> None:
    assert modern(**members).verdict("discover") is Verdict.FAIL


@pytest.mark.parametrize(("status", "code"), [(404, -32601), (400, -32600), (200, -32603)])
def test_an_error_is_no_discovery(status: int, code: int) -> None:
    tape = Tape("2026-07-28")
    tape.ask("server/discover", meta={CLIENT_INFO: {}}, answer=error(1, code), status=status)
    assert tape.verdict("discover") is Verdict.FAIL


@pytest.mark.parametrize(("status", "code"), [(400, -32022), (401, -32000), (503, -32000)])
def test_some_errors_say_nothing_of_discovery(status: int, code: int) -> None:
    tape = Tape("2026-07-28")
    tape.ask("server/discover", meta={CLIENT_INFO: {}}, answer=error(1, code), status=status)
    assert tape.verdict("discover") is Verdict.NOT_SEEN


@pytest.mark.parametrize("meta", [{}, None, [], {"io.modelcontextprotocol/serverInfo": {"name": "x"}}])
def test_a_server_that_does_not_name_itself_is_warned(meta: JSON) -> None:
    assert modern().verdict("discover.server-info") is Verdict.PASS
    assert modern(_meta=meta).verdict("discover.server-info") is Verdict.WARN


def test_nothing_here_is_asked_of_sessions() -> None:
    tape = Tape("2026-07-28")
    tape.initialize(version=OLD, asked=OLD)
    tape.post({"jsonrpc": "2.0", "id": 9, "method": NOWHERE}, answer=error(9, -32601))
    for key in ("version.unsupported", "method.404", "discover", "discover.server-info"):
        assert tape.verdict(key) is Verdict.NOT_SEEN, key


def test_hostile_values_are_survived() -> None:
    values: list[JSON] = [None, 1, "x", [], {}, [{}], {"a": [None]}]
    for value in values:
        tape = modern(supportedVersions=value, capabilities=value, _meta=value)
        in_version(NEVER, unsupported(value), tape=tape)
        tape.ask("server/discover", answer={"jsonrpc": "2.0", "id": 1, "result": value})
        tape.ask(NOWHERE, answer={"jsonrpc": "2.0", "id": 1, "error": value}, status=404)
        for key in ("version.unsupported", "method.404", "discover", "discover.server-info", "ext.names"):
            tape.verdict(key)
