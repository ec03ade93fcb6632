"""The parameters that a tool marks for mirroring in headers (basic/transports/streamable-http, "Schema Extension").

No checks here. A schema is walked as JSON Schema 2020-12 has it: what stands in a value (`default`, `const`, ...) or
under an unknown keyword is data and no mark, and a parameter may well have the name `x-mcp-header`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.evidence.era import TOKEN
from conformance.evidence.trace import JSON

MARK = "x-mcp-header"
PRIMITIVE = ("string", "integer", "boolean")
ONE = {
    *("items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"),
    *("contains", "propertyNames", "contentSchema", "not", "if", "then", "else"),
}
LISTS = {"items", "prefixItems", "allOf", "anyOf", "oneOf"}
NAMED = {"properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: what it says, the way from the schema's root to it, and the schema on which it stands.

    `path` is the property path, None where the way leads through anything but `properties`.
    """

    value: JSON
    way: str
    path: tuple[str, ...] | None
    schema: dict[str, JSON]

    @property
    def types(self) -> list[JSON]:
        """The types of the marked value, as far as the schema names them."""
        named = self.schema.get("type")
        return list(named) if isinstance(named, list) else [] if named is None else [named]

    @property
    def problem(self) -> str | None:
        """What is wrong with this mark alone, in words; None if nothing certainly is."""
        if not self.path:
            return "no chain of properties leads to it"
        if not isinstance(self.value, str) or not self.value:
            return "it is no name"
        if not TOKEN.fullmatch(self.value):
            return "it is no name that a header can have"
        wrong = [kind for kind in self.types if kind not in (*PRIMITIVE, "null")]
        if wrong or self.types == ["null"]:
            return "the parameter is no string, integer or boolean"
        return None

    @property
    def doubt(self) -> str | None:
        """Why it cannot be told whether the mark is right: the type is not, or not simply, named."""
        if self.problem or (len(self.types) == 1 and self.types[0] in PRIMITIVE):
            return None
        return "the parameter's schema does not name one type"


def marks_in(schema: JSON) -> Iterator[Mark]:
    """All marks of an input schema, wherever they stand. Without recursion: a stranger chose the depth."""
    waiting: list[tuple[JSON, str, tuple[str, ...] | None]] = [(schema, "", ())]
    while waiting:
        part, way, path = waiting.pop()
        if not isinstance(part, dict):
            continue
        if MARK in part:
            yield Mark(part[MARK], way or "the schema itself", path, part)
        waiting += reversed(list(_below(part, way, path)))


def _below(
    part: dict[str, JSON], way: str, path: tuple[str, ...] | None
) -> Iterator[tuple[JSON, str, tuple[str, ...] | None]]:
    for keyword, value in part.items():
        if keyword in NAMED and isinstance(value, dict):
            for name, inner in value.items():
                straight = path is not None and keyword == "properties"
                yield inner, f"{way}/{keyword}/{name}", (*(path or ()), name) if straight else None
        elif keyword in LISTS and isinstance(value, list):
            yield from ((inner, f"{way}/{keyword}", None) for inner in value)
        elif keyword in ONE:
            yield value, f"{way}/{keyword}", None


def repeated(marks: list[Mark]) -> set[str]:
    """The names, in lower case, that more than one mark of a schema has."""
    names = [mark.value.lower() for mark in marks if isinstance(mark.value, str)]
    return {name for name in names if names.count(name) > 1}


def sound_marks(schema: JSON) -> list[Mark] | None:
    """The marks of a schema in which every mark is right; None if one is not, for then none is binding."""
    marks = list(marks_in(schema))
    return None if repeated(marks) or any(mark.problem for mark in marks) else marks
