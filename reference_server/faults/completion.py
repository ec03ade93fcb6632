"""Faults in completion."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call


def without_completions(capabilities: JsonObject) -> JsonObject:
    """What is declared beside completions."""
    return {name: value for name, value in capabilities.items() if name != "completions"}


class CompletionsAreNotDeclared(ReferenceServer):
    """Arguments are completed, but the capability is not declared."""

    breaks: ClassVar = "completion.capability"

    def declared_capabilities(self) -> JsonObject:
        return without_completions(super().declared_capabilities())

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return without_completions(super().discovered_capabilities(call))


class SuggestionsKnowNoLimit(ReferenceServer):
    """An answer has more than 100 suggestions."""

    breaks: ClassVar = "completion.max-100"
    revision: ClassVar = "2025-11-25"

    def most_values(self) -> int:
        return 1_000


class SuggestionsKnowNoLimitOfTheSchema(ReferenceServer):
    """An answer has more than 100 suggestions, where the schema has that limit too."""

    breaks: ClassVar = "completion.max-100"
    also: ClassVar = {"schema.message": "from 2026-07-28 on the schema has the limit of 100 as well"}
    revision: ClassVar = "2026-07-28"

    def most_values(self) -> int:
        return 1_000


class ThereIsNothingToSuggestForUnknownPrompts(ReferenceServer):
    """A completion for a prompt that there is not is an empty list in place of an error."""

    breaks: ClassVar = "completion.errors"

    def on_unknown_reference(self) -> JsonObject:
        return self.suggest([])


class NothingIsCompletedToNothing(ReferenceServer):
    """A request that does not say what is to be completed is answered with an empty list."""

    breaks: ClassVar = "completion.validate-inputs"

    def on_bad_argument(self, problem: str) -> JsonObject:
        return self.suggest([])
