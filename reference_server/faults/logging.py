"""Faults in logging."""

from typing import ClassVar

from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError
from reference_server.server import ReferenceServer


class LogsComeUndeclared(ReferenceServer):
    """Log messages are sent, but logging is not declared."""

    breaks: ClassVar = "log.capability"

    def declared_capabilities(self) -> JsonObject:
        declared = super().declared_capabilities()
        del declared["logging"]
        return declared


class AnyLevelWillDo(ReferenceServer):
    """A level that there is not is set without a word."""

    breaks: ClassVar = "log.errors"

    def on_bad_level(self, level: Json) -> None:
        pass


class UnknownLevelsAreAnErrorOfTheServer(ReferenceServer):
    """A level that there is not draws -32603."""

    breaks: ClassVar = "log.errors"

    def on_bad_level(self, level: Json) -> None:
        raise RpcError(INTERNAL_ERROR, "The level could not be set.")
