"""Schemas of tools: what is no breach, and what is."""

import pytest

from conformance.check import Verdict
from conformance.trace import JSON
from tests.tape import Tape, request, result


def listed(*schemas: JSON, member: str = "inputSchema") -> Tape:
    tape = Tape()
    tape.initialize()
    tools: list[JSON] = [{"name": f"tool{n}", member: schema} for n, schema in enumerate(schemas)]
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": tools}))
    return tape


def dialect(name: str) -> dict[str, JSON]:
    return {"$schema": name, "type": "object"}


@pytest.mark.parametrize("member", ["inputSchema", "outputSchema"])
@pytest.mark.parametrize("schema", [{"type": "objekt"}, {"type": "object", "properties": {"a": {"minLength": -1}}}])
def test_a_schema_that_is_none(schema: JSON, member: str) -> None:
    assert listed(schema, member=member).verdict("schema.valid") is Verdict.FAIL


def test_what_is_wrong_is_said_with_its_place() -> None:
    (finding,) = listed({"type": "object", "properties": {"a": {"minLength": -1}}}).judge("schema.valid").decisive
    assert finding.seen == "the inputSchema of 'tool0': /properties/a/minLength is less than 0"


def test_a_schema_is_valid_by_the_dialect_it_names() -> None:
    old: dict[str, JSON] = {"type": "object", "properties": {"a": {"exclusiveMinimum": True, "minimum": 1}}}
    assert listed(old | dialect("http://json-schema.org/draft-04/schema#")).verdict("schema.valid") is Verdict.PASS
    assert listed(old).verdict("schema.valid") is Verdict.FAIL


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("draft", ["draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"])
def test_each_known_dialect_is_valid_by_itself(scheme: str, draft: str) -> None:
    tape = listed(dialect(f"{scheme}://json-schema.org/{draft}/schema#"))
    assert tape.verdict("schema.valid") is Verdict.PASS


def test_a_dialect_nobody_knows_decides_nothing() -> None:
    tape = listed(dialect("https://example.com/my-dialect"))
    assert tape.verdict("schema.valid") is Verdict.NOT_SEEN
    assert tape.verdict("schema.prefer-2020") is Verdict.WARN


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", r"(?<year>\d{4})", r"[^]"])
def test_a_pattern_that_python_does_not_know_may_still_be_a_good_one(pattern: str) -> None:
    schema: JSON = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    assert listed(schema).verdict("schema.valid") is Verdict.PASS


def test_extra_keywords_and_references_are_fine() -> None:
    schema: JSON = {"type": "object", "$ref": "https://example.com/elsewhere", "x-order": 1, "nullable": True}
    assert listed(schema).verdict("schema.valid") is Verdict.PASS


def test_without_a_name_the_dialect_is_the_recommended_one() -> None:
    assert listed({"type": "object"}).verdict("schema.prefer-2020") is Verdict.PASS
    assert listed(dialect("http://json-schema.org/draft-07/schema#")).verdict("schema.prefer-2020") is Verdict.WARN


def test_a_deep_schema_is_survived() -> None:
    schema: JSON = {"type": "object"}
    for _ in range(300):
        schema = {"type": "object", "properties": {"a": schema}}
    assert listed(schema).verdict("schema.valid") is Verdict.PASS


@pytest.mark.parametrize("tools", [None, "x", {}, [None], [{"inputSchema": None}], [{"name": {}, "inputSchema": []}]])
def test_what_is_no_list_of_tools_has_no_schemas(tools: JSON) -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": tools}))
    assert tape.verdict("schema.valid") is Verdict.NOT_SEEN
