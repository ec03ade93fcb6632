"""Faults in extensions."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Session


class ExtensionsHaveNoPrefix(ReferenceServer):
    """An extension has a name that anybody could have thought of."""

    breaks: ClassVar = "ext.names"

    def extensions(self) -> JsonObject:
        return {"parcel": {}}


class ExtensionsAreNamedByAddresses(ReferenceServer):
    """An extension is named by the address of its documentation."""

    breaks: ClassVar = "ext.names"

    def extensions(self) -> JsonObject:
        return {"https://example.com/parcel": {}}


class ExtensionsAreUsedWithEverybody(ReferenceServer):
    """A client gets the results of an extension of which it has never heard."""

    breaks: ClassVar = "ext.fallback"

    def uses_extension(self, session: Session, name: str) -> bool:
        return True
