"""Faults in the schemas of tools."""

from reference_server.jsonrpc import Json
from reference_server.server import ReferenceServer
from reference_server.toolbox import Tool


class SchemasAskForLessThanNothing(ReferenceServer):
    """The schemas of tools have a number of properties below zero, which JSON Schema does not allow."""

    breaks = "schema.valid"

    def input_schema(self, tool: Tool) -> Json:
        return {**tool.input_schema, "minProperties": -1}


class SchemasAreOfDraft7(ReferenceServer):
    """The schemas of tools are written in a dialect older than 2020-12."""

    breaks = "schema.prefer-2020"

    def input_schema(self, tool: Tool) -> Json:
        return {**tool.input_schema, "$schema": "http://json-schema.org/draft-07/schema#"}
