"""Arguments that go along as headers: which marks are right, and which calls."""

from typing import Any

import pytest

from conformance.evidence.era import wrapped
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error

MISMATCH = -32020
MARKED: dict[str, JSON] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "x-mcp-header": "City"},
        "days": {"type": "integer", "x-mcp-header": "Days"},
        "dry": {"type": "boolean", "x-mcp-header": "Dry"},
        "at": {"type": "object", "properties": {"zone": {"type": "string", "x-mcp-header": "Zone"}}},
    },
}
FULL: dict[str, JSON] = {"city": "Rome", "days": 42, "dry": True, "at": {"zone": "a b"}}
RIGHT: dict[str, str | None] = {
    "Mcp-Param-City": "Rome",
    "Mcp-Param-Days": "42",
    "Mcp-Param-Dry": "true",
    "Mcp-Param-Zone": "a b",
}
KEYS = (
    "xhdr.valid",
    "xhdr.match",
    "xhdr.missing",
    "xhdr.bad-chars",
    "xhdr.mismatch",
    "xhdr.omit-ok",
    "xhdr.int-compare",
)


def listing(schema: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover()
    tape.ask("tools/list", id="list", answer=complete("list", {"tools": [{"name": "go", "inputSchema": schema}]}))
    return tape


def marking(**properties: JSON) -> Tape:
    return listing({"type": "object", "properties": properties})


def called(tape: Tape, code: int | None, arguments: Any = FULL, status: int = 400, **changes: Any) -> Tape:
    """A call with the right headers for all arguments, but for these; served if there is no code."""
    headers = RIGHT | {f"Mcp-Param-{name}": value for name, value in changes.items()}
    answer = complete(2) if code is None else error(2, code)
    params: dict[str, JSON] = {"name": "go", "arguments": arguments}
    tape.ask("tools/call", params, id=2, answer=answer, status=200 if code is None else status, headers=headers)
    return tape


def tape() -> Tape:
    """A server that serves the call when all is right."""
    return called(listing(MARKED), None)


def test_marks_on_plain_properties_are_right_however_deep() -> None:
    assert listing(MARKED).outcomes("xhdr.valid") == ["ok"] * 4


@pytest.mark.parametrize("mark", ["", "a b", "a:b", "é", "a\r\nb", 1, None, ["a"]])
def test_a_mark_is_a_name_that_a_header_can_have(mark: JSON) -> None:
    assert marking(city={"type": "string", "x-mcp-header": mark}).outcomes("xhdr.valid") == ["bad"]


@pytest.mark.parametrize("kind", ["number", "object", "array", "null", ["string", "number"]])
def test_only_plain_values_are_marked(kind: JSON) -> None:
    assert marking(city={"type": kind, "x-mcp-header": "City"}).outcomes("xhdr.valid") == ["bad"]


@pytest.mark.parametrize(
    "schema", [{}, {"type": ["string", "null"]}, {"enum": ["a"]}, {"anyOf": [{"type": "string"}]}]
)
def test_a_type_that_is_not_simply_named_decides_nothing(schema: dict[str, JSON]) -> None:
    assert marking(city=schema | {"x-mcp-header": "City"}).outcomes("xhdr.valid") == ["open"]


def test_two_marks_of_one_tool_differ_in_more_than_case() -> None:
    one: JSON = {"type": "string", "x-mcp-header": "City"}
    two: JSON = {"type": "string", "x-mcp-header": "city"}
    assert marking(a=one, b=two).outcomes("xhdr.valid") == ["bad", "bad"]


WORD: dict[str, JSON] = {"type": "string", "x-mcp-header": "Word"}


@pytest.mark.parametrize(
    "schema",
    [
        WORD,
        {"properties": {"a": {"type": "array", "items": WORD}}},
        {"properties": {"a": {"prefixItems": [WORD]}}},
        {"properties": {"a": {"anyOf": [{"type": "null"}, WORD]}}},
        {"oneOf": [{"properties": {"a": WORD}}]},
        {"if": {"properties": {"a": WORD}}},
        {"not": {"properties": {"a": WORD}}},
        {"$defs": {"word": WORD}, "properties": {"a": {"$ref": "#/$defs/word"}}},
        {"additionalProperties": WORD},
        {"patternProperties": {"a": WORD}},
    ],
)
def test_only_properties_lead_to_a_mark(schema: JSON) -> None:
    assert listing(schema).outcomes("xhdr.valid") == ["bad"]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"x-mcp-header": {"type": "string"}}},
        {"properties": {"a": {"default": {"x-mcp-header": ""}}}},
        {"properties": {"a": {"enum": [{"x-mcp-header": ""}]}}},
        {"x-ours": {"x-mcp-header": ""}},
        {"properties": {"a": True}},
        None,
        [],
    ],
)
def test_what_only_looks_like_a_mark_is_none(schema: JSON) -> None:
    assert listing(schema).outcomes("xhdr.valid") == ["moot"]


