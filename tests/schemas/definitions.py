"""The definitions of each schema, and two kinds of validators for them: `slow` explains, `fast` is fast."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
R03, R06, R11, R26 = "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"
WITH_SESSIONS = (R03, R06, R11)
REVISIONS = (*WITH_SESSIONS, R26)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema(revision: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / revision / "schema.json").read_text(encoding="utf-8"))
    return loaded


def definitions(revision: str) -> dict[str, Any]:
    found: dict[str, Any] = schema(revision)["$defs"]
    return found


def entry(revision: str, name: str) -> dict[str, Any]:
    """A schema of its own that stands for one definition."""
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions(revision)}


@cache
def slow(revision: str, name: str) -> Draft202012Validator:
    return Draft202012Validator(entry(revision, name))


@cache
def fast(revision: str, name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(entry(revision, name))


def subschemas(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from subschemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from subschemas(value)


def method_of(definition: dict[str, Any]) -> str | None:
    """The method a definition is for, read from the definition itself, without following references."""
    method = definition.get("properties", {}).get("method", {}).get("const")
    return method if isinstance(method, str) else None
