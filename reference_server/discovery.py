"""server/discover, and what every modern result says: its type, who is speaking, and how long it keeps."""

import re

from reference_server.asking import PARCEL
from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.params import Params
from reference_server.state import Call
from reference_server.subscriptions import LISTS, URIS

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
LIST_KEY, ITEM = r"[a-z0-9][a-z0-9_*/@-]{0,255}", r"[!-+.-<>-~-]{1,256}"
TRACE_FIELDS = {
    "traceparent": re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"),
    "tracestate": re.compile(rf"{LIST_KEY}={ITEM}(?:,{LIST_KEY}={ITEM}){{0,31}}"),
    "baggage": re.compile(r"[A-Za-z0-9_.-]+=[A-Za-z0-9_.%-]*(?:,[A-Za-z0-9_.-]+=[A-Za-z0-9_.%-]*){0,63}"),
}


class Discovery(Params):
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
        core: JsonObject = {
            "completions": {},
            "logging": {},
            "prompts": {"listChanged": True},
            "resources": {"subscribe": True, "listChanged": True},
            "tools": {"listChanged": True},
        }
        return {**core, "extensions": self.extensions()}

    def agreed_for(self, call: Call) -> JsonObject:
        """Nobody is promised news of what is not declared."""
        declared = self.discovered_capabilities(call)
        hidden = {name for kind, name in LISTS.items() if kind not in declared}
        hidden |= set() if "resources" in declared else {URIS}
        return {name: value for name, value in super().agreed_for(call).items() if name not in hidden}

    def extensions(self) -> JsonObject:
        """The name of an extension is a key as in `_meta`, with a prefix; an empty object means: nothing to set."""
        return {PARCEL: {}}

    def finish(self, call: Call, result: JsonObject) -> JsonObject:
        """A handler's result as it is sent: with its type, its hints for caches, and the server's name."""
        typed = {**self.result_type(call), **result}
        said = {**self.server_info_in_result(call), **self.trace_context(call)}
        meta = {**said, **as_object(result.get("_meta"))}
        return {**typed, **self.cache_hints(call, typed), **({"_meta": meta} if meta else {})}

    def result_type(self, call: Call) -> JsonObject:
        """Every result says of what type it is: complete, unless the handler said something else."""
        return {"resultType": COMPLETE}

    def server_info_in_result(self, call: Call) -> JsonObject:
        """Every result names the server."""
        return {SERVER_INFO: self.server_info(call.session)}

    def trace_context(self, call: Call) -> JsonObject:
        """Whoever sends the context of a trace gets it back, as far as it has the form that W3C gives it."""
        sent = {name: call.request.meta.get(name) for name in TRACE_FIELDS}
        return {name: value for name, value in sent.items() if self.is_trace_field(name, value)}

    def is_trace_field(self, name: str, value: Json) -> bool:
        """What is not as W3C has it is not passed on."""
        return isinstance(value, str) and TRACE_FIELDS[name].fullmatch(value) is not None

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
