"""Headers that repeat the body: what a server may answer to wrong ones, and what to right ones."""

from typing import Any

import pytest

from conformance.evidence.era import VERSION, wrapped
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, request, result

MISMATCH, UNSUPPORTED, INVALID, NO_METHOD = -32020, -32022, -32600, -32601
NEVER = "2099-12-31"
CALL: dict[str, JSON] = {"name": "plain", "arguments": {}}


def tape(**members: JSON) -> Tape:
    """A server that serves a call of its tool when all is right."""
    served = Tape("2026-07-28")
    served.discover(**members)
    served.ask("tools/call", CALL, id="right", answer=complete("right"))
    return served


def refused(on: Tape, code: int = MISMATCH, status: int = 400, **options: Any) -> Tape:
    on.ask("tools/call", CALL, id=2, answer=error(2, code), status=status, **options)
    return on


def served(on: Tape, **options: Any) -> Tape:
    on.ask("tools/call", CALL, id=2, answer=complete(2), **options)
    return on


@pytest.mark.parametrize("name", ["Mcp-Method", "Mcp-Name"])
def test_a_header_that_is_missing_is_for_a_refusal(name: str) -> None:
    assert refused(tape(), headers={name: None}).verdict("hdr.required") is Verdict.PASS
    assert served(tape(), headers={name: None}).verdict("hdr.required") is Verdict.FAIL


def test_a_refusal_without_a_word_about_headers_counts_where_the_right_request_was_served() -> None:
    wrong = refused(tape(), INVALID, headers={"Mcp-Method": None})
    assert wrong.verdict("hdr.required") is Verdict.PASS
    assert wrong.verdict("hdr.mismatch") is Verdict.PASS
    assert wrong.verdict("hdr.mismatch-code") is Verdict.FAIL


def test_an_unknown_method_may_be_the_first_thing_that_is_said() -> None:
    unknown = Tape("2026-07-28")
    unknown.ask("no/such", id=2, answer=error(2, NO_METHOD), status=404, headers={"Mcp-Method": "other"})
    assert unknown.outcomes("hdr.mismatch") == ["open"]
    assert unknown.outcomes("hdr.mismatch-code") == ["open"]


def test_no_other_method_needs_a_name() -> None:
    on = tape()
    on.ask("tools/list", id=2, answer=complete(2, {"tools": []}), headers={"Mcp-Name": None})
    on.post({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {}}, status=202)
    assert on.outcomes("hdr.required") == []


@pytest.mark.parametrize(
    ("name", "value"), [("Mcp-Method", "tools/list"), ("Mcp-Method", "TOOLS/CALL"), ("Mcp-Name", "Plain")]
)
def test_a_header_that_differs_in_a_letter_differs(name: str, value: str) -> None:
    headers: dict[str, str | None] = {name: value}
    assert refused(tape(), headers=headers).verdict("hdr.mismatch") is Verdict.PASS
    assert served(tape(), headers=headers).verdict("hdr.mismatch") is Verdict.FAIL


@pytest.mark.parametrize("status", [200, 404, 422, 500])
def test_a_refusal_for_headers_has_status_400(status: int) -> None:
    on = refused(tape(), status=status, headers={"Mcp-Name": "other"})
    assert on.verdict("hdr.mismatch") is Verdict.FAIL
    assert on.verdict("hdr.mismatch-code") is Verdict.PASS


def test_a_refusal_that_is_no_json_has_no_code() -> None:
    on = tape()
    on.ask("tools/call", CALL, id=2, answer=b"no", media_type="text/plain", status=400, headers={"Mcp-Name": "other"})
    assert on.verdict("hdr.mismatch") is Verdict.PASS
    assert on.verdict("hdr.mismatch-code") is Verdict.FAIL


def test_a_refusal_that_did_not_come_whole_may_have_had_a_code() -> None:
    on = tape()
    wrong: dict[str, str | None] = {"Mcp-Name": "other"}
    on.ask("tools/call", CALL, id=2, headers=wrong, answer=b"{", status=400, ending="hung up")
    assert on.outcomes("hdr.mismatch-code") == ["open"]


def test_who_stands_before_the_server_needs_no_code() -> None:
    from_it = {"Server": "edge"}
    on = tape()
    wrong: dict[str, str | None] = {"Mcp-Method": None}
    on.ask("tools/call", CALL, id=2, headers=wrong, answer=b"Bad", status=400, response_headers=from_it)
    assert on.verdict("hdr.mismatch-code") is Verdict.NOT_SEEN
    served(on, response_headers=from_it)
    assert on.verdict("hdr.mismatch-code") is Verdict.FAIL


