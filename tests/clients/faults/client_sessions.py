"""Faults in what goes with every request."""

from typing import ClassVar

from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Body, Headers


class NoSessionIdOnGet(RightClient):
    """GET comes without the session id."""

    breaks = "session.echo"

    def session_header(self, method: str) -> Headers:
        return {} if method == "GET" else super().session_header(method)


class DeadSessionsAreKept(RightClient):
    """A new session is asked for under the id of the old one."""

    breaks = "session.restart"

    async def learn_that_it_is_gone(self) -> None:
        await self.ask("ping")
        await self.ask("initialize", self.introduction())


class DeadSessionsAreUsed(RightClient):
    """A session that is gone is asked again and again."""

    breaks = "session.restart"

    async def learn_that_it_is_gone(self) -> None:
        for _ in range(3):
            await self.ask("ping")


class NoVersionOnDelete(RightClient):
    """DELETE comes without the version."""

    breaks = "version.header"

    def version_header(self, method: str) -> Headers:
        return {} if method == "DELETE" else super().version_header(method)


class NoModernVersion(RightModernClient):
    """Requests come without the header that names the version."""

    breaks = "version.header"
    also: ClassVar = {"hdr.sent": "it is one of the headers that every request has"}

    def version_header(self, body: Body) -> Headers:
        return {}


class AnotherVersion(RightClient):
    """The header names another version than was negotiated."""

    breaks = "version.header-negotiated"

    def version_header(self, method: str) -> Headers:
        return {} if self.agreed is None else {"MCP-Protocol-Version": "2025-06-18"}


class VersionsDiffer(RightModernClient):
    """The header names another version than the body."""

    breaks = "version.header-match"

    def version_header(self, body: Body) -> Headers:
        return {"MCP-Protocol-Version": "2025-11-25"}
