"""What comes of calling a tool: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, request, result

Object = dict[str, JSON]
EMPTY: Object = {"content": []}
FAILURE: Object = {"content": [{"type": "text", "text": "no"}], "isError": True}
STRING: Object = {"type": "string"}


def code(number: int) -> Object:
    """An answer that is an error."""
    return {"code": number}


def called(
    name: JSON,
    answer: Object,
    *,
    arguments: JSON = None,
    tool: Object | None = None,
    revision: str = "2025-11-25",
    capabilities: Object | None = None,
    more: Object | None = None,
) -> Tape:
    """A tools/list with one tool, `Tool` by name, and a call; the answer is a result, or an error with a code."""
    tape = Tape(revision)
    tape.initialize(capabilities=capabilities)
    listed: Object = {"name": "Tool", "inputSchema": {"type": "object"}, **(tool or {})}
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": [listed], **(more or {})}))
    params: Object = {"name": name} | ({} if arguments is None else {"arguments": arguments})
    number = answer.get("code")
    tape.post(
        request(3, "tools/call", params), answer=error(3, number) if isinstance(number, int) else result(3, answer)
    )
    return tape


@pytest.mark.parametrize("answer", [code(-32602), code(-32601), FAILURE])
def test_an_unknown_tool_fails_in_either_way(answer: Object) -> None:
    assert called("no-such-tool", answer).verdict("tools.unknown-error") is Verdict.PASS


def test_an_unknown_tool_does_not_succeed() -> None:
    assert called("no-such-tool", EMPTY).verdict("tools.unknown-error") is Verdict.WARN


def test_a_tool_that_works_without_being_listed_is_there() -> None:
    assert called("hidden", EMPTY).verdict("tools.unknown-error") is Verdict.NOT_SEEN
    assert called("no-such-tool", EMPTY, more={"nextCursor": "c"}).verdict("tools.unknown-error") is Verdict.NOT_SEEN
    assert called("Tool", EMPTY).outcomes("tools.unknown-error") == []


def test_names_differ_by_case() -> None:
    assert called("tOOL", code(-32602)).verdict("tools.name-case") is Verdict.PASS
    assert called("tOOL", FAILURE).verdict("tools.name-case") is Verdict.PASS
    assert called("tOOL", EMPTY).verdict("tools.name-case") is Verdict.WARN
    assert called("Tool", EMPTY).outcomes("tools.name-case") == []
    assert called("tOOL", EMPTY, more={"nextCursor": "c"}).outcomes("tools.name-case") == []


REQUIRES: Object = {"inputSchema": {"type": "object", "properties": {"text": STRING}, "required": ["text"]}}


@pytest.mark.parametrize("arguments", [None, {}, {"text": 5}])
def test_wrong_arguments_fail_in_either_way(arguments: JSON) -> None:
    for answer, verdict in ((FAILURE, Verdict.PASS), (code(-32602), Verdict.PASS), (EMPTY, Verdict.WARN)):
        tape = called("Tool", answer, arguments=arguments, tool=REQUIRES)
        assert tape.verdict("tools.validate-inputs") is verdict


def test_arguments_that_fit_may_succeed_and_may_fail() -> None:
    for answer in (EMPTY, FAILURE, code(-32602)):
        tape = called("Tool", answer, arguments={"text": "x", "other": 1}, tool=REQUIRES)
        assert tape.outcomes("tools.validate-inputs") == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"pattern": "(?=x)"}}},
        {"$ref": "https://example.com/schema.json"},
        {"$ref": "#"},
        {"$schema": "https://example.com/mine", "type": "object"},
    ],
)
def test_a_schema_that_cannot_be_followed_decides_nothing(schema: Object) -> None:
    tape = called("Tool", EMPTY, arguments={"a": "y"}, tool={"inputSchema": schema})
    assert tape.verdict("tools.validate-inputs") is Verdict.NOT_SEEN


def test_a_tool_of_which_different_things_were_told_is_not_judged() -> None:
    tape = called("Tool", EMPTY, tool=REQUIRES)
    tape.post(request(4, "tools/list"), answer=result(4, {"tools": [{"name": "Tool", "inputSchema": {}}]}))
    assert tape.outcomes("tools.validate-inputs") == []


def test_the_failure_of_a_tool_is_a_result() -> None:
    tool: Object = {"name": "test_error_handling"}
    for answer, verdict in (
        (FAILURE, Verdict.PASS),
        (code(-32603), Verdict.WARN),
        (code(-32602), Verdict.NOT_SEEN),  # it may be about finding the tool
        (EMPTY, Verdict.NOT_SEEN),
    ):
        assert called("test_error_handling", answer, tool=tool).verdict("tools.error-in-result") is verdict


def test_an_error_of_another_tool_may_be_the_servers_own() -> None:
    assert called("Tool", code(-32603)).outcomes("tools.error-in-result") == []


CITY: Object = {"outputSchema": {"type": "object", "properties": {"city": STRING}, "required": ["city"]}}


def structured(value: JSON, text: str = "", **more: JSON) -> Object:
    return {"content": [{"type": "text", "text": text}], "structuredContent": value, **more}


def test_a_result_matches_the_schema_of_its_tool() -> None:
    assert called("Tool", structured({"city": "Rome"}), tool=CITY).verdict("tools.structured-matches") is Verdict.PASS
    assert called("Tool", structured({"town": "Rome"}), tool=CITY).verdict("tools.structured-matches") is Verdict.FAIL
    assert called("Tool", EMPTY, tool=CITY).verdict("tools.structured-matches") is Verdict.FAIL


@pytest.mark.parametrize(
    "answer",
    [FAILURE, code(-32603), {"task": {"taskId": "1"}}, {"resultType": "input_required", "requestState": "x"}],
)
def test_what_is_no_result_of_the_tool_need_not_match(answer: Object) -> None:
    assert called("Tool", answer, tool=CITY).outcomes("tools.structured-matches") == []


def test_without_a_schema_there_is_nothing_to_match() -> None:
    assert called("Tool", structured({"a": 1})).verdict("tools.structured-matches") is Verdict.NOT_APPLICABLE
    some = called("Tool", structured({"a": 1}), more={"nextCursor": "c"})
    assert some.verdict("tools.structured-matches") is Verdict.NOT_SEEN


def test_a_schema_without_a_dialect_was_free_before_there_was_a_default() -> None:
    sibling: Object = {"type": "object", "properties": {"a": {"$ref": "#/$defs/any", "type": "string"}}}
    tool: Object = {"outputSchema": {**sibling, "$defs": {"any": {}}}}
    for revision, verdict in (("2025-06-18", Verdict.PASS), ("2025-11-25", Verdict.FAIL)):
        tape = called("Tool", structured({"a": 1}), tool=tool, revision=revision)
        assert tape.verdict("tools.structured-matches") is verdict


@pytest.mark.parametrize(
    ("value", "text", "verdict"),
    [
        ({"a": 1, "b": "ü"}, '{"b": "\\u00fc", "a": 1.0}', Verdict.PASS),
        ({"a": [True, None]}, '\n{"a": [true, null]}\n', Verdict.PASS),
        ({"a": 1}, '{"a": true}', Verdict.WARN),
        ({"a": 1}, "a is 1", Verdict.WARN),
        ({"a": 1}, '{"a": 1, "b": 2}', Verdict.WARN),
        ({"result": "Rome"}, "Rome", Verdict.WARN),
        ({"a": 1}, "[" * 100_000, Verdict.WARN),
        ("Rome", '"Rome"', Verdict.PASS),
    ],
)
def test_structured_content_comes_as_text_too(value: JSON, text: str, verdict: Verdict) -> None:
    assert called("Tool", structured(value, text)).verdict("tools.structured-text") is verdict


def test_the_text_may_come_in_pieces_and_after_others() -> None:
    pieces: list[JSON] = [{"type": "text", "text": text} for text in ('{"a":', " 1}")]
    assert called("Tool", {"content": pieces, "structuredContent": {"a": 1}}).outcomes("tools.structured-text") == [
        "ok"
    ]
    blocks: list[JSON] = [{"type": "text", "text": text} for text in ("Here it is:", '{"a": 1}')]
    assert called("Tool", {"content": blocks, "structuredContent": {"a": 1}}).outcomes("tools.structured-text") == [
        "ok"
    ]


def test_failures_need_no_text() -> None:
    assert called("Tool", structured({"a": 1}, isError=True)).outcomes("tools.structured-text") == []


def content(*blocks: JSON, capabilities: Object | None = None) -> Tape:
    return called("Tool", {"content": list(blocks)}, capabilities=capabilities)


RESOURCE: Object = {"type": "resource", "resource": {"uri": "a:b", "blob": "AAAA"}}


def test_who_embeds_resources_declares_them() -> None:
    assert content(RESOURCE, capabilities={"resources": {}}).verdict("tools.embedded-capability") is Verdict.PASS
    assert content(RESOURCE, capabilities={"tools": {}}).verdict("tools.embedded-capability") is Verdict.WARN
    link: Object = {"type": "resource_link", "uri": "a:b", "name": "b"}
    assert content(link, capabilities={"tools": {}}).outcomes("tools.embedded-capability") == []


@pytest.mark.parametrize(
    ("block", "verdict"),
    [
        ({"type": "image", "mimeType": "image/png", "data": "iVBORw=="}, Verdict.PASS),
        ({"type": "image", "mimeType": "image/png", "data": ""}, Verdict.PASS),
        ({"type": "image", "mimeType": "image/png", "data": "not Base64!"}, Verdict.FAIL),
        ({"type": "audio", "mimeType": "audio/wav", "data": "data:audio/wav;base64,AAAA"}, Verdict.FAIL),
        (RESOURCE, Verdict.PASS),
        ({"type": "resource", "resource": {"uri": "a:b", "blob": "ä"}}, Verdict.FAIL),
        ({"type": "text", "text": "not Base64!", "data": "!"}, Verdict.NOT_SEEN),
    ],
)
def test_what_is_binary_is_base64(block: Object, verdict: Verdict) -> None:
    assert content(block).verdict("tools.content-base64") is verdict


KEYS = ["unknown-error", "name-case", "validate-inputs", "error-in-result", "structured-matches", "structured-text"]


@pytest.mark.parametrize("key", [*KEYS, "embedded-capability", "content-base64"])
@pytest.mark.parametrize("strange", [None, 5, "x", [], [None], {}, {"a": []}])
def test_strange_values_are_survived(key: str, strange: JSON) -> None:
    tool: Object = {"outputSchema": strange, "inputSchema": strange}
    answer: Object = {"content": strange, "structuredContent": strange, "isError": strange}
    called("Tool", answer, tool=tool, arguments=strange).verdict(f"tools.{key}")
    called(strange, answer).verdict(f"tools.{key}")
    content({"type": strange, "data": strange, "resource": strange, "text": strange}).verdict(f"tools.{key}")
    called("Tool", EMPTY, more={"tools": strange}).verdict(f"tools.{key}")