@pytest.mark.parametrize("id", [None, "absent"])
def test_the_error_of_a_refusal_may_have_no_id(id: JSON) -> None:
    on, body = tape(), error(id, MISMATCH)
    if id == "absent":
        del body["id"]
    on.ask("tools/call", CALL, id=2, answer=body, status=400, headers={"Mcp-Name": "other"})
    assert on.verdict("hdr.mismatch-code") is Verdict.PASS


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_who_is_not_let_in_learns_nothing_about_headers(status: int) -> None:
    on = refused(tape(), INVALID, status, headers={"Mcp-Method": None})
    for key in ("hdr.required", "hdr.mismatch", "hdr.mismatch-code"):
        assert on.outcomes(key) == ["open"]


def test_of_two_flaws_nobody_knows_which_was_answered() -> None:
    on = served(tape(), headers={"Mcp-Method": None, "Mcp-Name": "other"})
    assert on.outcomes("hdr.required") == on.outcomes("hdr.mismatch") == []


def test_incomplete_metadata_comes_first() -> None:
    on = refused(tape(), -32602, meta={"io.modelcontextprotocol/clientCapabilities": None}, headers={"Mcp-Name": "x"})
    assert on.outcomes("hdr.mismatch") == []


def test_a_plain_name_may_be_wrapped() -> None:
    headers: dict[str, str | None] = {"Mcp-Name": wrapped("plain")}
    assert served(tape(), headers=headers).verdict("hdr.decode") is Verdict.PASS
    assert refused(tape(), headers=headers).verdict("hdr.decode") is Verdict.FAIL
    assert refused(tape(), -32602, 200, headers=headers).verdict("hdr.decode") is Verdict.FAIL


@pytest.mark.parametrize(
    "name",
    ["=?base64?cGxhaW4?=", "=?base64?!cGxhaW4=?=", "=?BASE64?cGxhaW4=?=", "=?base64?cGxhaW4=", "cGxhaW4="],
)
def test_what_is_not_quite_wrapped_is_no_name(name: str) -> None:
    assert refused(tape(), headers={"Mcp-Name": name}).verdict("hdr.decode") is Verdict.PASS
    wrong = served(tape(), headers={"Mcp-Name": name})
    assert wrong.verdict("hdr.decode") is Verdict.FAIL
    assert wrong.verdict("hdr.mismatch") is not Verdict.FAIL


def test_an_unknown_tool_may_be_unknown_under_a_wrapped_name_too() -> None:
    on = tape()
    on.ask("tools/call", {"name": "no such"}, id=2, answer=error(2, -32602), headers={"Mcp-Name": wrapped("no such")})
    assert on.outcomes("hdr.decode") == ["open"]


def rewritten(on: Tape, answer: JSON, status: int, name: str = "mcp-method", space: str = "") -> Tape:
    headers: dict[str, str | None] = {"Mcp-Method": None, name: f"{space}tools/call{space}"}
    on.ask("tools/call", CALL, id=2, answer=answer, status=status, headers=headers)
    return on


@pytest.mark.parametrize("name", ["mcp-method", "MCP-METHOD"])
def test_a_header_may_be_spelled_in_any_case(name: str) -> None:
    assert rewritten(tape(), complete(2), 200, name).verdict("hdr.name-case") is Verdict.PASS
    assert rewritten(tape(), error(2, MISMATCH), 400, name).verdict("hdr.name-case") is Verdict.FAIL


def test_white_space_around_a_value_is_none_of_it() -> None:
    spaced = {"name": "Mcp-Method", "space": " "}
    assert rewritten(tape(), complete(2), 200, **spaced).verdict("hdr.white-space") is Verdict.PASS
    wrong = rewritten(tape(), error(2, MISMATCH), 400, **spaced)
    assert wrong.verdict("hdr.white-space") is Verdict.FAIL
    assert "bad" not in wrong.outcomes("hdr.mismatch") + wrong.outcomes("hdr.name-case")


def test_a_client_that_writes_all_names_small_is_not_to_blame_for_other_forms() -> None:
    on = Tape("2026-07-28")
    small: dict[str, str | None] = {"Mcp-Method": None, "mcp-method": "tools/call"}
    on.ask("tools/call", CALL, id=1, answer=complete(1), headers=small)
    on.ask("tools/call", CALL, id=2, answer=error(2), status=400, headers=small | {"Mcp-Name": wrapped("plain")})
    assert on.verdict("hdr.name-case") is Verdict.PASS
    assert on.verdict("hdr.decode") is Verdict.FAIL


