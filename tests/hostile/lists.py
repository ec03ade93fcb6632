"""Lists that are too long, and schemas that hang or betray whoever follows them."""

import itertools
from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.state import Call, Session
from reference_server.toolbox import Tool
from tests.hostile.hostile import Twisted

MANY = 100_000


class _Lists(Twisted):
    """Lists the tools of the reference server, and others."""

    def more(self) -> list[Json]:
        """The tools that are added."""
        return []

    async def list_tools(self, call: Call) -> JsonObject:
        known = await super().list_tools(call)
        tools = known["tools"]
        return {**known, "tools": [*tools, *self.more()] if isinstance(tools, list) else self.more()}


class AThousandTools(_Lists):
    """A thousand tools more."""

    def more(self) -> list[Json]:
        return [_tool({}, f"tool_{n}") for n in range(1000)]


class AThousandModernTools(AThousandTools):
    """A thousand tools more, in the era without sessions."""

    revision: ClassVar = "2026-07-28"
    kept: ClassVar = ("discover",)


class AHundredThousandTools(_Lists):
    """A hundred thousand tools more."""

    kept: ClassVar = ()  # the list keeps the server itself busy for seconds

    def more(self) -> list[Json]:
        return [{"name": f"tool_{n}", "inputSchema": {"type": "object"}} for n in range(MANY)]


class PagesWithoutEnd(_Lists):
    """There is always one page more."""

    numbers: ClassVar = itertools.count()

    async def list_tools(self, call: Call) -> JsonObject:
        call.request.params.pop("cursor", None)
        return {**await super().list_tools(call), "nextCursor": f"owned-{next(self.numbers)}"}


class PagesGoRoundInCircles(_Lists):
    """The page after this one is this one."""

    async def list_tools(self, call: Call) -> JsonObject:
        call.request.params.pop("cursor", None)
        return {**await super().list_tools(call), "nextCursor": "owned"}


class ToolsOfAllTypes(_Lists):
    """Among the tools are numbers, texts, lists, nothing, and tools whose members are of other types."""

    def more(self) -> list[Json]:
        values: list[Json] = [7, 1.5, True, None, "owned", [], [[]], {}, {"owned": []}]
        members = ("name", "title", "description", "inputSchema", "outputSchema", "annotations", "execution", "_meta")
        return [*values, *({**_tool({}), member: value} for member in members for value in values)]


class SchemasOfAllTypes(_Lists):
    """Schemas in which every keyword has a value of every type."""

    def more(self) -> list[Json]:
        words = ("type", "properties", "required", "enum", "items", "allOf", "$ref", "$defs", "pattern", "minimum")
        more = ("$schema", "$id", "$anchor", "x-mcp-header", "multipleOf", "patternProperties", "dependentSchemas")
        values: list[Json] = [0, -1.5, True, None, "owned", "", [], [[]], [None], {}, {"a": 7}, {"": []}]
        return [_tool({word: value}) for word in (*words, *more) for value in values]


class SchemasGoRoundInCircles(_Lists):
    """Schemas refer to themselves, at once and round corners."""

    def more(self) -> list[Json]:
        around: JsonObject = {"$ref": "#/$defs/b", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}
        dynamic: JsonObject = {"$dynamicAnchor": "a", "allOf": [{"$dynamicRef": "#a"}]}
        itself: JsonObject = {"$ref": "#"}
        schemas: list[JsonObject] = [itself, around, dynamic, {"allOf": [itself] * 20}]
        return [_tool(schema) for schema in schemas]


class SchemasAreElsewhere(_Lists):
    """Schemas refer to files, to the network and to their own server."""

    def more(self) -> list[Json]:
        there = (
            "file:///etc/passwd",
            "http://169.254.169.254/latest/",
            "http://127.0.0.1:9/",
            "ftp://a/b",
            "//a",
            "::",
        )
        return [_tool({word: place}) for place in there for word in ("$ref", "$schema", "$id", "$dynamicRef")]


