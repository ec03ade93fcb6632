"""Strangers' values and strangers' schemas: what fits, what does not, and what nobody has to find out."""

from typing import Any

import pytest

from conformance.checks.fitting import DEFAULT, DRAFT_7, Undecidable, misfit
from conformance.evidence.trace import JSON


def refuses(value: JSON, schema: dict[str, Any], *, default: tuple[str, ...] = (DEFAULT,)) -> str | None:
    return misfit(value, schema, "the value", default=default)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"a": 1.0}, {"properties": {"a": {"type": "integer"}}}),
        ({"a": 0.3}, {"properties": {"a": {"multipleOf": 0.1}}}),
        ({"a": "x"}, {"properties": {"a": {"type": "string", "format": "date-time"}}}),
        ({"a": "Ж"}, {"properties": {"a": {"pattern": r"^\p{L}+$"}}}),
        ({"x-1": 2}, {"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": False}),
        ({"child": {"child": {}}}, {"type": "object", "properties": {"child": {"$ref": "#"}}}),
        ([1, 2], {"prefixItems": [{"type": "integer"}], "items": {"type": "integer"}}),
        (None, {"type": "null"}),
        ({"a": [1, True]}, {"properties": {"a": {"uniqueItems": True}}}),
        ({}, {"unknownKeyword": {"$ref": "https://example.com/"}}),
    ],
)
def test_what_fits(value: JSON, schema: dict[str, Any]) -> None:
    assert refuses(value, schema) is None


@pytest.mark.parametrize(
    ("value", "schema", "said"),
    [
        ({}, {"required": ["a"]}, "the value lacks a"),
        ({"a": "1"}, {"properties": {"a": {"type": "integer"}}}, "/a is a string, not an integer"),
        ({"a": 0.35}, {"properties": {"a": {"multipleOf": 0.1}}}, "/a breaks the rule 'multipleOf'"),
        ({"b": 1}, {"additionalProperties": False}, "the value breaks the rule 'additionalProperties'"),
        ({"b": 1}, {"additionalProperties": {"type": "string"}}, "/b is an integer, not a string"),
        ({"x-1": "2"}, {"patternProperties": {"^x-": {"type": "integer"}}}, "/x-1 is a string, not an integer"),
        ({"a": "b"}, {"properties": {"a": {"pattern": "^a"}}}, "/a breaks the rule 'pattern'"),
        (
            {"a": {"a": 1}},
            {"type": "object", "properties": {"a": {"$ref": "#"}}},
            "/a/a is an integer, not an object",
        ),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(value: JSON, schema: dict[str, Any], said: str) -> None:
    assert refuses(value, schema) == said


def doubling(levels: int) -> dict[str, Any]:
    definitions: dict[str, Any] = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]} for n in range(levels)
    }
    return {"$ref": "#/$defs/d0", "$defs": definitions | {f"d{levels}": {"type": "string"}}}


@pytest.mark.parametrize(
    ("value", "schema", "why"),
    [
        ({}, {"$ref": "#"}, "without end"),
        ({}, doubling(40), "too much work"),
        ("x", doubling(40), "too much work"),
        (
            "x",
            doubling(40) | {"allOf": [{"const": n} for n in range(30)]},
            "too much work",
        ),
        ({}, {"$ref": "https://10.255.255.1/schema.json"}, "does not fetch"),
        ({}, {"$ref": "file:///etc/passwd"}, "does not fetch"),
        ({}, {"$ref": "#/$defs/nowhere"}, "does not fetch"),
        ("x", {"pattern": "(?=a)b"}, "a pattern"),
        ("x", {"pattern": "[^]"}, "a pattern"),
        ("x", {"pattern": "a" * 2_000}, "a pattern"),
        (list(range(1_000)), {"uniqueItems": True}, "too long"),
        ({"a": 1}, {"unevaluatedProperties": False}, "unevaluated"),
        ({}, {"$ref": "#/x", "x": 5}, "cannot follow"),
        ({}, {"$ref": "#/x", "x": {"properties": [1], "required": 1}}, "cannot follow"),
        ({}, {"type": "objekt"}, "not valid itself"),
        ({}, {"$schema": "https://example.com/mine"}, "not known"),
    ],
)
def test_what_cannot_be_decided_in_good_time_is_not(value: JSON, schema: dict[str, Any], why: str) -> None:
    with pytest.raises(Undecidable, match=why):
        refuses(value, schema)


def test_a_catastrophic_pattern_is_matched_in_linear_time() -> None:
    assert refuses("a" * 10_000 + "!", {"pattern": "^(a+)+$"}) == "the value breaks the rule 'pattern'"


def test_a_value_that_is_huge_or_deep_is_survived() -> None:
    deep: JSON = {}
    for _ in range(400):
        deep = {"child": deep}
    tree = {"type": "object", "properties": {"child": {"$ref": "#"}}}
    with pytest.raises(Undecidable):
        refuses({"list": [{"n": n} for n in range(100_000)]}, {"properties": {"list": {"items": {"type": "object"}}}})
    with pytest.raises(Undecidable, match="too deep"):
        refuses(deep, tree)


def test_a_schema_that_names_no_dialect_may_be_meant_in_an_older_one() -> None:
    both = (DEFAULT, DRAFT_7)
    sibling = {"$ref": "#/$defs/any", "type": "string", "$defs": {"any": {}}}  # draft-07 ignores what stands beside
    assert refuses(1, sibling) is not None
    assert refuses(1, sibling, default=both) is None
    assert (
        refuses(1, {"$schema": "https://json-schema.org/draft/2020-12/schema", **sibling}, default=both) is not None
    )
    assert refuses({}, {"required": ["a"]}, default=both) == "the value lacks a"
