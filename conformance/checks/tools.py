"""The schemas of tools: basic/index "JSON Schema Usage"."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TypeAlias

import jsonschema
import jsonschema_rs
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator

from conformance import shapes
from conformance.check import Findings, check, expect, undecided
from conformance.checks.reading import shown
from conformance.trace import JSON
from conformance.views import Call

DEFAULT = "json-schema.org/draft/2020-12/schema"
DIALECTS: dict[str, type[Validator]] = {
    DEFAULT: jsonschema.Draft202012Validator,
    "json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "json-schema.org/draft-07/schema": jsonschema.Draft7Validator,
    "json-schema.org/draft-06/schema": jsonschema.Draft6Validator,
    "json-schema.org/draft-04/schema": jsonschema.Draft4Validator,
}
MOST_ERRORS = 20  # looked at to find the one that explains best
Schema: TypeAlias = dict[str, JSON]


@check("schema.valid")
def tool_schemas_are_valid(call: Call) -> Findings:
    """The schemas of a tool are valid by the dialect they name, or by 2020-12 if they name none."""
    for name, schema in _schemas(call):
        dialect = _dialect(schema)
        if dialect not in DIALECTS:
            yield undecided(call, f"{name} names the dialect {shown(dialect)}, which the suite does not know")
            continue
        wrong = _wrong(schema, dialect)
        yield expect(wrong is None, call, f"{name}: {wrong or f'valid by {dialect}'}")


@check("schema.prefer-2020")
def tool_schemas_are_of_2020(call: Call) -> Findings:
    """The schemas of a tool use JSON Schema 2020-12."""
    for name, schema in _schemas(call):
        dialect = _dialect(schema)
        yield expect(dialect == DEFAULT, call, f"{name} is written in {shown(dialect)}")


def _schemas(call: Call) -> Iterator[tuple[str, Schema]]:
    """The schemas of a tools/list result, each with its tool's name."""
    tools = call.response.result.get("tools") if call.response and call.request.method == "tools/list" else None
    for tool in tools if isinstance(tools, list) else []:
        if not isinstance(tool, dict):
            continue
        for member in ("inputSchema", "outputSchema"):
            schema = tool.get(member)
            if isinstance(schema, dict):
                yield f"the {member} of {shown(tool.get('name'))}", schema


def _dialect(schema: Schema) -> str:
    """The dialect's name without scheme and empty fragment; one that is no string is left to the metaschema."""
    named = schema.get("$schema", DEFAULT)
    if not isinstance(named, str):
        return DEFAULT
    return named.removesuffix("#").removeprefix("https://").removeprefix("http://")


def _wrong(schema: Schema, dialect: str) -> str | None:
    """What is wrong with a schema, None if it is valid.

    Formats decide nothing: whether a pattern is a good one is for ECMA-262 to say, which Python's `re` is not.
    """
    if _quick(dialect).is_valid(schema):
        return None
    kind = DIALECTS[dialect]
    error = best_match(islice(kind(kind.META_SCHEMA).iter_errors(schema), MOST_ERRORS))
    return None if error is None else shapes.describe(error, "the schema")


@cache
def _quick(dialect: str) -> jsonschema_rs.Validator:
    """A validator of schemas: jsonschema-rs takes the metaschema like any other schema."""
    return jsonschema_rs.validator_for(dict(DIALECTS[dialect].META_SCHEMA), validate_formats=False)
