"""Faults in logging."""

from typing import ClassVar

from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError
from reference_server.reporting import LEVELS
from reference_server.server import ReferenceServer
from reference_server.state import Call


class LogsComeUndeclared(ReferenceServer):
    """Log messages are sent, but logging is not declared."""

    breaks: ClassVar = "log.capability"
    revision: ClassVar = "2025-11-25"

    def declared_capabilities(self) -> JsonObject:
        declared = super().declared_capabilities()
        del declared["logging"]
        return declared


class AnyLevelWillDo(ReferenceServer):
    """A level that there is not is set without a word."""

    breaks: ClassVar = "log.errors"
    revision: ClassVar = "2025-11-25"

    def on_bad_level(self, level: Json) -> None:
        pass


class UnknownLevelsAreAnErrorOfTheServer(ReferenceServer):
    """A level that there is not draws -32603."""

    breaks: ClassVar = "log.errors"
    revision: ClassVar = "2025-11-25"

    def on_bad_level(self, level: Json) -> None:
        raise RpcError(INTERNAL_ERROR, "The level could not be set.")


class LogsAreNotDiscovered(ReferenceServer):
    """Log messages are sent, but server/discover does not tell of logging."""

    breaks: ClassVar = "log.capability"
    revision: ClassVar = "2026-07-28"

    def discovered_capabilities(self, call: Call) -> JsonObject:
        discovered = super().discovered_capabilities(call)
        del discovered["logging"]
        return discovered


class AnyLevelIsGoodEnough(ReferenceServer):
    """A request that names a level that there is not is served without a word."""

    breaks: ClassVar = "log.errors"
    revision: ClassVar = "2026-07-28"

    def log_level_is_good(self, level: Json) -> bool:
        return True

    def log_level_for(self, meta: JsonObject) -> str | None:
        level = super().log_level_for(meta)
        return level if level in LEVELS else None


class EverybodyHearsTheLog(ReferenceServer):
    """A request that names no level gets log messages all the same."""

    breaks: ClassVar = "log.only-on-request"

    def log_level_for(self, meta: JsonObject) -> str | None:
        return super().log_level_for(meta) or "info"


class ListenersHearTheLogs(ReferenceServer):
    """What a call logs comes on the streams of subscriptions as well."""

    breaks: ClassVar = "log.same-stream"
    also: ClassVar = {"subs.changes-only": "a log message is no change"}

    def send_log(self, call: Call, level: str, data: Json) -> None:
        super().send_log(call, level, data)
        for subscription in self.subscriptions:
            self.deliver(subscription, "notifications/message", {"level": level, "data": data})
