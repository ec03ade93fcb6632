"""server/discover, and what every modern result says: its type, who is speaking, and how long it keeps."""

from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.metadata import Metadata
from reference_server.state import Call

SERVER_INFO = "io.modelcontextprotocol/serverInfo"
COMPLETE = "complete"
CACHEABLE = {
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
}
LISTS_KEEP_MS = 60_000


class Discovery(Metadata):
    """Nothing that a client knows of this server comes from an earlier exchange."""

    async def discover(self, call: Call) -> JsonObject:
        """The versions, the capabilities, and how to use them."""
        return {
            "supportedVersions": self.versions_in_discovery(),
            "capabilities": self.discovered_capabilities(call),
            "instructions": self.instructions(),
        }

    def versions_in_discovery(self) -> list[Json]:
        """Every supported version, the newest first."""
        return list(reversed(self.supported_revisions()))

    def discovered_capabilities(self, call: Call) -> JsonObject:
        """What is offered without a session is declared, and what is declared is offered."""
        return {"completions": {}, "logging": {}, "prompts": {}, "resources": {}, "tools": {}}

    def finish(self, call: Call, result: JsonObject) -> JsonObject:
        """A handler's result as it is sent: with its type, its hints for caches, and the server's name."""
        typed = {**self.result_type(call), **result}
        meta = {**self.server_info_in_result(call), **as_object(result.get("_meta"))}
        return {**typed, **self.cache_hints(call, typed), **({"_meta": meta} if meta else {})}

    def result_type(self, call: Call) -> JsonObject:
        """Every result says of what type it is: complete, unless the handler said something else."""
        return {"resultType": COMPLETE}

    def server_info_in_result(self, call: Call) -> JsonObject:
        """Every result names the server."""
        return {SERVER_INFO: self.server_info(call.session)}

    def cache_hints(self, call: Call, result: JsonObject) -> JsonObject:
        """Complete results of these methods say how long they keep, and for whom; no others do."""
        if call.request.method not in CACHEABLE or result.get("resultType") != COMPLETE:
            return {}
        return {"ttlMs": self.cache_ttl(call), "cacheScope": self.cache_scope(call)}

    def cache_ttl(self, call: Call) -> Json:
        """Whole milliseconds, not negative; what a resource says may be old at once."""
        return 0 if call.request.method == "resources/read" else LISTS_KEEP_MS

    def cache_scope(self, call: Call) -> Json:
        """What is the same for everybody is public."""
        return "public"
