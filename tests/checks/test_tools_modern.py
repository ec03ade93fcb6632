"""Tools from 2026-07-28 on: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, result

Object = dict[str, JSON]
EMPTY: Object = {"content": []}
FAILURE: Object = {"content": [], "isError": True}
ASKING: Object = {"resultType": "input_required", "inputRequests": {}}
KEYS = ("capability", "list", "list-order", "unknown-error", "name-case", "validate-inputs", "structured-matches")


def modern(**members: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(**members)
    return tape


def lists(*orders: str) -> Tape:
    """Walks through lists of tools, with a letter for each name and a blank between pages."""
    tape, id = modern(), 0
    for order in orders:
        pages = order.split(" ")
        for n, page in enumerate(pages):
            tools: list[JSON] = [{"name": name} for name in page]
            whole: Object = {"tools": tools} | ({"nextCursor": str(n)} if n + 1 < len(pages) else {})
            params: Object = {} if n == 0 else {"cursor": str(n - 1)}
            id += 1
            tape.ask("tools/list", params, id=id, answer=complete(id, whole))
    return tape


def called(name: JSON, answer: Object, arguments: JSON = None) -> Tape:
    """A call, where one tool is listed that wants an integer."""
    schema: Object = {"type": "object", "properties": {"n": {"type": "integer"}}}
    tape = modern()
    tape.ask("tools/list", id=1, answer=complete(1, {"tools": [{"name": "Tool", "inputSchema": schema}]}))
    params: Object = {"name": name} | ({} if arguments is None else {"arguments": arguments})
    tape.ask("tools/call", params, id=2, answer=complete(2, answer))
    return tape


@pytest.mark.parametrize("orders", [("abc", "abc"), ("ab c", "a bc", "abc"), ("aab", "aab"), ("ba", "ba")])
def test_tools_in_the_same_order(orders: tuple[str, ...]) -> None:
    assert lists(*orders).verdict("tools.list-order") is Verdict.PASS


@pytest.mark.parametrize("orders", [("abc", "acb"), ("ab c", "ac b"), ("ab", "ab", "ba")])
def test_tools_in_another_order(orders: tuple[str, ...]) -> None:
    assert lists(*orders).verdict("tools.list-order") is Verdict.WARN


@pytest.mark.parametrize("orders", [("ab", "bac"), ("ab", "c"), ("ab", "abc", "ba"), ("ab",)])
def test_other_tools_may_have_another_order(orders: tuple[str, ...]) -> None:
    assert lists(*orders).verdict("tools.list-order") is Verdict.NOT_SEEN


@pytest.mark.parametrize("orders", [("", ""), ("a", "a")])
def test_one_tool_has_no_order(orders: tuple[str, ...]) -> None:
    assert lists(*orders).verdict("tools.list-order") is Verdict.NOT_APPLICABLE


def test_other_clients_see_the_same_order() -> None:
    tape = lists("ab")
    tape.client = "another#1"
    tools: list[JSON] = [{"name": "b"}, {"name": "a"}]
    tape.ask("tools/list", id=9, answer=complete(9, {"tools": tools}))
    assert tape.verdict("tools.list-order") is Verdict.WARN


def test_what_was_not_seen_to_its_end_has_no_order() -> None:
    tape = lists("ab")
    tape.ask("tools/list", id=9, answer=complete(9, {"tools": [{"name": "b"}], "nextCursor": "c"}))
    assert tape.verdict("tools.list-order") is Verdict.NOT_SEEN


def test_declared_tools_can_be_listed() -> None:
    assert lists("a").verdict("tools.list") is Verdict.PASS
    for code, verdict in ((-32601, Verdict.FAIL), (-32603, Verdict.NOT_SEEN)):
        tape = modern()
        tape.ask("tools/list", id=1, answer=error(1, code), status=404 if code == -32601 else 200)
        assert tape.verdict("tools.list") is verdict


def test_what_is_not_declared_need_not_be_listed() -> None:
    tape = modern(capabilities={})
    tape.ask("tools/list", id=1, answer=error(1, -32601), status=404)
    assert tape.verdict("tools.list") is Verdict.NOT_APPLICABLE
    assert tape.verdict("tools.capability") is Verdict.NOT_APPLICABLE


def test_a_list_may_be_refused_for_its_headers() -> None:
    tape = modern()
    tape.ask("tools/list", id=1, headers={"Mcp-Method": "x"}, answer=error(1, -32601), status=404)
    assert tape.verdict("tools.list") is Verdict.NOT_SEEN


def test_who_has_tools_declares_them() -> None:
    tape = modern(capabilities={})
    tape.ask("tools/list", id=1, answer=complete(1, {"tools": [{"name": "a"}]}))
    assert tape.verdict("tools.capability") is Verdict.FAIL
    assert lists("a").verdict("tools.capability") is Verdict.PASS


@pytest.mark.parametrize(
    ("key", "name", "arguments"),
    [("unknown-error", "no-such-tool", None), ("name-case", "tool", None), ("validate-inputs", "Tool", {"n": "x"})],
)
def test_a_question_is_no_success_yet(key: str, name: str, arguments: JSON) -> None:
    for answer, verdict in ((FAILURE, Verdict.PASS), (ASKING, Verdict.NOT_SEEN), (EMPTY, Verdict.WARN)):
        assert called(name, answer, arguments).verdict(f"tools.{key}") is verdict


def test_null_may_stand_for_no_value() -> None:
    assert called("Tool", {"content": []}, {"n": None}).outcomes("tools.validate-inputs") == []
    assert called("Tool", {"content": []}, {"n": "1", "m": None}).verdict("tools.validate-inputs") is Verdict.WARN


def test_what_is_refused_for_its_headers_is_no_evidence() -> None:
    tape = called("Tool", FAILURE, {"n": 1})
    params: Object = {"name": "no-such-tool", "arguments": {"n": "x"}}
    tape.ask("tools/call", params, id=3, headers={"Mcp-Name": None}, answer=error(3, -32020), status=400)
    assert tape.outcomes("tools.unknown-error") == []
    assert tape.outcomes("tools.validate-inputs") == []


@pytest.mark.parametrize("code", [-32020, -32021, -32022, -32601, -32602])
def test_a_refusal_is_no_failure_of_a_tool(code: int) -> None:
    tape = modern()
    tape.ask("tools/list", id=1, answer=complete(1, {"tools": [{"name": "test_error_handling"}]}))
    tape.ask("tools/call", {"name": "test_error_handling"}, id=2, answer=error(2, code), status=400)
    assert tape.outcomes("tools.error-in-result") == []


@pytest.mark.parametrize("value", [[1], 5, "x", False, None])
def test_structured_content_may_be_any_value(value: JSON) -> None:
    for kind, verdict in ((None, Verdict.PASS), ("object", Verdict.FAIL)):
        tape = modern()
        schema: Object = {"type": kind} if kind else {}
        tool: Object = {"name": "t", "inputSchema": {"type": "object"}, "outputSchema": schema}
        tape.ask("tools/list", id=1, answer=complete(1, {"tools": [tool]}))
        tape.ask("tools/call", {"name": "t"}, id=2, answer=complete(2, {"content": [], "structuredContent": value}))
        assert tape.verdict("tools.structured-matches") is verdict


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("strange", [None, 5, "x", [], {}, [[]], [None], True])
def test_strange_values_are_survived(key: str, strange: JSON) -> None:
    tape = modern(capabilities=strange)
    for id in (1, 2):
        tape.ask("tools/list", id=id, answer=complete(id, {"tools": strange, "resultType": strange}))
        tape.ask("tools/list", {"cursor": strange}, id=id, answer=result(id, {"tools": [{"name": strange}]}))
    tape.ask("tools/call", {"name": strange, "arguments": strange}, id=3, answer=complete(3, {"content": strange}))
    tape.verdict(f"tools.{key}")
