"""Faults in how messages are sent."""

import json
from typing import ClassVar

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Body, as_object


class ResponsesTravelByPut(RightClient):
    """What the server asks is answered by PUT."""

    breaks = "post.method"

    def sending(self, body: JSON) -> str:
        return "PUT" if "result" in as_object(body) else "POST"


class NotificationsTravelByPut(RightModernClient):
    """Notifications are sent by PUT."""

    breaks = "post.method"

    def sending(self, body: JSON) -> str:
        return "POST" if "id" in as_object(body) else "PUT"


class PostsWithoutStreams(RightClient):
    """POST accepts JSON alone."""

    breaks = "accept.post"

    def accept(self, method: str) -> str:
        return "application/json" if method == "POST" else "text/event-stream"


class PostsOfAnyKind(RightModernClient):
    """POST accepts whatever comes."""

    breaks = "accept.post"

    def accept(self, method: str) -> str:
        return "*/*"


class GetsOfAnyKind(RightClient):
    """GET accepts whatever comes."""

    breaks = "accept.get"

    def accept(self, method: str) -> str:
        return "*/*" if method == "GET" else super().accept(method)


class TwoMessagesInOneBody(RightClient):
    """A notification is followed by another in the same body."""

    breaks = "post.each"

    def encode(self, body: JSON) -> bytes:
        notifies = as_object(body).get("method") == "notifications/roots/list_changed"
        return super().encode(body) * (2 if notifies else 1)


class TwoModernMessagesInOneBody(RightModernClient):
    """A notification is followed by another in the same body."""

    breaks = "post.each"

    def encode(self, body: JSON) -> bytes:
        return super().encode(body) * (1 if "id" in as_object(body) else 2)


class BatchesOutOfTime(RightClient):
    """A notification is sent in an array, which later revisions do not know."""

    breaks = "post.body"

    def encode(self, body: JSON) -> bytes:
        notifies = as_object(body).get("method") == "notifications/roots/list_changed"
        return super().encode([body] if notifies else body)


class BatchesAreMixed(RightClient):
    """A batch holds a request and a response."""

    breaks = "post.body"
    also: ClassVar = {"jsonrpc.id-echo": "the server waits for no answer when the batch is sent"}
    shown_in: ClassVar = "2025-03-26"

    def batch(self) -> list[JSON]:
        return [self.request("ping"), {"jsonrpc": "2.0", "id": "nobody-asked", "result": {}}]


class ModernBatches(RightModernClient):
    """A notification is sent in an array."""

    breaks = "post.body"

    def encode(self, body: JSON) -> bytes:
        return super().encode(body if "id" in as_object(body) else [body])


class ResponsesOfTheModernEra(RightModernClient):
    """A response is posted, as in revisions before."""

    breaks = "post.no-responses"

    def notification(self, method: str, params: Body | None = None) -> Body:
        return {"jsonrpc": "2.0", "id": "a-question", "result": {"_meta": as_object((params or {}).get("_meta"))}}


class MessagesInLatin1(RightClient):
    """Messages are encoded in Latin-1."""

    breaks = "utf8"

    def encode(self, body: JSON) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1")


class ModernMessagesInLatin1(RightModernClient):
    """Messages are encoded in Latin-1."""

    breaks = "utf8"

    def encode(self, body: JSON) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1")