class SchemasHaveHostilePatterns(_Lists):
    """Schemas whose patterns take for ever on some texts, and some that are none."""

    def more(self) -> list[Json]:
        patterns = (
            "^(a+)+$",
            "(.*a){30}b",
            "(?:(?:a{0,9999}){0,9999}){0,9999}",
            "(",
            "\\",
            "(?P<a>",
            "[" * 9999,
            "(?<!a+)",
        )
        return [_tool({"properties": {"a": {"pattern": p}}, "patternProperties": {p: {}}}) for p in patterns]

    def output_schema(self, tool: Tool) -> Json:
        properties: JsonObject = {"a": {"type": "string", "pattern": "^(a+)+$"}}
        return {"type": "object", "patternProperties": {"^(.*.*)*owned$": {}}, "properties": properties}

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        texts: JsonObject = {"a": "a" * 60 + "!", "b" * 60: 1}
        return super().finished(
            call, {**result, "structuredContent": texts} if "structuredContent" in result else result
        )


class SchemasAreHuge(_Lists):
    """Schemas with a hundred thousand choices, and as many properties."""

    def more(self) -> list[Json]:
        return [
            _tool({"enum": [*range(MANY)]}),
            _tool({"properties": {f"p{n}": {"type": "string"} for n in range(20_000)}}),
            _tool({"anyOf": [{"const": n} for n in range(20_000)]}),
        ]


class SchemasAreDeep(_Lists):
    """Schemas in schemas in schemas, four hundred deep."""

    def more(self) -> list[Json]:
        schemas: list[JsonObject] = [{}, {}, {}]
        for _ in range(150):
            inner, other, third = schemas
            schemas = [{"properties": {"a": inner}}, {"allOf": [other]}, {"items": third}]
        return [_tool(schema) for schema in schemas]


class ResultsGrowInTheEyesOfTheirSchema(_Lists):
    """Schemas that a validator has to follow down twice at each of thirty levels."""

    def output_schema(self, tool: Tool) -> Json:
        steps: JsonObject = {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2} for n in range(30)}
        return {"type": "object", "$ref": "#/$defs/s0", "$defs": {**steps, "s30": {"required": ["owned"]}}}


class ClocksAreMad(Twisted):
    """Tasks live for minus a day, are to be asked after every 10^15 ms, and were made in the year 0."""

    async def call_tool(self, call: Call) -> JsonObject:
        return _mad(await super().call_tool(call))

    async def get_task(self, call: Call) -> JsonObject:
        return _mad(await super().get_task(call))

    async def list_tasks(self, call: Call) -> JsonObject:
        return _mad(await super().list_tasks(call))


class ModernClocksAreMad(ClocksAreMad):
    """The same in the era without sessions, where results say how long they may be kept."""

    revision: ClassVar = "2026-07-28"
    kept: ClassVar = ("discover",)

    def server_info(self, session: Session) -> JsonObject:
        return {**super().server_info(session), "ttlMs": -(10**15)}


def _mad(result: JsonObject) -> JsonObject:
    times: JsonObject = {"ttl": -86_400_000, "ttlMs": 10**300, "pollInterval": 10**15, "pollIntervalMs": -(10**15)}
    mad: JsonObject = {**times, "createdAt": "0000-00-00T99:99:99Z", "lastUpdatedAt": "+999999-12-31T23:59:60Z"}
    changed: JsonObject = {**result, **(mad if "taskId" in result else {})}
    if isinstance(task := result.get("task"), dict):
        changed["task"] = {**task, **mad}
    if isinstance(tasks := result.get("tasks"), list):
        changed["tasks"] = [{**task, **mad} if isinstance(task, dict) else task for task in tasks]
    return changed


def _tool(schema: JsonObject, name: str = "owned") -> JsonObject:
    return {"name": name, "description": name, "inputSchema": {"type": "object", **schema}}
