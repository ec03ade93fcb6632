"""Faults in the streams' events."""

from reference_server.server import ReferenceServer
from reference_server.state import Stream


class EventIdsStartAgainInEveryStream(ReferenceServer):
    """Every stream counts its events from 1, so ids repeat within the session."""

    breaks = "event.id-unique"

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"e{position}"
