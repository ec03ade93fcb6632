"""Faults in the news that a user has been where the server sent them."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.jsonrpc import Json
from reference_server.server import ReferenceServer
from reference_server.state import Session


class VisitsAreToldToEverybody(ReferenceServer):
    """Every client is told that a user has been at an address, whichever client was asked."""

    breaks: ClassVar = "elicit.complete-client"
    revision: ClassVar = "2025-11-25"

    def told_of_visit(self, session: Session) -> Iterable[Session]:
        return list(self.sessions.values())


class VisitsAreToldUnderAnotherId(ReferenceServer):
    """A visit that is complete is named by an id that no request had."""

    breaks: ClassVar = "elicit.complete-id"
    revision: ClassVar = "2025-11-25"

    def id_of_visit(self, elicitation_id: Json) -> Json:
        return f"done-{elicitation_id}"
