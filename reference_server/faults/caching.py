"""Faults in what results say to those who keep them."""

from typing import ClassVar

from reference_server.discovery import COMPLETE
from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call


class NobodyKnowsHowLongPromptsKeep(ReferenceServer):
    """The list of prompts comes without hints for caches."""

    breaks: ClassVar = "caching.hints"
    also: ClassVar = {"schema.message": "the schema too wants both hints in every such result"}

    def cache_hints(self, call: Call, result: JsonObject) -> JsonObject:
        return {} if call.request.method == "prompts/list" else super().cache_hints(call, result)


class TheServerItselfIsNotToBeKept(ReferenceServer):
    """The answer to server/discover says how long it keeps, and not for whom."""

    breaks: ClassVar = "caching.hints"
    also: ClassVar = {"schema.message": "the schema too wants both hints in every such result"}

    def cache_hints(self, call: Call, result: JsonObject) -> JsonObject:
        hints = super().cache_hints(call, result)
        return {"ttlMs": hints["ttlMs"]} if call.request.method == "server/discover" else hints


class ResultsAreOldBeforeTheyCome(ReferenceServer):
    """What a resource says keeps for less than no time."""

    breaks: ClassVar = "caching.ttl"
    also: ClassVar = {"schema.message": "the schema too sets the limit of 0"}

    def cache_ttl(self, call: Call) -> Json:
        return -1 if call.request.method == "resources/read" else super().cache_ttl(call)


class ResultsKeepForAMinuteInWords(ReferenceServer):
    """How long a list keeps is told in words."""

    breaks: ClassVar = "caching.ttl"
    also: ClassVar = {"schema.message": "the schema too wants an integer"}

    def cache_ttl(self, call: Call) -> Json:
        return "60s"


class ResultsAreForFriends(ReferenceServer):
    """Results are neither public nor private."""

    breaks: ClassVar = "caching.scope"
    also: ClassVar = {"schema.message": "the schema too knows two scopes only"}

    def cache_scope(self, call: Call) -> Json:
        return "friends"


class LaterPagesArePrivate(ReferenceServer):
    """The first page of a list is public, and those that follow are private."""

    breaks: ClassVar = "caching.scope-pages"

    def cache_scope(self, call: Call) -> Json:
        return "private" if "cursor" in call.request.params else super().cache_scope(call)


class QuestionsAreToBeKept(ReferenceServer):
    """A resource that asks who wants to read it says how long the question keeps."""

    breaks: ClassVar = "caching.interim"

    def cache_hints(self, call: Call, result: JsonObject) -> JsonObject:
        return super().cache_hints(call, {**result, "resultType": COMPLETE})
