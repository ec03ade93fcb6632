"""Faults in progress notifications."""

from reference_server.server import ReferenceServer
from reference_server.state import Call


class ProgressStandsStill(ReferenceServer):
    """Every progress notification of a call has the same value."""

    breaks = "progress.increases"

    def progress_value(self, call: Call, value: float) -> float:
        return 1
