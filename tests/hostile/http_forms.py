"""Answers that are hardly HTTP, and what else can happen to a connection."""

import itertools
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import trustme

from tests.hostile.hostile import (
    JSON_TYPE,
    STREAM_TYPE,
    UNJUDGEABLE,
    Asked,
    Raw,
    asks,
    flood,
    head,
    read,
    reset,
    silence,
)
from tests.hostile.words import TEXT


class _OnCalls(Raw):
    """Hostile to those who call a tool, and to nobody else. What it says is `answer`, unless it does more."""

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call")


class _FromTheStart(Raw):
    exits: ClassVar = UNJUDGEABLE
    kept: ClassVar = ()


class TheLengthIsTooLong(_OnCalls):
    """A tool's answer promises more bytes than come, and the connection stays open."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(_sized(asked, "100000"))
        silence(client)


class TheLengthIsTooShort(_OnCalls):
    """A tool's answer promises fewer bytes than come."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n" + asked.answer()
        )
        silence(client)


class TheLengthIsNegative(_OnCalls):
    """A tool's answer has a length below nothing."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(_sized(asked, "-1"))


class TheLengthIsHuge(_OnCalls):
    """A tool's answer has a length of ten thousand digits."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(_sized(asked, "9" * 10_000))


class TheLengthIsTwoThings(_OnCalls):
    """A tool's answer has two lengths."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(_sized(asked, "9\r\nContent-Length: 10"))


class ChunksAreOfNoSize(_OnCalls):
    """A tool's answer comes in chunks whose size is no number."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE, "Transfer-Encoding: chunked") + b"owned\r\n" + asked.answer())


class ChunksAreHuge(_OnCalls):
    """A tool's answer is a chunk of 2^80 bytes."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE, "Transfer-Encoding: chunked") + b"1" + b"0" * 20 + b"\r\n" + asked.answer())


class HttpOfThePast(Raw):
    """Answers in the words of HTTP/1.0."""

    exits: ClassVar = frozenset({0, 1, 4})
    kept: ClassVar = ()

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + asked.answer())


class HttpWithoutHeads(_FromTheStart):
    """Answers without a head, as HTTP/0.9 did."""

    says: ClassVar = "without an HTTP answer"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(asked.answer())


class GarbageForAnAnswer(_FromTheStart):
    """Answers with bytes that mean nothing, and would do things to a terminal."""

    says: ClassVar = "the answer is not HTTP"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(TEXT.encode("utf-8", "surrogatepass") + b"\r\n\r\n")


class AnswersAreAnnounced(_OnCalls):
    """Two hundred interim answers come before a tool's answer."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        interim = b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </owned>\r\n\r\n"
        client.sendall(b"".join(interim) * 100 + head(JSON_TYPE) + asked.answer())


class AnswersAreAnnouncedForEver(_FromTheStart):
    """Interim answers come, and never an answer."""

    timeout: ClassVar = 1.0
    says: ClassVar = "gave no HTTP answer for 1 s"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </owned>\r\n\r\n" * 100))


class TheProtocolIsSwitched(_FromTheStart):
    """Answers that from now on it speaks something else."""

    says: ClassVar = "the answer is not HTTP"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: owned\r\nConnection: upgrade\r\n\r\n\x1b[2J")
        silence(client)


class AProxyHasAnErrorPage(_FromTheStart):
    """A page in HTML, as a gateway shows it when it cannot reach the server."""

    says: ClassVar = "(502)"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        page = b"<html><title>owned</title><script>owned()</script>"
        client.sendall(head("Content-Type: text/html", status="502 Bad Gateway") + page)


class AWebPage(_FromTheStart):
    """A page in HTML, as if all were well."""

    says: ClassVar = "a web page came back (200, text/html)"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head("Content-Type: text/html; charset=owned") + b"<script>owned()</script>")


class HalfIsClosed(_OnCalls):
    """Closes its half of the connection before a tool has answered, and goes on listening."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + b"data: {")
        client.shutdown(socket.SHUT_WR)
        silence(client)


class ConnectionsAreReset(_FromTheStart):
    """Breaks each connection off as soon as something is asked."""

    says: ClassVar = "the connection was reset"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        reset(client)


class ConnectionsAreResetAtOnce(_FromTheStart):
    """Breaks each connection off before anything is asked."""

    says: ClassVar = "no answer from the server"

    def meet(self, client: socket.socket) -> None:
        reset(client)


class HeadsAreReset(_OnCalls):
    """Breaks the connection off in the middle of a head."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-")
        reset(client)


class EventsAreReset(_OnCalls):
    """Breaks the connection off in the middle of an event."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + b"id: 1\nretry: 0\ndata:\n\ndata: {")
        reset(client)


class ListeningIsReset(Raw):
    """Breaks off every stream that is opened by GET, once it has begun."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "GET"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE) + b"id: 1\nretry: 0\ndata:\n\n")
        reset(client)


class DiesInTheMiddle(Raw):
    """Is gone after a hundred requests: nobody listens any more."""

    kept: ClassVar = ()
    numbers: ClassVar = itertools.count()

    def is_victim(self, asked: Asked) -> bool:
        return next(self.numbers) >= 100

    def attack(self, client: socket.socket, asked: Asked) -> None:
        reset(client)
        self.listener.die()


class TlsWhereNoneIsExpected(_FromTheStart):
    """Speaks TLS at an address that begins with http."""

    says: ClassVar = "no answer from the server"

    def meet(self, client: socket.socket) -> None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
        tls.wrap_socket(client, server_side=True)


class NoTlsWhereItIsExpected(_FromTheStart):
    """Does not speak TLS at an address that begins with https."""

    says: ClassVar = "TLS failed"

    @contextmanager
    def running(self) -> Iterator[str]:
        with super().running() as url:
            yield url.replace("http:", "https:")

    def meet(self, client: socket.socket) -> None:
        client.recv(1)
        client.sendall(head(JSON_TYPE) + b"{}")


class AnswersComeBeforeTheyAreAskedFor(_OnCalls):
    """More answers come on a connection than were asked for."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        body = asked.answer(result={"content": []})
        whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        client.sendall(whole * 3)
        read(client)


def _sized(asked: Asked, size: str) -> bytes:
    return head(JSON_TYPE, f"Content-Length: {size}") + asked.answer()
