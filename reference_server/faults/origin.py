"""Faults in the Origin rule and in where the server listens."""

from typing import ClassVar

from reference_server.server import ReferenceServer


class ForeignOriginsAreLetIn(ReferenceServer):
    """The Origin header is not looked at, so any web page can talk to the server."""

    breaks: ClassVar = "origin.validate"

    def origin_is_allowed(self, origin: str, method: str) -> bool:
        return True


class OnlyPostsHaveTheirOriginChecked(ReferenceServer):
    """The Origin header is looked at on POST only, so any web page can listen and end sessions."""

    breaks: ClassVar = "origin.validate"
    revision: ClassVar = "2025-11-25"

    def origin_is_allowed(self, origin: str, method: str) -> bool:
        return method != "POST" or super().origin_is_allowed(origin, method)


class ForeignOriginsAreBadRequests(ReferenceServer):
    """A foreign Origin is refused with 400."""

    breaks: ClassVar = "origin.403"

    def status_for_foreign_origin(self) -> int:
        return 400


class ForeignOriginsAreMisdirected(ReferenceServer):
    """A foreign Origin is refused with 421, as a wrong Host would be."""

    breaks: ClassVar = "origin.403"

    def status_for_foreign_origin(self) -> int:
        return 421


class TheWholeNetworkCanConnect(ReferenceServer):
    """The server listens on all addresses of the machine."""

    breaks: ClassVar = "bind.loopback"

    def host_to_bind(self) -> str:
        return "0.0.0.0"


class OriginsThatBeginLikeOursAreLetIn(ReferenceServer):
    """An Origin is compared as far as the allowed one goes, so http://localhost.evil.example is let in."""

    breaks: ClassVar = "origin.validate"

    def origin_is_allowed(self, origin: str, method: str) -> bool:
        ours = ("http://localhost", "http://127.0.0.1")
        return origin.startswith(ours) or super().origin_is_allowed(origin, method)


class ForeignOriginsAreUnauthorized(ReferenceServer):
    """A foreign Origin is refused with 401, as if a token could help."""

    breaks: ClassVar = "origin.403"

    def status_for_foreign_origin(self) -> int:
        return 401
