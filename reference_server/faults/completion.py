"""Faults in completion."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer


class CompletionsAreNotDeclared(ReferenceServer):
    """Arguments are completed, but the capability is not declared."""

    breaks: ClassVar = "completion.capability"

    def declared_capabilities(self) -> JsonObject:
        return {name: value for name, value in super().declared_capabilities().items() if name != "completions"}


class SuggestionsKnowNoLimit(ReferenceServer):
    """An answer has more than 100 suggestions."""

    breaks: ClassVar = "completion.max-100"

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