def test_a_schema_as_deep_as_is_read_is_walked() -> None:
    schema: dict[str, JSON] = dict(WORD)
    for _ in range(90):
        schema = {"properties": {"a": schema}}
    assert listing(schema).outcomes("xhdr.valid") == ["ok"]


def test_a_target_without_marks_does_not_use_them() -> None:
    tape = listing({"type": "object"})
    assert [tape.verdict(key) for key in KEYS] == [Verdict.NOT_APPLICABLE] * len(KEYS)


def test_a_target_without_tools_has_no_marks() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={})
    assert [tape.verdict(key) for key in KEYS] == [Verdict.NOT_APPLICABLE] * len(KEYS)


def test_right_headers_are_taken() -> None:
    assert tape().verdict("xhdr.match") is Verdict.PASS
    assert called(listing(MARKED), MISMATCH).verdict("xhdr.match") is Verdict.FAIL


@pytest.mark.parametrize(("header", "value"), [("City", "Oslo"), ("City", "rome"), ("Days", "43"), ("Dry", "false")])
def test_a_header_that_says_something_else_is_for_a_refusal(header: str, value: str) -> None:
    change: dict[str, Any] = {header: value}
    assert called(tape(), MISMATCH, **change).verdict("xhdr.match") is Verdict.PASS
    assert called(tape(), None, **change).verdict("xhdr.match") is Verdict.FAIL


def test_a_wrapped_value_is_decoded() -> None:
    assert called(tape(), None, City=wrapped("Rome")).verdict("xhdr.match") is Verdict.PASS
    assert called(tape(), MISMATCH, City=wrapped("Rome")).verdict("xhdr.match") is Verdict.FAIL


@pytest.mark.parametrize("text", ["SGVsbG8=", "=?base64?SGVsbG8="])
def test_what_looks_half_wrapped_is_what_it_is(text: str) -> None:
    arguments = FULL | {"city": text}
    assert called(tape(), MISMATCH, arguments, City=text).verdict("xhdr.match") is Verdict.FAIL
    assert called(tape(), None, arguments, City=text).verdict("xhdr.match") is Verdict.PASS


@pytest.mark.parametrize("text", ["=?base64?Um9tZQ?=", "=?base64?Um9!tZQ==?=", "=?BASE64?Um9tZQ==?=", "Um9tZQ=="])
def test_what_is_not_quite_wrapped_is_for_a_refusal(text: str) -> None:
    assert called(tape(), None, City=text).verdict("xhdr.match") is Verdict.FAIL
    assert called(tape(), MISMATCH, City=text).verdict("xhdr.match") is Verdict.PASS


def test_a_value_without_its_header_is_for_a_refusal() -> None:
    assert called(tape(), MISMATCH, City=None).verdict("xhdr.missing") is Verdict.PASS
    assert called(tape(), None, Zone=None).verdict("xhdr.missing") is Verdict.FAIL


def test_zero_and_false_are_values_that_need_a_header() -> None:
    without = called(called(tape(), None), None, FULL | {"days": 0}, Days=None)
    assert without.verdict("xhdr.missing") is Verdict.FAIL
    assert called(called(tape(), None), None, FULL | {"dry": False}, Dry=None).verdict("xhdr.missing") is Verdict.FAIL


@pytest.mark.parametrize(("header", "value"), [("Days", "42abc"), ("Dry", "True"), ("City", "rOME")])
def test_what_only_a_careless_comparison_takes_for_the_same_is_another_value(header: str, value: str) -> None:
    changes: dict[str, Any] = {header: value}
    assert called(called(tape(), None), None, **changes).verdict("xhdr.match") is Verdict.FAIL


def test_names_of_headers_in_other_letters_are_judged_elsewhere() -> None:
    told = called(tape(), None)
    params: dict[str, JSON] = {"name": "go", "arguments": FULL}
    small = dict.fromkeys(RIGHT) | {name.lower(): value for name, value in RIGHT.items()}
    told.ask("tools/call", params, id=3, answer=error(3, MISMATCH), status=400, headers=small)
    assert told.verdict("hdr.name-case") is Verdict.FAIL
    assert told.verdict("xhdr.match") is Verdict.PASS


