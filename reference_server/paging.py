"""Lists on several pages."""

import hashlib

from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError
from reference_server.lifecycle import Lifecycle
from reference_server.state import Call

SIZES = {"resources/templates/list": 1}  # so that there is always one list of several pages


class Paging(Lifecycle):
    """A page is as long as the server likes; a cursor of its own words says where the next one begins."""

    def page(self, call: Call, member: str, entries: list[Json]) -> JsonObject:
        """One page of a list, and a cursor if more follow."""
        method = call.request.method
        size = self.options.page_size or SIZES.get(method) or max(1, len(entries))
        starts = {self.cursor_for(method, start): start for start in range(size, len(entries), size)}
        cursor = call.request.params.get("cursor")
        start = 0 if "cursor" not in call.request.params else self.start_of(call, cursor, starts)
        listed: JsonObject = {member: entries[start : start + size]}
        return (
            listed
            if start + size >= len(entries)
            else {**listed, "nextCursor": self.cursor_for(method, start + size)}
        )

    def start_of(self, call: Call, cursor: Json, starts: dict[str, int]) -> int:
        """Where the page of a cursor begins: at the same place as often as it is asked for."""
        known = starts.get(cursor) if isinstance(cursor, str) else None
        return self.on_unknown_cursor(cursor) if known is None else known

    def cursor_for(self, method: str, start: int) -> str:
        """A name for a place in a list, from which nobody can read where it is."""
        return hashlib.sha256(f"{method} {start}".encode()).hexdigest()[:16]

    def on_unknown_cursor(self, cursor: Json) -> int:
        """A cursor that was never given draws -32602."""
        raise RpcError(INVALID_PARAMS, "This cursor is not known.")
