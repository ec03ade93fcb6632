"""Faults in error codes of the modern era."""

from typing import ClassVar

from reference_server.jsonrpc import HEADER_MISMATCH, RESOURCE_NOT_FOUND, UNSUPPORTED_VERSION, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call
from reference_server.toolbox import Tool


class UnknownToolsHaveACodeOfTheirOwn(ReferenceServer):
    """An unknown tool draws a code that the specification keeps for itself and has not defined."""

    breaks: ClassVar = "codes.reserved"

    def on_unknown_tool(self, call: Call) -> Tool:
        raise RpcError(-32050, "Unknown tool")


class UnknownToolsAreUnsupportedVersions(ReferenceServer):
    """An unknown tool draws the code for versions that are not supported."""

    breaks: ClassVar = "codes.meaning"

    def on_unknown_tool(self, call: Call) -> Tool:
        raise RpcError(UNSUPPORTED_VERSION, "Unknown tool")


class UnknownToolsAreHeaderMismatches(ReferenceServer):
    """An unknown tool draws the code for headers that are not like the body."""

    breaks: ClassVar = "codes.meaning"

    def on_unknown_tool(self, call: Call) -> Tool:
        raise RpcError(HEADER_MISMATCH, "Unknown tool")


class MissingResourcesDrawTheOldCode(ReferenceServer):
    """A resource that is not there draws -32002, as in older revisions."""

    breaks: ClassVar = "codes.retired"
    also: ClassVar = {"resources.not-found-code": "and a resource that is not there has a code of its own now"}

    def code_for_missing_resource(self, call: Call) -> int:
        return RESOURCE_NOT_FOUND


class UnknownToolsLieInTheRange(ReferenceServer):
    """An unknown tool draws a code of the server's own in the range that JSON-RPC keeps for itself."""

    breaks: ClassVar = "codes.app-range"

    def on_unknown_tool(self, call: Call) -> Tool:
        raise RpcError(-32500, "Unknown tool")
