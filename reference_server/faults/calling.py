"""Faults in what comes of calling a tool."""

from typing import ClassVar

from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call
from reference_server.toolbox import TOOLS, Tool, says


def without_resources(capabilities: JsonObject) -> JsonObject:
    """What is declared beside resources."""
    return {name: value for name, value in capabilities.items() if name != "resources"}


class AnyToolWillDo(ReferenceServer):
    """A tool that there is not is taken for one that there is."""

    breaks: ClassVar = "tools.unknown-error"
    also: ClassVar = {"tools.name-case": "A name in other letters is one that there is not."}

    def on_unknown_tool(self, call: Call) -> Tool:
        return TOOLS["test_simple_text"]


class ToolNamesDisregardCase(ReferenceServer):
    """A tool answers to its name in capital letters too."""

    breaks: ClassVar = "tools.name-case"

    def is_called(self, tool: Tool, name: Json) -> bool:
        return isinstance(name, str) and tool.name.lower() == name.lower()


class WrongArgumentsSucceed(ReferenceServer):
    """Arguments that the schema rules out are passed over, and the tool says that all went well."""

    breaks: ClassVar = "tools.validate-inputs"

    def on_bad_arguments(self, call: Call, problem: str) -> JsonObject:
        return self.finished(call, {**says("done"), "structuredContent": {"text": ""}})


class FailuresOfToolsAreErrorsOfTheProtocol(ReferenceServer):
    """A tool that fails draws -32603 in place of a result."""

    breaks: ClassVar = "tools.error-in-result"

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        if result.get("isError"):
            raise RpcError(INTERNAL_ERROR, "The tool failed.")
        return super().finished(call, result)


class ResultsLackWhatTheirSchemaPromises(ReferenceServer):
    """The outputSchema of a tool requires what its results do not have."""

    breaks: ClassVar = "tools.structured-matches"

    def output_schema(self, tool: Tool) -> Json:
        return {**(tool.output_schema or {}), "required": ["what there is not"]}


class StructuredContentIsForOwnersOfASchemaOnly(ReferenceServer):
    """Structured content is told in words, and not as JSON, to clients that do not know it."""

    breaks: ClassVar = "tools.structured-text"

    def as_text(self, structured: Json) -> str:
        return "There is structured content."


class ResourcesAreEmbeddedButNotDeclared(ReferenceServer):
    """Tools embed resources, but the resources capability is not declared."""

    breaks: ClassVar = "tools.embedded-capability"
    also: ClassVar = {"resources.capability": "Resources are listed all the same, and neither is that declared."}

    def declared_capabilities(self) -> JsonObject:
        return without_resources(super().declared_capabilities())

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return without_resources(super().discovered_capabilities(call))


class MediaOfToolsAreNotEncoded(ReferenceServer):
    """Images and audio stand in results in another notation than Base64."""

    breaks: ClassVar = "tools.content-base64"

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        blocks = result["content"] if isinstance(result["content"], list) else []
        broken = [{**b, "data": "89 50 4e 47"} if isinstance(b, dict) and "data" in b else b for b in blocks]
        return super().finished(call, {**result, "content": broken})
