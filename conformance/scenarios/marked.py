"""A tool with parameters that are marked for headers, and calls of it; this module tells no story itself."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import Unmet
from conformance.evidence.era import TOKEN, at_path, marked
from conformance.evidence.trace import JSON

AT_MOST = 4  # parameters that are looked at
TYPES: dict[str, JSON] = {"string": "Hello", "integer": 42, "number": 1, "boolean": True, "object": {}, "array": []}
BOUND = ("enum", "const", "pattern", "format", "minLength", "maxLength")
LITTLE: dict[str, JSON] = {"integer": 0, "boolean": False}  # values that many a language takes for nothing
LIMITED = ("enum", "const", "not", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


@dataclass(frozen=True, slots=True)
class Param:
    """A marked parameter: the whole name of its header, the way to it, and what it may be."""

    header: str
    path: tuple[str, ...]
    schema: Mapping[str, JSON] = field(compare=False)

    @property
    def kind(self) -> str:
        """The one type that it has, empty if there are several or none."""
        named = self.schema.get("type")
        return named if isinstance(named, str) else ""

    @property
    def is_free(self) -> bool:
        """Whether any text will do."""
        return self.kind == "string" and not any(bound in self.schema for bound in BOUND)

    @property
    def takes_little(self) -> bool:
        """Whether 0 or false is a value for it as good as any other."""
        return self.kind in LITTLE and not any(limit in self.schema for limit in LIMITED)


@dataclass(frozen=True, slots=True)
class MarkedTool:
    """The tool, its marked parameters, and arguments in which each of them has a value."""

    name: str
    params: tuple[Param, ...]
    arguments: dict[str, JSON]

    def asking(self, speaker: ModernSpeaker, changes: Mapping[Param, JSON] | None = None) -> dict[str, JSON]:
        """A call, with other values for some parameters."""
        arguments = copy.deepcopy(self.arguments)
        for param, value in (changes or {}).items():
            _holder(arguments, param)[param.path[-1]] = value
        return speaker.asking("tools/call", {"name": self.name, "arguments": arguments})

    def without(self, speaker: ModernSpeaker, *params: Param) -> dict[str, JSON]:
        """A call that leaves parameters out."""
        arguments = copy.deepcopy(self.arguments)
        for param in params:
            _holder(arguments, param).pop(param.path[-1], None)
        return speaker.asking("tools/call", {"name": self.name, "arguments": arguments})

    def value(self, param: Param) -> JSON:
        return at_path(self.arguments, param.path)


def marked_tool(client: Client) -> MarkedTool:
    """The target's tool for these stories. Raises Unmet with what its owner can do."""
    fixture = client.fixture("header")
    tool = next((tool for tool in client.wire.tools if tool.get("name") == fixture.tool), {})
    schema = tool.get("inputSchema")
    found = [Param(f"Mcp-Param-{m}", path, _at(schema, path)) for m, path in marked(schema) if TOKEN.fullmatch(m)]
    if not found:
        raise Unmet(f"the tool {fixture.tool} marks no parameter for a header")
    arguments = copy.deepcopy(dict(fixture.arguments))
    required = schema.get("required") if isinstance(schema, dict) else None
    for name in required if isinstance(required, list) else []:
        arguments.setdefault(str(name), _example(_at(schema, (str(name),))))
    for param in found:
        _holder(arguments, param).setdefault(param.path[-1], _example(param.schema))
    return MarkedTool(fixture.tool, tuple(found[:AT_MOST]), arguments)


def _at(schema: JSON, path: tuple[str, ...]) -> Mapping[str, JSON]:
    """The schema of a property."""
    for step in path:
        properties = schema.get("properties") if isinstance(schema, dict) else None
        schema = properties.get(step) if isinstance(properties, dict) else None
    return schema if isinstance(schema, dict) else {}


def _holder(arguments: dict[str, JSON], param: Param) -> dict[str, JSON]:
    """The object that the parameter is a member of, made where it is not there."""
    for step in param.path[:-1]:
        inner = arguments.get(step)
        if not isinstance(inner, dict):
            inner = arguments[step] = {}
        arguments = inner
    return arguments


def _example(schema: Mapping[str, JSON]) -> JSON:
    """A value that a schema admits, as far as a glance at it tells."""
    for keyword in ("enum", "examples"):
        values = schema.get(keyword)
        if isinstance(values, list) and values:
            return values[0]
    if "const" in schema:
        return schema["const"]
    kind, lowest = schema.get("type"), schema.get("minimum")
    if kind in ("integer", "number") and isinstance(lowest, int):
        return max(lowest, 42)
    return copy.deepcopy(TYPES.get(str(kind), "Hello"))
