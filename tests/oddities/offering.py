"""Tools, lists and suggestions that are unusual."""

import random
from typing import ClassVar

from reference_server.jsonrpc import METHOD_NOT_FOUND, Json, JsonObject, RpcError
from reference_server.options import Options
from reference_server.state import Call, Session
from reference_server.toolbox import Tool, fails
from tests.oddities.odd import Odd


class EveryListComesInBits(Odd):
    """server/utilities/pagination: how long a page is, the server decides: here each has three entries."""

    settings: ClassVar[Options] = Options(page_size=3)


class EachPageHasOneEntry(Odd):
    """server/utilities/pagination: how long a page is, the server decides."""

    settings: ClassVar[Options] = Options(page_size=1)


class ListsChangeTheirOrder(Odd):
    """server/tools: only from 2026-07-28 on it is a SHOULD that a list keeps its order."""

    def tools_of(self, session: Session) -> list[Tool]:
        return random.sample(known := super().tools_of(session), len(known))


class ToolsAreDescribedInDetail(Odd):
    """The schema, Tool: hints, icons and metadata are optional, and a tool is open to more members."""

    def tool_listing(self, session: Session, tool: Tool) -> JsonObject:
        hints: JsonObject = {
            "title": "",
            "readOnlyHint": False,
            "destructiveHint": True,
            "openWorldHint": True,
            "x": 1,
        }
        icon: JsonObject = {"src": "data:image/svg+xml,<svg/>", "mimeType": "image/svg+xml", "sizes": ["any"]}
        more: JsonObject = {"annotations": hints, "icons": [icon], "_meta": {"a.example/b": [None]}, "x-more": {}}
        return {**super().tool_listing(session, tool), **more}


class ResultsConformToAnOlderDialect(Odd):
    """basic/index, JSON Schema: a schema says its dialect, and draft-07 is one, for results as well."""

    warned: ClassVar = frozenset({"schema.prefer-2020"})

    def output_schema(self, tool: Tool) -> Json:
        return {**(tool.output_schema or {}), "$schema": "http://json-schema.org/draft-07/schema#"}


class ListsComeOnOnePageWhateverTheCursor(Odd):
    """server/utilities/pagination: a server that gives no cursors need not look at any."""

    settings: ClassVar[Options] = Options(page_size=1000)

    def start_of(self, call: Call, cursor: Json, starts: dict[str, int]) -> int:
        return 0


class UnknownToolsAreToldInTheResult(Odd):
    """server/tools, Error Handling: no keyword says that an unknown tool draws a JSON-RPC error."""

    async def call_tool(self, call: Call) -> JsonObject:
        known = [tool.name for tool in self.tools_of(call.session)]
        return await super().call_tool(call) if call.request.params.get("name") in known else fails("Unknown tool.")


class SchemasLookElsewhere(Odd):
    """server/tools: a schema may refer to the web, where nobody has to look, and have patterns of all kinds."""

    def input_schema(self, tool: Tool) -> Json:
        hard: JsonObject = {"pattern": "^(?=(a+)+$)", "$ref": "https://10.255.255.1/schema.json"}
        return {**tool.input_schema, "properties": {**self._properties(tool), "extra": hard}}

    def _properties(self, tool: Tool) -> JsonObject:
        properties = tool.input_schema.get("properties")
        return properties if isinstance(properties, dict) else {}

    def output_schema(self, tool: Tool) -> Json:
        """Without end, and valid all the same."""
        return {**(tool.output_schema or {}), "$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}


class NothingCanBeCompleted(Odd):
    """Trap 68: completion is optional, and a server without it does not know the method."""

    def declared_capabilities(self) -> JsonObject:
        return {name: value for name, value in super().declared_capabilities().items() if name != "completions"}

    async def complete(self, call: Call) -> JsonObject:
        raise RpcError(METHOD_NOT_FOUND, "There are no completions.")
