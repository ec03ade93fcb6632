"""Faults of servers that speak nothing older than the modern era."""

import dataclasses
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Request
from reference_server.options import MODERN_REVISIONS, Options
from reference_server.server import ReferenceServer


class _Modern(ReferenceServer):
    """By the book, and nothing of the older revisions."""

    def __init__(self, options: Options) -> None:
        super().__init__(dataclasses.replace(options, revisions=MODERN_REVISIONS))


class GetAndDeleteAreBadRequests(_Modern):
    """Where there are no sessions, GET and DELETE draw 400."""

    breaks: ClassVar = "era.old-traffic"

    def status_for_bad_method(self) -> int:
        return 400


class SessionIdsAreGivenBack(_Modern):
    """A session id that a client sends is sent back, as if there were such a session."""

    breaks: ClassVar = "era.old-traffic"

    async def answer(self, http: Exchange) -> None:
        session_id = http.header("mcp-session-id")
        http.common += [("mcp-session-id", session_id)] if session_id else []
        await super().answer(http)


class SessionIdsAreLookedUp(_Modern):
    """A request that names a session is refused, because there is no such session."""

    breaks: ClassVar = "era.old-traffic"

    async def post(self, http: Exchange) -> None:
        if http.header("mcp-session-id") is not None:
            raise Refusal(404, "Session not found.")
        await super().post(http)


class WhoInitializesIsToldNothing(_Modern):
    """An older client learns that its request is wrong, and not which versions there are."""

    breaks: ClassVar = "era.initialize-error"

    def explain(self, request: Request, refusal: Refusal) -> Refusal:
        return refusal


class WhoInitializesGetsAnEmptyAnswer(_Modern):
    """An older client gets 400 and no word."""

    breaks: ClassVar = "era.initialize-error"

    async def answer_modern_request(self, http: Exchange, request: Request) -> None:
        if request.method != "initialize" or http.header("mcp-method") is not None:
            await super().answer_modern_request(http, request)
        else:
            await http.answer(400)
