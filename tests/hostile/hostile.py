"""What a hostile server is, and the two ways to write one."""

import json
import selectors
import socket
import socketserver
import struct
import threading
import time
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.oddities.odd import Odd

JSON_TYPE = "Content-Type: application/json"
STREAM_TYPE = "Content-Type: text/event-stream"
JUDGED = frozenset({0, 1})
UNJUDGEABLE = frozenset({4})
_PIECE = 65_536


class Hostile:
    """A server that must not hurt us.

    `exits` are the exit codes that a run may end with, `says` a part of the sentence where it cannot be judged, and
    `kept` the requirements that pass all the same, because the hostility is elsewhere.
    """

    revision: ClassVar[str] = "2025-11-25"  # the one that is asked for
    timeout: ClassVar[float] = 5.0  # seconds; long enough for good answers on a busy machine
    exits: ClassVar[frozenset[int]] = JUDGED
    says: ClassVar[str] = ""
    kept: ClassVar[tuple[str, ...]] = ("ping.reply",)

    @abstractmethod
    def running(self) -> AbstractContextManager[str]:
        """The server at work; yields the address of its endpoint."""


class Twisted(Hostile, Odd):
    """The reference server with hostile answers: override a decision, or what `Odd` changes on the way out."""

    revision: ClassVar[str] = "2025-11-25"

    def __init__(self) -> None:
        super().__init__(self.settings)

    def running(self) -> AbstractContextManager[str]:
        return serve(self)


@dataclass(frozen=True)
class Asked:
    """A request as its bytes came."""

    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.head.partition(b" ")[0].decode("latin-1")

    @cached_property
    def message(self) -> dict[str, Any]:
        """The JSON-RPC message in the body, empty if there is none."""
        with suppress(ValueError):
            value = json.loads(self.body)
            return value if isinstance(value, dict) else {}
        return {}

    def answer(self, **members: object) -> bytes:
        """A response to this request; without members, an empty result."""
        return json.dumps({"jsonrpc": "2.0", "id": self.message.get("id")} | (members or {"result": {}})).encode()


class Raw(Hostile):
    """Bytes on a socket: `attack` answers every request that is a victim, a good server answers the others."""

    settings: ClassVar[Options] = Options()

    @abstractmethod
    def attack(self, client: socket.socket, asked: Asked) -> None:
        """Answer a request. When this ends the connection is closed."""

    def is_victim(self, asked: Asked) -> bool:
        return True

    def meet(self, client: socket.socket) -> None:
        """What happens on a new connection."""
        asked = read(client)
        if asked is None:
            return
        if self.is_victim(asked):
            self.attack(client, asked)
        else:
            self.pass_on(client, asked)

    def pass_on(self, client: socket.socket, asked: Asked) -> None:
        """Let the good server answer."""
        with socket.create_connection(self.good) as good:
            good.sendall(asked.head.replace(b"Connection: keep-alive", b"Connection: close") + asked.body)
            while select_one(client, good) is good and (data := good.recv(_PIECE)):
                client.sendall(data)

    @contextmanager
    def running(self) -> Iterator[str]:
        with serve(ReferenceServer(self.settings)) as url, _Listener(self.meet) as self.listener:
            host, port = url.split("/")[2].split(":")
            self.good = host, int(port)
            yield self.listener.url


class _Listener(socketserver.ThreadingTCPServer):
    """A thread for each connection; nobody waits for those that are still at it in the end."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, meet: Any) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/mcp"
        self._meet = meet

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):  # who attacks has to expect that the other side goes away
            self._meet(request)

    def __enter__(self) -> "_Listener":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.die()

    def die(self) -> None:
        """Take no connection any more."""
        self.shutdown()
        self.server_close()


def select_one(*sockets: socket.socket) -> socket.socket:
    """The first of these sockets that can be read from."""
    with selectors.DefaultSelector() as selector:
        for each in sockets:
            selector.register(each, selectors.EVENT_READ)
        ready = {key.fileobj for key, _ in selector.select()}
    return next(each for each in sockets if each in ready)


def read(client: socket.socket) -> Asked | None:
    """A whole request, None if the client goes away before."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := client.recv(_PIECE)):
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().partition(b":")[::2] for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        if not (piece := client.recv(_PIECE)):
            return None
        body += piece
    return Asked(head + b"\r\n\r\n", body)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer that ends with its connection."""
    return "\r\n".join((f"HTTP/1.1 {status}", "Connection: close", *lines)).encode("latin-1") + b"\r\n\r\n"


def silence(client: socket.socket) -> None:
    """Say nothing until the client has gone."""
    while client.recv(_PIECE):
        pass


def flood(client: socket.socket, pieces: Iterable[bytes]) -> None:
    """Send for as long as the client listens."""
    for piece in pieces:
        client.sendall(piece)


def drip(client: socket.socket, pieces: Iterable[bytes]) -> None:
    """One piece a second."""
    for piece in pieces:
        client.sendall(piece)
        time.sleep(1)


def reset(client: socket.socket) -> None:
    """Break the connection off, not even saying so in order (TCP RST)."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def asks(asked: Asked, *methods: str) -> bool:
    """Whether the message in the request is of one of these methods."""
    return asked.message.get("method") in methods
