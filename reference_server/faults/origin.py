"""Faults in the Origin rule."""

from typing import ClassVar

from reference_server.server import ReferenceServer


class ForeignOriginsAreLetIn(ReferenceServer):
    """The Origin header is not looked at, so any web page can talk to the server."""

    breaks = "origin.validate"
    also: ClassVar[dict[str, str]] = {"origin.403": "what is served is not refused with 403"}

    def origin_is_allowed(self, origin: str, method: str) -> bool:
        return True