@pytest.mark.parametrize(("later", "verdict"), [([], Verdict.PASS), (["test://here"], Verdict.FAIL)])
def test_what_comes_and_goes_may_be_gone_under_any_spelling(later: list[str], verdict: Verdict) -> None:
    on = Tape("2026-07-28")
    read: dict[str, JSON] = {"uri": "test://here"}
    for id, uris in (("before", ["test://here"]), ("after", later)):
        on.ask("resources/list", id=id, answer=complete(id, {"resources": [{"uri": uri} for uri in uris]}))
    on.ask("resources/read", read, id="right", answer=complete("right"))
    on.ask("resources/read", read, id=3, headers={"Mcp-Name": wrapped("test://here")}, answer=error(3, -32602))
    on.ask("resources/read", read, id=4, headers={"Mcp-Name": wrapped("test://here")}, answer=complete(4))
    assert on.verdict("hdr.decode") is verdict


def test_two_versions_in_one_request_are_for_a_refusal() -> None:
    headers: dict[str, str | None] = {"MCP-Protocol-Version": NEVER}
    assert refused(tape(), headers=headers).verdict("hdr.version-mismatch") is Verdict.PASS
    assert served(tape(), headers=headers).verdict("hdr.version-mismatch") is Verdict.FAIL
    assert refused(tape(), status=200, headers=headers).verdict("hdr.version-mismatch") is Verdict.FAIL
    assert refused(tape(), INVALID, headers=headers).verdict("hdr.version-mismatch") is Verdict.FAIL


def test_one_of_two_versions_may_also_be_unsupported() -> None:
    headers: dict[str, str | None] = {"MCP-Protocol-Version": "2026-07-28"}
    body = {VERSION: NEVER}
    assert refused(tape(), UNSUPPORTED, meta=body, headers=headers).verdict("hdr.version-mismatch") is Verdict.WARN
    both = tape(supportedVersions=["2026-07-28", NEVER])
    assert refused(both, UNSUPPORTED, meta=body, headers=headers).verdict("hdr.version-mismatch") is Verdict.FAIL


def test_a_header_of_the_session_era_may_lead_there() -> None:
    on = refused(tape(), INVALID, headers={"MCP-Protocol-Version": "2025-11-25"})
    assert on.outcomes("hdr.version-mismatch") == ["open"]


def older(on: Tape, answer: JSON, status: int = 200) -> Tape:
    params: dict[str, JSON] = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {}}
    on.client = "older"
    on.post(request(1, "initialize", params), answer=answer, status=status)
    on.client = "story#1"
    return on


def test_a_server_of_modern_revisions_alone_refuses_a_missing_version() -> None:
    headers: dict[str, str | None] = {"MCP-Protocol-Version": None}
    assert refused(tape(), headers=headers).verdict("hdr.version-missing") is Verdict.PASS
    alone = older(tape(), error(1, UNSUPPORTED), 400)
    assert served(alone, headers=headers).verdict("hdr.version-missing") is Verdict.FAIL
    alone = older(tape(), error(1, UNSUPPORTED), 400)
    assert refused(alone, INVALID, headers=headers).verdict("hdr.version-missing") is Verdict.FAIL


def test_nobody_knows_whom_a_server_serves_that_was_not_asked() -> None:
    assert served(tape(), headers={"MCP-Protocol-Version": None}).outcomes("hdr.version-missing") == ["open"]


@pytest.mark.parametrize("how", ["listed", "agreed"])
def test_a_server_of_2025_03_26_may_take_a_missing_version_for_that(how: str) -> None:
    on = tape(supportedVersions=["2026-07-28", "2025-03-26"]) if how == "listed" else tape()
    if how == "agreed":
        older(on, result(1, {"protocolVersion": "2025-03-26", "capabilities": {}}))
    refused(on, INVALID, headers={"MCP-Protocol-Version": None})
    assert on.verdict("hdr.version-missing") is Verdict.NOT_APPLICABLE


def test_hostile_answers_raise_nothing() -> None:
    on = Tape("2026-07-28")
    on.discover(supportedVersions={"a": 1}, capabilities=7)
    answers: list[Any] = [request(2, "x") | {"error": 7}, {"jsonrpc": "2.0", "id": 2, "result": []}, b"\xff", []]
    changes: list[dict[str, Any]] = [{"Mcp-Name": "=?base64?\xff?="}, {"MCP-Protocol-Version": None}]
    for answer in answers:
        for headers in changes:
            on.ask("tools/call", {"name": "x", "arguments": 3}, id=2, answer=answer, status=400, headers=headers)
    for key in ("required", "mismatch", "mismatch-code", "decode", "name-case"):
        on.verdict(f"hdr.{key}")
    for key in ("version-mismatch", "version-missing", "white-space"):
        on.verdict(f"hdr.{key}")
