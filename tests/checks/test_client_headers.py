"""Headers and metadata of modern clients, and their retries."""

import pytest

from conformance.evidence.trace import JSON
from tests.checks.live import Live
from tests.tape import complete

SCHEMA: dict[str, JSON] = {
    "type": "object",
    "properties": {"n": {"type": "integer", "x-mcp-header": "N"}, "s": {"type": "string", "x-mcp-header": "S"}},
}


def listed() -> Live:
    tape = Live("2026-07-28")
    tools: JSON = [{"name": "x", "inputSchema": SCHEMA}]
    tape.ask("tools/list", id=1, answer=complete(1, {"tools": tools}))
    return tape


def call(tape: Live, arguments: dict[str, JSON], headers: dict[str, str | None]) -> None:
    tape.ask("tools/call", {"name": "x", "arguments": arguments}, id=2, answer=complete(2), headers=headers)


def test_who_never_saw_the_list_cannot_know_what_to_repeat() -> None:
    tape = Live("2026-07-28")
    call(tape, {"n": 1}, {})
    assert tape.said("xhdr.mirror") == tape.said("hdr.client-steps") == []


@pytest.mark.parametrize(
    ("value", "header", "key", "said"),
    [
        ("plain", "plain", "xhdr.mirror", ["ok"]),
        ("plain", "=?base64?cGxhaW4=?=", "xhdr.mirror", ["ok"]),  # to wrap more than one has to is no breach
        ("plain", "other", "xhdr.mirror", ["bad"]),
        (" padded", "padded", "hdr.base64", ["bad"]),
        (" padded", "=?base64?IHBhZGRlZA==?=", "hdr.base64", ["ok"]),
        (" padded", "=?Base64?IHBhZGRlZA==?=", "hdr.base64", []),
        (" padded", "=?Base64?IHBhZGRlZA==?=", "hdr.markers", ["bad"]),
        ("=?base64?x?=", "=?base64?x?=", "hdr.base64-ambiguous", ["bad"]),
        ("=?BASE64?x?=", "=?BASE64?x?=", "hdr.base64-ambiguous", []),  # capitals are plain text
        ("=?BASE64?x?=", "=?BASE64?x?=", "hdr.markers", []),
    ],
)
def test_a_header_says_what_the_argument_says(value: str, header: str, key: str, said: list[str]) -> None:
    tape = listed()
    call(tape, {"s": value}, {"Mcp-Param-S": header})
    assert tape.said(key) == said


def test_a_header_for_nothing_is_one_too_many() -> None:
    tape = listed()
    call(tape, {"n": None}, {"Mcp-Param-N": "0"})
    assert tape.said("hdr.client-steps") == ["bad", "ok"]


def test_what_an_extension_names_needs_no_header() -> None:
    tape = Live("2026-07-28")
    tape.ask("tasks/get", {"taskId": "t"}, id=2, answer=complete(2), headers={"Mcp-Name": None})
    assert (tape.said("hdr.required"), tape.said("hdr.sent")) == (["ok"], ["ok"])


def test_a_client_that_does_not_name_itself_is_told_so_once() -> None:
    tape = listed()
    call(tape, {}, {})
    assert tape.said("meta.client-info") == ["bad"]


def retry(tape: Live, id: int, **params: JSON) -> None:
    tape.ask("tools/call", {"name": "x", "arguments": {}, **params}, id=id, answer=complete(id))


def wanting(tape: Live, id: int, **members: JSON) -> None:
    value: dict[str, JSON] = {"resultType": "input_required", **members}
    tape.ask("tools/call", {"name": "x", "arguments": {}}, id=id, answer=complete(id, value))


def test_state_comes_back_as_it_was() -> None:
    tape = Live("2026-07-28")
    wanting(tape, 1, requestState="abc")
    retry(tape, 2, requestState="abc ")
    assert (tape.said("mrtr.state-echo"), tape.said("mrtr.new-id")) == (["bad"], ["ok"])


def test_of_two_attempts_at_one_request_nobody_knows_which_is_repeated() -> None:
    tape = Live("2026-07-28")
    wanting(tape, 1, requestState="abc")
    wanting(tape, 2, requestState="def")
    retry(tape, 3, requestState="abc")
    retry(tape, 4, requestState="def")
    assert tape.said("mrtr.state-echo") == tape.said("mrtr.new-id") == []


def test_a_retry_of_what_was_asked_before_the_recording_says_nothing() -> None:
    tape = Live("2026-07-28")
    retry(tape, 2, requestState="abc", inputResponses={})
    assert tape.said("mrtr.state-echo") == tape.said("mrtr.state-none") == tape.said("mrtr.fulfil") == []


def test_state_is_for_the_request_that_it_was_given_to() -> None:
    tape = Live("2026-07-28")
    wanting(tape, 1, requestState="abc")
    tape.ask("tools/call", {"name": "y", "requestState": "abc"}, id=2, answer=complete(2))
    retry(tape, 3, requestState="abc")
    retry(tape, 4, requestState="from before")
    assert tape.said("mrtr.not-shared") == ["bad", "ok", "open"]


REFUSED: dict[str, JSON] = {
    "jsonrpc": "2.0",
    "id": 1,
    "error": {"code": -32022, "message": "no", "data": {"supported": ["2026-07-28"], "requested": "2099-01-01"}},
}


@pytest.mark.parametrize(("version", "said"), [("2026-07-28", ["ok"]), ("2098-01-01", ["bad"]), ("2099-01-01", [])])
def test_a_refused_version_gives_way_to_one_that_is_listed(version: str, said: list[str]) -> None:
    tape = Live("2026-07-28")
    for id, tried in ((1, "2099-01-01"), (2, version)):
        told = {"MCP-Protocol-Version": tried}
        meta: dict[str, JSON] = {"io.modelcontextprotocol/protocolVersion": tried}
        answer = REFUSED if id == 1 else complete(2)
        tape.ask("tools/list", id=id, meta=meta, headers={**told}, answer=answer)
    assert tape.said("version.retry") == said
