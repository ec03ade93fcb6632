"""Faults in what tools there are said to be."""

import random
from dataclasses import replace
from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session
from reference_server.toolbox import TOOLS, Tool

SIMPLE = TOOLS["test_simple_text"]


def without_tools(capabilities: JsonObject) -> JsonObject:
    """What is declared beside tools."""
    return {name: value for name, value in capabilities.items() if name != "tools"}


class ToolsAreNotDeclared(ReferenceServer):
    """There are tools, but the capability is not declared."""

    breaks: ClassVar = "tools.capability"

    def declared_capabilities(self) -> JsonObject:
        return without_tools(super().declared_capabilities())

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return without_tools(super().discovered_capabilities(call))


class ToolsCannotBeListed(ReferenceServer):
    """Tools are declared, but tools/list is not known."""

    breaks: ClassVar = "tools.list"

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == "tools/list" else super().modern_handler_for(method)


class ToolsAreShuffled(ReferenceServer):
    """Tools are listed in another order each time."""

    breaks: ClassVar = "tools.list-order"

    def tools_of(self, session: Session) -> list[Tool]:
        known = super().tools_of(session)
        return random.sample(known, len(known))


class ChangesOfTheToolListStaySecret(ReferenceServer):
    """The list of tools changes, and nobody is told."""

    breaks: ClassVar = "tools.list-changed"

    def announce_change(self, session: Session, kind: str) -> None:
        if kind != "tools":
            super().announce_change(session, kind)


class AToolNameIsTooLong(ReferenceServer):
    """One tool has a name of 129 characters."""

    breaks: ClassVar = "tools.name-length"

    def tools_of(self, session: Session) -> list[Tool]:
        return [*super().tools_of(session), replace(SIMPLE, name="x" * 129)]


class AToolNameHasASpace(ReferenceServer):
    """One tool has a name of two words."""

    breaks: ClassVar = "tools.name-chars"

    def tools_of(self, session: Session) -> list[Tool]:
        return [*super().tools_of(session), replace(SIMPLE, name="simple text")]


class TwoToolsHaveOneName(ReferenceServer):
    """Two different tools have the same name."""

    breaks: ClassVar = "tools.name-unique"

    def tools_of(self, session: Session) -> list[Tool]:
        return [*super().tools_of(session), replace(SIMPLE, description="Not the same.")]


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
