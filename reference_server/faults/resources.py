"""Faults in what there is to read."""

from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session


class ResourcesAreUndeclared(ReferenceServer):
    """Resources are served, but not declared."""

    breaks: ClassVar = "resources.capability"
    also: ClassVar = {"tools.embedded-capability": "tools give resources away too"}

    def declared_capabilities(self) -> JsonObject:
        declared = super().declared_capabilities()
        del declared["resources"]
        return declared

    def discovered_capabilities(self, call: Call) -> JsonObject:
        declared = super().discovered_capabilities(call)
        del declared["resources"]
        return declared


class ResourcesCannotBeListed(ReferenceServer):
    """Resources are declared, but resources/list is not known."""

    breaks: ClassVar = "resources.list"

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == "resources/list" else super().modern_handler_for(method)


class ChangedResourcesGoUntold(ReferenceServer):
    """When the list of resources changes nobody is told, although listChanged is declared."""

    breaks: ClassVar = "resources.list-changed"

    def announce_change(self, session: Session, kind: str) -> None:
        if kind != "resources":
            super().announce_change(session, kind)


class UrisHaveNoScheme(ReferenceServer):
    """Resources are listed under names with spaces instead of URIs."""

    breaks: ClassVar = "resources.uri-valid"

    def described(self, session: Session, key: str, uri: str, title: str, mime: str, description: str) -> JsonObject:
        return {**super().described(session, key, uri, title, mime, description), key: title}


class ContentsForgetTheScheme(ReferenceServer):
    """What is read names its resource without the scheme."""

    breaks: ClassVar = "resources.uri-valid"

    def contents_of(self, call: Call, uri: Json) -> JsonObject:
        return {**super().contents_of(call, uri), "uri": str(uri).partition(":")[2]}


class BlobsAreHexadecimal(ReferenceServer):
    """Binary contents are written in hexadecimal digits, in pairs with a colon between."""

    breaks: ClassVar = "resources.base64"

    def contents_of(self, call: Call, uri: Json) -> JsonObject:
        contents = super().contents_of(call, uri)
        return contents | ({"blob": "89:50:4e:47"} if "blob" in contents else {})


class MissingResourcesAreAnErrorOfTheServer(ReferenceServer):
    """A resource that there is not draws -32603."""

    breaks: ClassVar = "resources.not-found-code"

    def code_for_missing_resource(self, call: Call) -> int:
        return INTERNAL_ERROR


class MissingResourcesAreEmpty(ReferenceServer):
    """A resource that there is not has no contents, and that is all that is said."""

    breaks: ClassVar = "resources.not-found-code"

    async def read_resource(self, call: Call) -> JsonObject:
        try:
            return await super().read_resource(call)
        except RpcError:
            return {"contents": []}


class AnythingCanBeRead(ReferenceServer):
    """What is no URI is served like a file of that name."""

    breaks: ClassVar = "resources.uri-checked"

    def find_resource(self, uri: Json) -> JsonObject | None:
        name = isinstance(uri, str) and ":" not in uri
        return {"uri": "test://a-file", "text": "The contents of a file."} if name else super().find_resource(uri)
