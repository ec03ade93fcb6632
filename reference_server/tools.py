"""tools/list and tools/call."""

import json

from reference_server.fixtures import asking, content, deferred, inputs, streaming, tasks, wording
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError, as_object
from reference_server.options import R2025_03, R2025_06, R2025_11
from reference_server.paging import Paging
from reference_server.state import Call, Session
from reference_server.toolbox import TOOLS, Tool, fails

FIXTURES = (content, streaming, asking, inputs, tasks, deferred, wording)  # importing them fills the table
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
}


class Tools(Paging):
    """Tools are described in the words of the session's revision and run one task each."""

    async def list_tools(self, call: Call) -> JsonObject:
        """All tools, always in the same order."""
        return self.page(
            call, "tools", [self.tool_listing(call.session, tool) for tool in self.tools_of(call.session)]
        )

    def tools_of(self, session: Session) -> list[Tool]:
        """What the session's revision can use and what is not hidden."""
        shown = "tools" in session.toggled
        known = [tool for tool in TOOLS.values() if tool.since <= session.revision <= tool.until]
        return [tool for tool in known if shown or not tool.toggled]

    def tool_listing(self, session: Session, tool: Tool) -> JsonObject:
        """Only fields that the revision knows."""
        listing: JsonObject = {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": self.input_schema(tool),
        }
        if session.revision >= R2025_03:
            listing["annotations"] = tool.annotations
        if session.revision >= R2025_06:
            listing["title"] = tool.name.replace("_", " ").capitalize()
            if tool.output_schema is not None:
                listing["outputSchema"] = self.output_schema(tool)
        return listing

    def input_schema(self, tool: Tool) -> Json:
        """A schema is valid by its dialect, and the dialect is 2020-12."""
        return tool.input_schema

    def output_schema(self, tool: Tool) -> Json:
        """Results conform to this schema, which is valid too."""
        return tool.output_schema

    async def call_tool(self, call: Call) -> JsonObject:
        """An unknown tool draws -32602; a known one runs."""
        tool, arguments = self.tool_named(call), call.request.params.get("arguments", {})
        if not isinstance(arguments, dict):
            raise RpcError(INVALID_PARAMS, "Arguments are an object.")
        problem = self.problem_with(tool, arguments)
        if problem is not None:
            return self.on_bad_arguments(call, problem)
        result = await tool.run(self, call, arguments)
        return {"_meta": self.result_meta(call), **self.finished(call, result)}

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        """A failure is a result like any other, and structured content stands in a block of text as well."""
        if "structuredContent" not in result:
            return result
        blocks = result["content"] if isinstance(result["content"], list) else []
        as_text: JsonObject = {"type": "text", "text": self.as_text(result["structuredContent"])}
        return {**result, "content": [*blocks, as_text]}

    def as_text(self, structured: Json) -> str:
        """Structured content as JSON, for clients that know nothing else."""
        return json.dumps(structured, ensure_ascii=False)

    def tool_named(self, call: Call) -> Tool:
        """The tool that a call names."""
        name = call.request.params.get("name")
        tool = next((tool for tool in self.tools_of(call.session) if self.is_called(tool, name)), None)
        return self.on_unknown_tool(call) if tool is None else tool

    def is_called(self, tool: Tool, name: Json) -> bool:
        """Capital and small letters make different names."""
        return tool.name == name

    def on_unknown_tool(self, call: Call) -> Tool:
        """An unknown tool draws -32602."""
        raise RpcError(INVALID_PARAMS, f"Unknown tool: {call.request.params.get('name')}")

    def result_meta(self, call: Call) -> JsonObject:
        """A _meta key is a name, after a prefix of dot-separated labels and a slash."""
        return {"reference-server.example/revision": call.revision}

    def problem_with(self, tool: Tool, arguments: JsonObject) -> str | None:
        """Required arguments are there, and each has the type that the schema gives it."""
        required = tool.input_schema.get("required", [])
        for name in required if isinstance(required, list) else []:
            if name not in arguments:
                return f"The argument {name!r} is missing."
        properties = as_object(tool.input_schema.get("properties"))
        for name, value in arguments.items():
            schema = as_object(properties.get(name))
            expected = str(schema.get("type", ""))
            if not self.is_of_type(value, expected) and not (value is None and "x-mcp-header" in schema):
                return f"The argument {name!r} is not of type {expected}."
        return None

    def is_of_type(self, value: Json, expected: str) -> bool:
        """True is no number, although Python has it so; what is not named as a type is not looked at."""
        if isinstance(value, bool):
            return expected not in TYPES or expected == "boolean"
        return expected not in TYPES or isinstance(value, TYPES[expected])

    def on_bad_arguments(self, call: Call, problem: str) -> JsonObject:
        """From 2025-11-25 on bad arguments are for the model to see; before, they were an error of the protocol."""
        if call.revision >= R2025_11:
            return fails(problem)
        raise RpcError(INVALID_PARAMS, problem)
