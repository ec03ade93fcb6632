"""Servers that stop talking, and those that talk so slowly that it comes to the same."""

import itertools
import socket
from typing import ClassVar

from tests.hostile.hostile import (
    JSON_TYPE,
    STREAM_TYPE,
    UNJUDGEABLE,
    Asked,
    Raw,
    asks,
    drip,
    head,
    silence,
)


class _FromTheStart(Raw):
    """Nobody gets as far as a session."""

    timeout: ClassVar = 1.0
    exits: ClassVar = UNJUDGEABLE
    kept: ClassVar = ()


class NobodySpeaks(_FromTheStart):
    """Takes the connection and the request, and says nothing."""

    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class NobodyEvenReads(_FromTheStart):
    """Takes the connection and does not read what is asked."""

    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def meet(self, client: socket.socket) -> None:
        silence(client)


class TheHeadStopsInTheMiddle(_FromTheStart):
    """Falls silent in the middle of a header."""

    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: applic")
        silence(client)


class NothingFollowsTheHead(_FromTheStart):
    """Falls silent after the head."""

    says: ClassVar = "no response came within 1 s"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE, "Content-Length: 100"))
        silence(client)


class AnEventStopsInTheMiddle(_FromTheStart):
    """Falls silent in the middle of an event."""

    says: ClassVar = "no response came within 1 s"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + b'id: 1\ndata: {"jsonrpc": "2.')
        silence(client)


class AHeaderDrips(_FromTheStart):
    """One byte of a header a second, for ever."""

    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        drip(client, itertools.chain([b"HTTP/1.1 200 OK\r\nA: "], itertools.repeat(b"a")))


class AnAnswerDrips(_FromTheStart):
    """One byte of the answer a second, for ever."""

    says: ClassVar = "no response came within 1 s"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        drip(client, itertools.chain([head(JSON_TYPE)], itertools.repeat(b" ")))


class NothingFollowsInitialize(_FromTheStart):
    """Begins sessions, and is silent from then on."""

    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def is_victim(self, asked: Asked) -> bool:
        return not asks(asked, "initialize")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class ListeningIsSilent(Raw):
    """Takes every GET, and never answers it."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "GET"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class ListeningDrips(Raw):
    """One byte of a comment a second on every stream that is opened by GET."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "GET"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        drip(client, itertools.chain([head(STREAM_TYPE) + b":"], itertools.repeat(b"a")))


class FarewellsAreSilent(Raw):
    """Takes every DELETE, and never answers it."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "DELETE"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class EveryOtherRequestIsSilent(Raw):
    """Answers one request, and not the next."""

    timeout: ClassVar = 1.0
    exits: ClassVar = frozenset({0, 1, 4})
    kept: ClassVar = ()
    numbers: ClassVar = itertools.count()

    def is_victim(self, asked: Asked) -> bool:
        return next(self.numbers) % 2 == 1

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class ToolsAreSilentAfterTheirFirstEvent(Raw):
    """Begins the stream of each tool call with an event, and is silent from then on."""

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + b"id: 1\ndata:\n\n")
        silence(client)


class RequestsWithoutASessionAreSilent(_FromTheStart):
    """Answers nothing that stands alone, in the era without sessions."""

    revision: ClassVar = "2026-07-28"
    says: ClassVar = "gave no HTTP answer for 1 s: is it hanging"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)


class SubscriptionsAreSilent(Raw):
    """Takes every subscription and every call, and answers none, in the era without sessions."""

    revision: ClassVar = "2026-07-28"
    kept: ClassVar = ("discover",)

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "subscriptions/listen", "tools/call")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        silence(client)
