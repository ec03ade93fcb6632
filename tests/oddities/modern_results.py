"""Results, capabilities and lists of 2026-07-28 that say more, less or something else than usual."""

import random
from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.options import Options
from reference_server.state import Call, Session
from reference_server.subscriptions import LISTEN
from reference_server.toolbox import Tool
from tests.oddities.odd import ModernOdd

DRAFT_07 = "http://json-schema.org/draft-07/schema#"


class NobodySaysWhoIsSpeaking(ModernOdd):
    """Trap 81: `unless specifically configured not to do so`: results need not name the server."""

    warned: ClassVar = frozenset({"meta.server-info", "discover.server-info"})

    def server_info_in_result(self, call: Call) -> JsonObject:
        return {}


class TheServerSaysALotOfItself(ModernOdd):
    """The schema, Implementation: icons, a title, a description, a page, and members that nobody knows."""

    def server_info(self, session: Session) -> JsonObject:
        icons: list[Json] = [{"src": "data:image/png;base64,AAAA", "sizes": ["48x48", "any"], "theme": "dark"}]
        about: JsonObject = {"description": "", "websiteUrl": "https://example.com/", "icons": icons, "x": None}
        return {**super().server_info(session), **about}


class ResultsCarryMuchInMeta(ModernOdd):
    """basic/index, _meta: `_meta` and results are open; names with a prefix are anybody's."""

    def finish(self, call: Call, result: JsonObject) -> JsonObject:
        whole = super().finish(call, result)
        more: JsonObject = {"com.example/a": [None, {"b": 1}], "org.example.sub-domain/x_y.z-1": "", "plain": 0}
        return {**whole, "x-more": {"a": []}, "": None, "_meta": {**more, **as_object(whole.get("_meta"))}}


class InstructionsAreLeftOut(ModernOdd):
    """server/discover: they are optional, and so is everything else that is not the versions and the capabilities."""

    async def discover(self, call: Call) -> JsonObject:
        whole = await super().discover(call)
        return {name: whole[name] for name in ("supportedVersions", "capabilities")}


class NothingKeeps(ModernOdd):
    """server/utilities/caching: what is old at once, and for one client only."""

    def cache_ttl(self, call: Call) -> Json:
        return 0

    def cache_scope(self, call: Call) -> Json:
        return "private"


class EverythingKeepsForLong(ModernOdd):
    """server/utilities/caching: no number is too large, and 1e15 is a whole number however it is written."""

    def cache_ttl(self, call: Call) -> Json:
        return random.choice([1e15, 2**53, 31_536_000_000, 1])

    def cache_scope(self, call: Call) -> Json:
        return "private" if call.request.method.startswith("resources/") else "public"


class ChangesAreNotDeclared(ModernOdd):
    """Trap 82: `listChanged` and `subscribe` may be absent or false, and changes listened to all the same."""

    warned: ClassVar = frozenset({"prompts.negotiated"})  # a SHOULD

    def discovered_capabilities(self, call: Call) -> JsonObject:
        lists: JsonObject = {"prompts": {}, "resources": {"listChanged": False, "subscribe": False}}
        return {**super().discovered_capabilities(call), **lists, "tools": {"listChanged": False}}


class _Offers(ModernOdd):
    """Offers a part of what there is; what is not offered is an unknown method."""

    offered: ClassVar[dict[str, JsonObject]] = {}
    methods: ClassVar[tuple[str, ...]] = ()

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return dict(self.offered)

    def modern_handler_for(self, method: str) -> Handler | None:
        known = method == "server/discover" or method.startswith(self.methods)
        return super().modern_handler_for(method) if known else None


class NothingIsOffered(_Offers):
    """Trap 68: server/discover is all that a server must have."""


class OnlyToolsAreOffered(_Offers):
    """Trap 68: without resources, prompts, completions, logging and subscriptions."""

    offered: ClassVar = {"tools": {}}
    methods: ClassVar = ("tools/",)
    warned: ClassVar = frozenset({"tools.embedded-capability"})

    def log_level_for(self, meta: JsonObject) -> str | None:
        return None


class OnlyPromptsAreOffered(_Offers):
    """Trap 68: a library of prompts."""

    offered: ClassVar = {"prompts": {"listChanged": True}, "completions": {}}
    methods: ClassVar = ("prompts/", "completion/", LISTEN)


class OnlyResourcesAreOffered(_Offers):
    """Trap 68: a library of texts, which one can listen to."""

    offered: ClassVar = {"resources": {"subscribe": True}, "experimental": {"example/x": {}}}
    methods: ClassVar = ("resources/", LISTEN)


class LogsAreLouderThanWished(ModernOdd):
    """Trap 91: below the level that was asked for messages may come; where none was asked for, they may not."""

    def log_level_for(self, meta: JsonObject) -> str | None:
        return None if super().log_level_for(meta) is None else "debug"


class ExtensionsAreOffered(ModernOdd):
    """Trap 68: extensions have names of their own, and settings of any form."""

    def discovered_capabilities(self, call: Call) -> JsonObject:
        whole = super().discovered_capabilities(call)
        more: JsonObject = {"com.example/parcel": {"sizes": ["s", "l"]}, "io.modelcontextprotocol/ui": {}}
        return {**whole, "extensions": {**as_object(whole.get("extensions")), **more}, "experimental": {"x": {}}}


class SchemasAreOfAnOlderDialect(ModernOdd):
    """server/tools: a schema says its dialect, and draft-07 is one."""

    warned: ClassVar = frozenset({"schema.prefer-2020"})

    def input_schema(self, tool: Tool) -> Json:
        return {**tool.input_schema, "$schema": DRAFT_07, "definitions": {"a": {"$id": "#a", "type": "null"}}}


class SchemasSayNoDialect(ModernOdd):
    """basic/index, JSON Schema: without `$schema` it is 2020-12; and a schema may be next to nothing."""

    settings: ClassVar = Options(tasks=False)

    def input_schema(self, tool: Tool) -> Json:
        bare = {name: value for name, value in tool.input_schema.items() if name != "$schema"}
        return {**bare, "additionalProperties": False, "$comment": "", "title": ""}


class ACursorMayBeEmpty(ModernOdd):
    """server/utilities/pagination: an empty text is a valid cursor, and not the end of the list."""

    settings: ClassVar = Options(page_size=10)

    def cursor_for(self, method: str, start: int) -> str:
        return "" if start == 10 else super().cursor_for(method, start)


class CursorsAreLong(ModernOdd):
    """server/utilities/pagination: a cursor is opaque, and may be of any length and of any letters."""

    settings: ClassVar = Options(page_size=4)

    def cursor_for(self, method: str, start: int) -> str:
        return f"{'→ ' * 500}{method}?{start}\n\u0000"


class PagesMayBeEmpty(ModernOdd):
    """server/utilities/pagination: a page may have nothing on it and not be the last."""

    def page(self, call: Call, member: str, entries: list[Json]) -> JsonObject:
        if "cursor" not in call.request.params:
            return {member: [], "nextCursor": "on"}
        if call.request.params["cursor"] != "on":
            return super().page(call, member, entries)
        return {member: entries}
