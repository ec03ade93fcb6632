"""The schemas themselves: valid, complete, and usable by both kinds of validators."""

from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from tests.schemas.definitions import DIALECT, REVISIONS, SCHEMAS, definitions, fast, schema, slow, subschemas

SIMPLE: tuple[Any, ...] = (None, 1, "x", [], {})


def test_there_is_a_schema_for_each_revision() -> None:
    assert sorted(path.parent.name for path in SCHEMAS.glob("*/schema.json")) == list(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_schema_is_valid(revision: str) -> None:
    Draft202012Validator.check_schema(schema(revision))
    assert schema(revision)["$schema"] == DIALECT
    assert schema(revision)["$id"] == f"urn:mcp-http-conformance:schema:{revision}"


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_reference_resolves(revision: str) -> None:
    references = [node["$ref"] for node in subschemas(schema(revision)) if isinstance(node.get("$ref"), str)]
    assert references
    for reference in references:
        assert reference.startswith("#/$defs/")
        node: Any = schema(revision)
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]
        assert isinstance(node, dict), reference


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_definition_compiles_and_can_be_asked(revision: str) -> None:
    for name in definitions(revision):
        for instance in SIMPLE:
            assert slow(revision, name).is_valid(instance) == fast(revision, name).is_valid(instance), name


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_definition_can_be_reached_by_the_urn(revision: str) -> None:
    urn = schema(revision)["$id"]
    registry = jsonschema_rs.Registry([(urn, schema(revision))])
    check = jsonschema_rs.Draft202012Validator({"$ref": f"{urn}#/$defs/RequestId"}, registry=registry)
    assert check.is_valid("a")
    assert not check.is_valid(None)
