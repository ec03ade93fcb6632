"""Faults in asking for the client's roots."""

from typing import ClassVar

from reference_server.server import ReferenceServer
from reference_server.state import Session


class RootsAreWantedFromEverybody(ReferenceServer):
    """A client that declared no roots is asked for them."""

    breaks: ClassVar = "roots.capability"
    also: ClassVar = {"negotiated": "roots are one of the things that are negotiated"}
    revision: ClassVar = "2025-11-25"

    def client_can(self, session: Session, method: str) -> bool:
        return method == "roots/list" or super().client_can(session, method)
