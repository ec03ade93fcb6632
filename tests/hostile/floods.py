"""Servers that send more than anybody can keep."""

import gzip
import itertools
import json
import socket
import zlib
from collections.abc import Iterator
from typing import ClassVar

from reference_server.exchange import Header
from tests.hostile.hostile import JSON_TYPE, STREAM_TYPE, UNJUDGEABLE, Asked, Raw, Twisted, asks, flood, head, silence
from tests.oddities.odd import Answer

MEGABYTE = 2**20
QUESTIONS = ("sampling/createMessage", "elicitation/create", "roots/list", "ping")


class _OnTheStream(Raw):
    """Floods those who listen, and nobody else."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "GET"


class _OnCalls(Raw):
    """Floods those who call a tool, and nobody else."""

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call")


class HeadersWithoutEnd(Raw):
    """One header line after the other, for ever."""

    exits: ClassVar = UNJUDGEABLE
    says: ClassVar = "the answer is not HTTP"
    kept: ClassVar = ()

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-More: and more\r\n" * 1000)))


class AHeaderWithoutEnd(Raw):
    """One header whose value never ends."""

    exits: ClassVar = UNJUDGEABLE
    says: ClassVar = "the answer is not HTTP"
    kept: ClassVar = ()

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([b"HTTP/1.1 200 OK\r\nX-More: "], itertools.repeat(b"more " * 10_000)))


class AnEventWithoutEnd(_OnCalls):
    """A tool's answer is an event whose lines never end."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(STREAM_TYPE)], itertools.repeat(b"data: and more\n" * 1000)))


class ALineWithoutEnd(_OnCalls):
    """A tool's answer is one line of a gigabyte and more."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(STREAM_TYPE), b"data: "], itertools.repeat(b"more " * 10_000)))


class ABodyWithoutEnd(_OnCalls):
    """A tool's answer is JSON that never ends."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(JSON_TYPE)], itertools.repeat(b"[" * 50_000)))


class ALongAnswer(_OnCalls):
    """A tool's answer is right, and 200 megabytes long."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        before, after = asked.answer(result={"content": [{"type": "text", "text": "|"}]}).split(b"|")
        size = f"Content-Length: {len(before) + 200 * MEGABYTE + len(after)}"
        flood(client, [head(JSON_TYPE, size), before, *itertools.repeat(b"a" * MEGABYTE, 200), after])


class CommentsWithoutEnd(_OnTheStream):
    """Nothing but comments, for ever and as fast as can be."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(STREAM_TYPE)], itertools.repeat(b": still here\n\n" * 1000)))


class EventsWithoutEnd(_OnTheStream):
    """Notifications, for ever and as fast as can be."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(STREAM_TYPE)], _notifications()))


class QuestionsWithoutEnd(_OnTheStream):
    """Questions, for ever and as fast as can be: each draws an answer of ours."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, itertools.chain([head(STREAM_TYPE)], _questions(10**9)))


class AThousandQuestionsAtOnce(_OnTheStream):
    """A thousand questions, then silence."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(client, [head(STREAM_TYPE), *_questions(1000)])
        silence(client)


class ProgressWithoutEnd(_OnCalls):
    """A tool reports progress for ever, and never has a result."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        token = asked.message.get("params", {}).get("_meta", {}).get("progressToken", 1)
        told = ({"progressToken": token, "progress": n} for n in itertools.count())
        flood(client, itertools.chain([head(STREAM_TYPE)], (_told("notifications/progress", p) for p in told)))


class ARefusalWithoutEnd(_OnTheStream):
    """Who wants to listen is refused in words that never end."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        flood(
            client,
            itertools.chain([head("Content-Type: text/plain", status="404 No")], itertools.repeat(b"no " * 9999)),
        )


class AGzipBomb(_OnCalls):
    """A tool's answer takes a thousandth of its size on the wire, though nobody asked for packing."""

    coding: ClassVar[str] = "gzip"

    def __init__(self) -> None:
        self.bomb = _bomb(31, b" ")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE, f"Content-Encoding: {self.coding}") + self.bomb)


class AGzipBombInAGzipBomb(AGzipBomb):
    """A tool's answer is packed twice, and takes a hundred-thousandth of its size on the wire."""

    coding: ClassVar = "gzip, gzip"

    def __init__(self) -> None:
        super().__init__()
        self.bomb = gzip.compress(self.bomb)


class ADeflateBombInAStream(_OnTheStream):
    """Streams are comments that take a thousandth of their size on the wire."""

    def __init__(self) -> None:
        self.bomb = _bomb(15, b":\n\n")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(STREAM_TYPE, "Content-Encoding: deflate") + self.bomb)


class PackedGarbage(_OnCalls):
    """A tool's answer says that it is packed, and is not."""

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(
            head(JSON_TYPE, "Content-Encoding: gzip, deflate, br, zstd, owned") + b"\x1f\x8b" + b"\xff" * 999
        )


class CookiesByTheHundred(Twisted):
    """Eighty kilobytes of cookies with every answer."""

    def head(self, answer: Answer) -> None:
        cookies: list[Header] = [("Set-Cookie", f"c{n}={n:0400}; Path=/; Secure") for n in range(200)]
        answer.headers += cookies


class SixteenThousandEvents(_OnCalls):
    """A tool's answer is right, and comes after sixteen thousand log messages."""

    revision: ClassVar = "2026-07-28"
    kept: ClassVar = ("discover",)

    def attack(self, client: socket.socket, asked: Asked) -> None:
        said = itertools.islice(_notifications(), 16)
        flood(client, [head(STREAM_TYPE), *said, b"data: " + asked.answer() + b"\n\n"])


def _bomb(wbits: int, piece: bytes) -> bytes:
    """128 megabytes of the same, in a form of zlib."""
    packer, megabyte = zlib.compressobj(9, wbits=wbits), piece * (MEGABYTE // len(piece))
    return b"".join(packer.compress(megabyte) for _ in range(128)) + packer.flush()


def _told(method: str, params: object, **more: object) -> bytes:
    message = {"jsonrpc": "2.0", **more, "method": method, "params": params}
    return b"data: " + json.dumps(message).encode() + b"\n\n"


def _notifications() -> Iterator[bytes]:
    """A thousand in a piece."""
    return itertools.repeat(_told("notifications/message", {"level": "info", "data": "more"}) * 1000)


def _questions(many: int) -> Iterator[bytes]:
    form = {"message": "?", "requestedSchema": {"type": "object", "properties": {}}, "messages": [], "maxTokens": 1}
    return (_told(QUESTIONS[n % 4], form, id=n) for n in range(many))
