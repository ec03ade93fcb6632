"""Faults in how a client comes back to a stream."""

from typing import ClassVar

from reference_server.server import ReferenceServer
from reference_server.state import Stream
from tests.clients.sessions import RightClient
from tests.clients.talking import Headers


class ResumedByPost(RightClient):
    """A stream is resumed by POST."""

    breaks = "resume.get"
    also: ClassVar = {"post.body": "such a POST has nothing to say"}

    def resuming(self, after: str) -> tuple[str, Headers]:
        return "POST", {"Last-Event-ID": after}


class ResumedAfterNothing(RightClient):
    """A stream is resumed after an event that never came."""

    breaks = "resume.get"

    def resuming(self, after: str) -> tuple[str, Headers]:
        return "GET", {"Last-Event-ID": "never-given"}


class _AsksForPatience(ReferenceServer):
    """The server wants its clients to stay away for long."""

    def retry_before_close(self, stream: Stream) -> int | None:
        return 60_000


class HastyReturn(RightClient):
    """The client comes back at once, whatever `retry` says."""

    breaks = "client.retry"
    server = _AsksForPatience

    async def wait_to_return(self, retry: int) -> None:
        """No time passes."""
