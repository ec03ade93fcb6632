"""Faults in version negotiation and in the version header."""

import dataclasses
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import INVALID_PARAMS, Json, RpcError
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.state import Session


class EveryClientGetsTheNewestVersion(ReferenceServer):
    """The newest version is agreed to, whatever supported version the client asks for."""

    breaks: ClassVar = "version.same"

    def negotiate(self, asked: Json) -> str:
        return self.counter_offer()


class UnknownVersionsAreAgreedTo(ReferenceServer):
    """A version that nobody ever heard of is agreed to."""

    breaks: ClassVar = "version.other"

    def negotiate(self, asked: Json) -> str:
        return str(asked)


class UnknownVersionsAreAnError(ReferenceServer):
    """A client that asks for an unknown version gets an error that does not say what is supported."""

    breaks: ClassVar = "version.other"

    def counter_offer(self) -> str:
        raise RpcError(INVALID_PARAMS, "This version is not supported.")


class UnknownVersionsAreAnsweredWithTheOldest(ReferenceServer):
    """A client that asks for an unknown version is offered the oldest that there is."""

    breaks: ClassVar = "version.server-latest"

    def counter_offer(self) -> str:
        return self.supported_revisions()[0]


class TheVersionHeaderMayNotBeMissing(ReferenceServer):
    """A server without sessions turns clients of 2025-03-26 away, because they send no version header."""

    breaks: ClassVar = "version.header-default"
    revision: ClassVar = "2025-11-25"

    def __init__(self, options: Options) -> None:
        super().__init__(dataclasses.replace(options, stateless=True))

    def revision_without_header(self) -> str:
        raise Refusal(400, "The MCP-Protocol-Version header is missing.")


class TheVersionHeaderIsWantedOfEverybody(ReferenceServer):
    """In sessions too a request without the version header is refused, even of clients that know of none."""

    breaks: ClassVar = "version.header-default"
    revision: ClassVar = "2025-11-25"

    def session_of(self, http: Exchange) -> Session:
        if http.header("mcp-protocol-version") is None:
            raise Refusal(400, "The MCP-Protocol-Version header is missing.")
        return super().session_of(http)


class TheVersionHeaderIsNotLookedAt(ReferenceServer):
    """The version header may say anything."""

    breaks: ClassVar = "version.header-400"

    def version_header_is_good(self, value: str | None) -> bool:
        return True


class AnyDatePassesAsAVersion(ReferenceServer):
    """Only the shape of the version header is checked, not whether there is such a version."""

    breaks: ClassVar = "version.header-400"

    def version_header_is_good(self, value: str | None) -> bool:
        return value is None or value[:4].isdecimal()


class BadVersionHeadersArePreconditions(ReferenceServer):
    """A version header that is not supported draws 412."""

    breaks: ClassVar = "version.header-400"

    def status_for_bad_version_header(self) -> int:
        return 412


class OnlyPostsHaveTheirVersionChecked(ReferenceServer):
    """The version header is not looked at on GET and DELETE."""

    breaks: ClassVar = "version.header-400"

    def check_version_header(self, http: Exchange) -> None:
        if http.method == "POST":
            super().check_version_header(http)


class BadVersionHeadersAreForbidden(ReferenceServer):
    """A version header that is not supported draws 403."""

    breaks: ClassVar = "version.header-400"

    def status_for_bad_version_header(self) -> int:
        return 403
