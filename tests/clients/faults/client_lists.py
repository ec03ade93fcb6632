"""Faults in how a client goes through lists."""

from tests.clients.sessions import RightClient


class CursorsAreInvented(RightClient):
    """A page is asked for under a name that the server never gave it."""

    breaks = "pagination.opaque"

    async def list_tools(self) -> None:
        await super().list_tools()
        await self.ask("tools/list", {"cursor": "page-2"})
