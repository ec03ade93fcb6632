"""Servers that keep a client coming back."""

import itertools
import socket
from typing import ClassVar

from tests.hostile.hostile import STREAM_TYPE, UNJUDGEABLE, Asked, Raw, asks, head


class _OnCalls(Raw):
    """Answers calls of tools, and whoever comes back for their answers, with `said`."""

    said: ClassVar[bytes]

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call") or b"last-event-id" in asked.head.lower()

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + self.said)


class ClosesAtOnce(_OnCalls):
    """Ends each stream at once, to be resumed without delay, for ever."""

    said: ClassVar = b"retry: 0\nid: 1\ndata:\n\n"


class ClosesAtOnceWithNewIds(_OnCalls):
    """The same with a new id and a new event each time, so that there is progress and never an end."""

    numbers: ClassVar = itertools.count()

    def attack(self, client: socket.socket, asked: Asked) -> None:
        told = b'id: %d\nretry: 0\ndata: {"jsonrpc": "2.0", "method": "notifications/message"}\n\n'
        client.sendall(head(STREAM_TYPE) + told % next(self.numbers))


class ComeBackInAThousandYears(_OnCalls):
    """Ends each stream at once, to be resumed after ten to the thirteen milliseconds, and then after more."""

    said: ClassVar = b"retry: 10000000000000\nretry: " + b"9" * 10_000 + b"\nid: 1\ndata:\n\n"


class BeginningsNeverEnd(_OnCalls):
    """The answer to `initialize` ends at once, to be resumed without delay, for ever."""

    exits: ClassVar = UNJUDGEABLE
    kept: ClassVar = ()
    says: ClassVar = "the answer to initialize"
    said: ClassVar = b"retry: 0\nid: 1\ndata:\n\n"

    def is_victim(self, asked: Asked) -> bool:
        return True


class IsBusyForEver(_OnCalls):
    """Is too busy for every call, and asks for ten to the twelve seconds of patience."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head("Retry-After: 1000000000000", "Content-Length: 0", status="503 Busy"))
