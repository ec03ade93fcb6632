"""Faults in versions, methods and discovery of the modern era."""

from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INVALID_PARAMS, INVALID_REQUEST, UNSUPPORTED_VERSION, Json, JsonObject, Request
from reference_server.server import ReferenceServer
from reference_server.state import Call

DISCOVER = "server/discover"


class UnsupportedVersionsAreInvalidRequests(ReferenceServer):
    """A version that is not supported draws -32600, the code that older revisions had for it."""

    breaks: ClassVar = "version.unsupported"

    def code_for_unsupported_version(self) -> int:
        return INVALID_REQUEST


class UnsupportedVersionsAreAnsweredWith200(ReferenceServer):
    """The error about an unsupported version comes with the status of a success."""

    breaks: ClassVar = "version.unsupported"

    def status_for_bad_request(self, code: int) -> int:
        return 200 if code == UNSUPPORTED_VERSION else super().status_for_bad_request(code)


class OnlyTheNewestVersionIsToldInErrors(ReferenceServer):
    """Whoever asks for an unsupported version is given one version where a list belongs."""

    breaks: ClassVar = "version.unsupported"

    def data_for_unsupported_version(self, asked: str) -> JsonObject:
        return {"supported": self.modern_revisions()[-1], "requested": asked}


class NewerVersionsAreTakenForSupported(ReferenceServer):
    """Every version that sorts behind the oldest modern one is served, whether it exists or not."""

    breaks: ClassVar = "version.unsupported"

    def on_unsupported_version(self, asked: str) -> None:
        if asked < self.modern_revisions()[0]:
            super().on_unsupported_version(asked)


class TheRequestedVersionIsNotRepeated(ReferenceServer):
    """The error about an unsupported version says the newest one where the requested one belongs."""

    breaks: ClassVar = "version.unsupported"

    def data_for_unsupported_version(self, asked: str) -> JsonObject:
        return super().data_for_unsupported_version(self.modern_revisions()[-1])


class ErrorsListOtherVersionsThanDiscovery(ReferenceServer):
    """The error about an unsupported version lists a version that nobody can use."""

    breaks: ClassVar = "version.unsupported"

    def versions_in_error(self) -> list[Json]:
        return ["2027-01-01", *super().versions_in_error()]


class UnknownMethodsAreAnsweredWith200(ReferenceServer):
    """An unknown method draws -32601, with the status of a success."""

    breaks: ClassVar = "method.404"

    def status_for_unknown_method(self) -> int:
        return 200


class UnknownMethodsAreInvalidParams(ReferenceServer):
    """A method is looked up among the shapes of params, so that an unknown one draws -32602."""

    breaks: ClassVar = "method.404"

    def check_method(self, request: Request) -> None:
        if self.modern_handler_for(request.method) is None:
            raise self.refusal(INVALID_PARAMS, "Invalid request parameters.")


class UnknownMethodsDoNothing(ReferenceServer):
    """An unknown method is answered with an empty result."""

    breaks: ClassVar = "method.404"

    def modern_handler_for(self, method: str) -> Handler | None:
        return super().modern_handler_for(method) or self.ping


class ThereIsNothingToDiscover(ReferenceServer):
    """Clients have to know what there is."""

    breaks: ClassVar = "discover"
    also: ClassVar = {"cancel.race": "discovery is what is asked for to see whether a late cancellation did any harm"}

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == DISCOVER else super().modern_handler_for(method)


class VersionsAreNotToBeDiscovered(ReferenceServer):
    """The answer to server/discover does not say which versions are supported."""

    breaks: ClassVar = "discover"
    also: ClassVar = {"schema.message": "the schema too wants the versions to be there"}

    async def discover(self, call: Call) -> JsonObject:
        found = await super().discover(call)
        return {name: value for name, value in found.items() if name != "supportedVersions"}


class DiscoveryIsAnonymous(ReferenceServer):
    """All results name the server, but not the answer to server/discover."""

    breaks: ClassVar = "discover.server-info"

    def server_info_in_result(self, call: Call) -> JsonObject:
        return {} if call.request.method == DISCOVER else super().server_info_in_result(call)
