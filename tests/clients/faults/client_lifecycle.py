"""Faults in the handshake, and in what is made of it."""

from typing import ClassVar

from conformance.evidence.trace import JSON
from tests.clients.sessions import RightClient
from tests.clients.talking import Body


class ToolsComeFirst(RightClient):
    """The tools are listed before the handshake."""

    breaks = "init.first"

    async def before_beginning(self) -> None:
        await super().before_beginning()
        await self.ask("tools/list")


class NamelessClient(RightClient):
    """`initialize` does not say who the client is."""

    breaks = "init.request"

    def introduction(self) -> Body:
        return {key: value for key, value in super().introduction().items() if key != "clientInfo"}


class BatchedInitialize(RightClient):
    """`initialize` is sent in an array with a ping."""

    breaks = "init.not-batched"
    shown_in: ClassVar = "2025-03-26"

    def opening(self, request: Body) -> JSON:
        return [request, self.request("ping")]


class NeverReady(RightClient):
    """The client does not say that it is ready."""

    breaks = "init.initialized"

    async def announce(self) -> None:
        """Nothing is said."""


class ImpatientClient(RightClient):
    """The tools are listed while `initialize` waits for its answer."""

    breaks = "init.no-early-requests"

    async def while_beginning(self) -> None:
        await self.ask("tools/list")


class RootsUndeclared(RightClient):
    """The server is told of changes in roots that were never declared."""

    breaks = "negotiated"

    def capabilities(self) -> Body:
        return {key: value for key, value in super().capabilities().items() if key != "roots"}
