"""Faults in prompts."""

from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError, as_object
from reference_server.prompts import said
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session

IMAGE: JsonObject = {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"}
RESOURCE: JsonObject = {"uri": "test://embedded", "mimeType": "text/plain", "text": "embedded"}


class PromptsAreUndeclared(ReferenceServer):
    """Prompts are served, but not declared."""

    breaks: ClassVar = "prompts.capability"

    def declared_capabilities(self) -> JsonObject:
        declared = super().declared_capabilities()
        del declared["prompts"]
        return declared

    def discovered_capabilities(self, call: Call) -> JsonObject:
        declared = super().discovered_capabilities(call)
        del declared["prompts"]
        return declared


class PromptsCannotBeListed(ReferenceServer):
    """Prompts are declared, but prompts/list is not known."""

    breaks: ClassVar = "prompts.list"

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == "prompts/list" else super().modern_handler_for(method)


class ChangedPromptsGoUntold(ReferenceServer):
    """When the list of prompts changes nobody is told, although listChanged is declared."""

    breaks: ClassVar = "prompts.list-changed"

    def announce_change(self, session: Session, kind: str) -> None:
        if kind != "prompts":
            super().announce_change(session, kind)


class ChangedPromptsAreToldUnasked(ReferenceServer):
    """Clients are told of changed prompts, although listChanged is not declared."""

    breaks: ClassVar = "prompts.negotiated"

    def declared_capabilities(self) -> JsonObject:
        return super().declared_capabilities() | {"prompts": {}}

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return super().discovered_capabilities(call) | {"prompts": {}}


class UnknownPromptsAreAnErrorOfTheServer(ReferenceServer):
    """A prompt that there is not draws -32603."""

    breaks: ClassVar = "prompts.unknown-error"

    async def get_prompt(self, call: Call) -> JsonObject:
        if call.request.params.get("name") not in self.prompts_of(call.session):
            raise RpcError(INTERNAL_ERROR, "The prompt could not be made.")
        return await super().get_prompt(call)


class MissingArgumentsAreEmpty(ReferenceServer):
    """An argument that is required and left out is taken for an empty one."""

    breaks: ClassVar = "prompts.missing-argument"

    async def get_prompt(self, call: Call) -> JsonObject:
        given = as_object(call.request.params.get("arguments"))
        call.request.params["arguments"] = {"arg1": "", "arg2": "", "resourceUri": "test://nothing", **given}
        return await super().get_prompt(call)


class ImagesAreNotEncoded(ReferenceServer):
    """An image in a prompt is a list of numbers in a string."""

    breaks: ClassVar = "prompts.media"

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        return said({**IMAGE, "data": "[137, 80, 78, 71]"})


class ImagesHaveAFileExtension(ReferenceServer):
    """An image in a prompt has a file extension where its media type belongs."""

    breaks: ClassVar = "prompts.media"

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        return said({**IMAGE, "mimeType": "png"})


class EmbeddedResourcesHaveAName(ReferenceServer):
    """A resource in a prompt has a name where its URI belongs."""

    breaks: ClassVar = "prompts.embedded"

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        return said({"type": "resource", "resource": {**RESOURCE, "uri": "an embedded resource"}})


class EmbeddedResourcesHaveNoType(ReferenceServer):
    """A resource in a prompt says nothing about its media type."""

    breaks: ClassVar = "prompts.embedded-type"

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        return said({"type": "resource", "resource": {"uri": "test://embedded", "text": "embedded"}})
