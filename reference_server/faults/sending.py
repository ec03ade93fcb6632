"""Faults in the answers to POST."""

from typing import ClassVar

from reference_server.exchange import Exchange
from reference_server.jsonrpc import Malformed, Message, Request
from reference_server.server import ReferenceServer


class NotificationsAreAnsweredWith200(ReferenceServer):
    """An accepted notification draws 200 instead of 202."""

    breaks = "post.202"

    def accept_status(self) -> int:
        return 200


class AcceptedNotificationsAreAnsweredWithNull(ReferenceServer):
    """An accepted notification draws 202 and the four letters null."""

    breaks = "post.202"

    def accept_body(self) -> bytes:
        return b"null"


class JsonIsCalledText(ReferenceServer):
    """An answer that is JSON says that it is plain text."""

    breaks = "post.content-type"

    def media_type_for_json(self) -> str:
        return "text/plain"


class BadNotificationsAreRefusedWith200(ReferenceServer):
    """A notification that the server cannot accept draws 200 and an error in the body."""

    breaks = "post.reject-status"

    def status_for_bad_notification(self) -> int:
        return 200


class UnreadableMessagesAreRefusedWith200(ReferenceServer):
    """What is no message draws 200 and an error in the body."""

    breaks = "post.reject-status"

    def status_for_malformed(self, malformed: Malformed) -> int:
        return 200


class ZeroIsNoId(ReferenceServer):
    """A request whose id is 0 is taken for a notification."""

    breaks = "post.content-type"
    also: ClassVar = {"discover": "it is server/discover that such ids are tried with"}
    revision = "2026-07-28"

    async def answer_in_modern_era(self, http: Exchange, message: Message | list[Message]) -> None:
        if isinstance(message, Request) and message.id == 0:
            await self.answer_accepted(http)
        else:
            await super().answer_in_modern_era(http, message)
