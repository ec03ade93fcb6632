"""Error codes of the modern era: what is legal, and what is not."""

import pytest

from conformance.evidence.era import CAPABILITIES, VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error

CODES = ("codes.reserved", "codes.retired", "codes.app-range")
GOOD, FAIL, WARN = Verdict.PASS, Verdict.FAIL, Verdict.WARN


def drew(code: JSON, *, meta: dict[str, JSON] | None = None, headers: dict[str, str | None] | None = None) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover()
    told: JSON = {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": "no"}}
    tape.ask("prompts/list", answer=told, status=400, meta=meta, headers=headers)
    return tape


@pytest.mark.parametrize(
    ("code", "verdicts"),
    [
        (-32700, (GOOD, GOOD, GOOD)),
        (-32603, (GOOD, GOOD, GOOD)),
        (-32021, (GOOD, GOOD, GOOD)),
        (-32000, (GOOD, GOOD, GOOD)),
        (-32019, (GOOD, GOOD, GOOD)),
        (-31999, (GOOD, GOOD, GOOD)),
        (42, (GOOD, GOOD, GOOD)),
        (-32002, (GOOD, FAIL, GOOD)),
        (-32023, (FAIL, GOOD, GOOD)),
        (-32099, (FAIL, GOOD, GOOD)),
        (-32042, (GOOD, FAIL, GOOD)),
        (-32100, (GOOD, GOOD, WARN)),
        (-32604, (GOOD, GOOD, WARN)),
        (-32768, (GOOD, GOOD, WARN)),
        (-32769, (GOOD, GOOD, GOOD)),
    ],
)
def test_each_code_has_its_place(code: int, verdicts: tuple[Verdict, Verdict, Verdict]) -> None:
    tape = drew(code)
    assert tuple(tape.verdict(key) for key in CODES) == verdicts


@pytest.mark.parametrize("code", [None, "x", 1.5, True, [], {}])
def test_what_is_no_integer_is_judged_elsewhere(code: JSON) -> None:
    assert {drew(code).verdict(key) for key in (*CODES, "codes.meaning")} == {Verdict.NOT_SEEN}


def test_older_requests_may_draw_older_codes() -> None:
    tape = Tape("2026-07-28")
    tape.initialize(version="2025-11-25", asked="2025-11-25", session_id="s")
    tape.post({"jsonrpc": "2.0", "id": 2, "method": "resources/read"}, answer=error(2, -32002))
    older: dict[str, str | None] = {"MCP-Protocol-Version": "2025-11-25"}
    tape.session_id = None
    tape.ask("resources/read", meta={VERSION: "2025-11-25"}, headers=older, answer=error(1, -32002))
    assert tape.verdict("codes.retired") is Verdict.NOT_SEEN


def test_a_right_request_draws_none_of_the_three() -> None:
    assert drew(-32020).verdict("codes.meaning") is FAIL
    assert drew(-32022).verdict("codes.meaning") is FAIL
    assert drew(-32601).verdict("codes.meaning") is Verdict.NOT_SEEN


def test_wrong_headers_draw_the_code_for_headers() -> None:
    assert drew(-32020, headers={"Mcp-Method": None}).verdict("codes.meaning") is GOOD
    assert drew(-32020, meta={VERSION: None}).verdict("codes.meaning") is Verdict.NOT_SEEN
    assert drew(-32020, meta={CAPABILITIES: None}).verdict("codes.meaning") is Verdict.NOT_SEEN


def test_unsupported_versions_draw_the_code_for_versions() -> None:
    old = "1900-01-01"
    assert drew(-32022, meta={VERSION: old}, headers={"MCP-Protocol-Version": old}).verdict("codes.meaning") is GOOD
    assert drew(-32022, headers={"MCP-Protocol-Version": old}).verdict("codes.meaning") is GOOD


def test_white_space_around_a_version_is_another_matter() -> None:
    padded: dict[str, str | None] = {"MCP-Protocol-Version": " \t2026-07-28 "}
    assert drew(-32022, headers=padded).verdict("codes.meaning") is Verdict.NOT_SEEN


def test_the_version_of_an_initialize_is_that_in_its_params() -> None:
    for version, verdict in (("2025-11-25", GOOD), ("2026-07-28", FAIL)):
        tape = Tape("2026-07-28")
        tape.discover(supportedVersions=["2026-07-28"])
        tape.ask("initialize", {"protocolVersion": version}, answer=error(1, -32022), status=400)
        assert tape.verdict("codes.meaning") is verdict


def test_without_a_list_of_versions_nobody_can_tell() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=error(1, -32022), status=400)
    assert tape.verdict("codes.meaning") is Verdict.NOT_SEEN
