"""Faults in the answers to POST."""

from reference_server.server import ReferenceServer


class NotificationsAreAnsweredWith200(ReferenceServer):
    """An accepted notification draws 200 instead of 202."""

    breaks = "post.202"

    def accept_status(self) -> int:
        return 200