@pytest.mark.parametrize(("code", "status"), [(-32602, 400), (MISMATCH, 200), (MISMATCH, 422)])
def test_a_refusal_has_400_and_its_code(code: int, status: int) -> None:
    assert called(tape(), code, status=status, City="Oslo").verdict("xhdr.mismatch") is Verdict.FAIL
    assert called(tape(), MISMATCH, City="Oslo").verdict("xhdr.mismatch") is Verdict.PASS


@pytest.mark.parametrize("city", ["Z\xc3\xbcrich", "a\x01b", "a\x7fb"])
def test_letters_that_no_header_may_have_are_for_a_refusal(city: str) -> None:
    arguments = FULL | {"city": city}
    assert called(tape(), None, arguments, City=city).verdict("xhdr.bad-chars") is Verdict.FAIL
    assert called(tape(), MISMATCH, arguments, City=city).verdict("xhdr.bad-chars") is Verdict.PASS


def test_the_http_library_may_refuse_bad_letters_in_its_own_words() -> None:
    on = tape()
    params: dict[str, JSON] = {"name": "go", "arguments": FULL | {"city": "\x01"}}
    on.ask("tools/call", params, id=1, answer=complete(1), headers=RIGHT | {"Mcp-Param-City": wrapped("\x01")})
    headers = RIGHT | {"Mcp-Param-City": "\x01"}
    on.ask("tools/call", params, id=2, answer=b"Bad request", media_type="text/plain", status=400, headers=headers)
    assert on.verdict("xhdr.bad-chars") is Verdict.PASS
    assert on.verdict("xhdr.mismatch") is Verdict.PASS


@pytest.mark.parametrize("arguments", [{}, {"city": None}, {"at": None}, {"at": {}}])
def test_what_is_not_there_needs_no_header(arguments: dict[str, JSON]) -> None:
    gone: dict[str, Any] = {"City": None, "Days": None, "Dry": None, "Zone": None}
    assert called(tape(), None, arguments, **gone).verdict("xhdr.omit-ok") is Verdict.PASS
    assert called(tape(), MISMATCH, arguments, **gone).verdict("xhdr.omit-ok") is Verdict.FAIL


def test_null_may_be_a_bad_argument() -> None:
    on = called(tape(), -32602, FULL | {"city": None}, City=None)
    assert on.outcomes("xhdr.omit-ok") == ["open"]


def test_a_header_for_what_is_not_there_may_draw_anything() -> None:
    for code in (None, MISMATCH):
        on = called(tape(), code, FULL | {"city": None}, City="Rome")
        assert "bad" not in [outcome for key in KEYS for outcome in on.outcomes(key)]


def test_headers_that_no_tool_asked_for_are_nobodys_business() -> None:
    on = called(tape(), None, Else="x")
    assert "bad" not in [outcome for key in KEYS for outcome in on.outcomes(key)]


@pytest.mark.parametrize(("header", "value"), [("42.0", 42), ("42", 42.0), ("42.00", 42), ("042", 42)])
def test_an_integer_is_its_value(header: str, value: JSON) -> None:
    arguments = FULL | {"days": value}
    right = called(tape(), None, arguments, Days=header)
    assert right.verdict("xhdr.match") is Verdict.PASS
    wrong = called(tape(), MISMATCH, arguments, Days=header)
    assert "bad" not in wrong.outcomes("xhdr.match")
    assert wrong.verdict("xhdr.int-compare") is Verdict.WARN


def test_a_call_is_not_blamed_for_a_form_when_every_call_is_refused() -> None:
    on = called(listing(MARKED), MISMATCH, FULL | {"dry": None}, Dry=None)
    assert on.outcomes("xhdr.omit-ok") == ["open"]


def test_calls_of_a_tool_with_bad_marks_are_not_judged() -> None:
    on = called(
        marking(city={"type": "string", "x-mcp-header": "City"}, b={"type": "number", "x-mcp-header": "B"}), None
    )
    assert on.outcomes("xhdr.missing") == on.outcomes("xhdr.match") == []


def test_a_tool_that_was_listed_in_two_ways_is_not_judged() -> None:
    on = tape()
    again: dict[str, JSON] = {"tools": [{"name": "go", "inputSchema": {"type": "object"}}]}
    on.ask("tools/list", id="again", answer=complete("again", again))
    assert called(on, None, City=None).outcomes("xhdr.missing") == []


@pytest.mark.parametrize("value", [{}, [], [1], 1e400, -0.5, "\ud800"])
def test_hostile_arguments_raise_nothing(value: JSON) -> None:
    on = called(tape(), None, {"city": value, "days": value, "dry": value, "at": value}, City="=?base64?/w==?=")
    for key in KEYS:
        on.verdict(key)
