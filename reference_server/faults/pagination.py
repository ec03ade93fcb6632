"""Faults in lists on several pages."""

from typing import ClassVar

from reference_server.jsonrpc import INTERNAL_ERROR, Json, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call


class UnknownCursorsBeginAgain(ReferenceServer):
    """A cursor that was never given leads to the first page."""

    breaks: ClassVar = "pagination.cursor-invalid"

    def on_unknown_cursor(self, cursor: Json) -> int:
        return 0


class UnknownCursorsAreAnErrorOfTheServer(ReferenceServer):
    """A cursor that was never given draws -32603."""

    breaks: ClassVar = "pagination.cursor-invalid"

    def on_unknown_cursor(self, cursor: Json) -> int:
        raise RpcError(INTERNAL_ERROR, "This cursor leads nowhere.")


class CursorsWorkOnce(ReferenceServer):
    """A cursor that was used is forgotten."""

    breaks: ClassVar = "pagination.stable"
    used: ClassVar[set[tuple[str, str]]] = set()

    def start_of(self, call: Call, cursor: Json, starts: dict[str, int]) -> int:
        use = (call.session.id, str(cursor))
        known = {} if use in self.used else starts
        self.used.add(use)
        return super().start_of(call, cursor, known)
