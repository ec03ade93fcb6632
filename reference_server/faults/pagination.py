"""Faults in lists on several pages."""

import secrets
from typing import ClassVar

from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError
from reference_server.options import Options
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

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.used: set[str] = set()

    def cursor_for(self, method: str, start: int) -> str:
        return f"{super().cursor_for(method, start)}-{secrets.token_hex(4)}"

    def start_of(self, call: Call, cursor: Json, starts: dict[str, int]) -> int:
        place, known = str(cursor).partition("-")[0], {name.partition("-")[0]: n for name, n in starts.items()}
        fresh = str(cursor) not in self.used
        self.used.add(str(cursor))
        return super().start_of(call, place, known if fresh else {})


class TheLastPageLeadsToTheFirst(ReferenceServer):
    """After the last page there is always another cursor, and it leads to what was had before."""

    breaks: ClassVar = "pagination.stable"

    def page(self, call: Call, member: str, entries: list[Json]) -> JsonObject:
        used = {"nextCursor": call.request.params["cursor"]} if "cursor" in call.request.params else {}
        return used | super().page(call, member, entries)
