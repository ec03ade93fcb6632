"""Faults in the life of a session."""

from reference_server.server import ReferenceServer


class EndedSessionsAreBadRequests(ReferenceServer):
    """The id of an ended session draws 400, which tells the client nothing about starting anew."""

    breaks = "session.ended-404"

    def status_for_ended_session(self, method: str) -> int:
        return 400
