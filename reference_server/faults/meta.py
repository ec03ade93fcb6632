"""Faults in the names of metadata."""

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call


class MetaPrefixHasAnEmptyLabel(ReferenceServer):
    """Two dots follow each other in the prefix of a `_meta` key."""

    breaks = "meta.prefix"

    def result_meta(self, call: Call) -> JsonObject:
        return {"reference-server..example/revision": call.revision}


class MetaPrefixIsAnAddress(ReferenceServer):
    """The prefix of a `_meta` key has slashes in it, like a web address."""

    breaks = "meta.prefix"

    def result_meta(self, call: Call) -> JsonObject:
        return {"server.example/notes/revision": call.revision}


class MetaLabelsBeginWithADigit(ReferenceServer):
    """A label in the prefix of a `_meta` key begins with a digit."""

    breaks = "meta.labels"

    def result_meta(self, call: Call) -> JsonObject:
        return {"1st.example/revision": call.revision}


class MetaNamesBeginWithAnUnderscore(ReferenceServer):
    """The name in a `_meta` key begins with an underscore."""

    breaks = "meta.name"

    def result_meta(self, call: Call) -> JsonObject:
        return {"reference-server.example/_revision": call.revision}
