"""Faults in what the client's model is asked."""

from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.server import ReferenceServer
from reference_server.state import Session


class ModelsGetToolsUnasked(ReferenceServer):
    """A model is given tools although its client declared only plain sampling."""

    breaks: ClassVar = "sampling.tools-declared"
    also: ClassVar = {"negotiated": "tools are one of the things that are negotiated"}
    revision: ClassVar = "2025-11-25"

    def client_uses_tools(self, session: Session) -> bool:
        return True


class ContextIsAskedForWhereDeclared(ReferenceServer):
    """The context of this server is asked for, if only from clients that declared it."""

    breaks: ClassVar = "sampling.context-avoided"

    def wished_context(self, session: Session) -> JsonObject:
        declared = "context" in as_object(session.client_capabilities.get("sampling"))
        return {"includeContext": "thisServer"} if declared else {}


class ContextIsAlwaysAskedFor(ReferenceServer):
    """The context of all servers is asked for, whatever the client declared."""

    breaks: ClassVar = "sampling.context-declared"
    also: ClassVar = {"sampling.context-avoided": "what is to be avoided even where it is declared is not avoided"}

    def wished_context(self, session: Session) -> JsonObject:
        return {"includeContext": "allServers"}


class ResultsOfToolsComeWithAWord(ReferenceServer):
    """A word of explanation stands before the results of tools, in the same message."""

    breaks: ClassVar = "sampling.tool-results"

    def after_tool_uses(self, messages: list[Json], uses: list[Json], results: list[Json]) -> list[Json]:
        word: JsonObject = {"type": "text", "text": "Here are the results:"}
        return super().after_tool_uses(messages, uses, [word, *results])


class OnlyOneToolIsUsed(ReferenceServer):
    """Of several uses of tools only the first gets its result."""

    breaks: ClassVar = "sampling.tool-balance"

    def after_tool_uses(self, messages: list[Json], uses: list[Json], results: list[Json]) -> list[Json]:
        return super().after_tool_uses(messages, uses, results[:1])


class ResultsOfToolsComeFromNowhere(ReferenceServer):
    """What the model wished for is left out of the conversation, and only the results are told."""

    breaks: ClassVar = "sampling.tool-balance"

    def after_tool_uses(self, messages: list[Json], uses: list[Json], results: list[Json]) -> list[Json]:
        return [*messages, {"role": "user", "content": results}]
