"""What an oddity is: a reference server whose answers can also be changed on their way out."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from reference_server.exchange import Header, Receive, Scope, Send
from reference_server.options import R2026_07, Options
from reference_server.server import ReferenceServer


class Packer(Protocol):
    """What compresses a body piece by piece, as zlib does."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self, mode: int, /) -> bytes: ...


@dataclass(slots=True)
class Answer:
    """An HTTP answer under way. `begun` says whether a piece of its body was sent; `kept` is what was held back.

    `packer` compresses the body, where somebody wants it compressed.
    """

    method: str
    status: int = 0
    headers: list[Header] = field(default_factory=list)
    begun: bool = False
    kept: bytes = b""
    packer: Packer | None = None

    @property
    def is_stream(self) -> bool:
        return any(n.lower() == "content-type" and v.lower().startswith("text/event-stream") for n, v in self.headers)


class Odd(ReferenceServer):
    """A reference server that is legal in an unusual way: override a decision, or `before`, `head` and `pieces`."""

    settings: ClassVar[Options] = Options()
    revision: ClassVar[str] = "2025-11-25"  # the newest one in which the oddity is legal and shows
    query: ClassVar[str] = ""  # behind the endpoint's path
    asked_with: ClassVar[Mapping[str, str]] = {}  # headers that the suite is given
    timeout: ClassVar[float] = 10.0
    warned: ClassVar[frozenset[str]] = frozenset()  # legal, and yet not what a SHOULD asks: these may be warnings

    async def before(self) -> None:
        """What happens before a request is looked at."""

    def head(self, answer: Answer) -> None:
        """Change the status and the headers that go out."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        """The pieces in which a part of the body goes out; `more` is not set with the last part."""
        yield chunk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = Answer(scope["method"])

        async def changed(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                answer.status = event["status"]
                answer.headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in event["headers"]]
                self.head(answer)
                pairs = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
                await send({**event, "status": answer.status, "headers": pairs})
                return
            more = event.get("more_body", False)
            for piece in self.pieces(answer, event.get("body", b""), more):
                await send({**event, "body": piece, "more_body": True})
                answer.begun = True
            if not more:
                await send({**event, "body": b"", "more_body": False})

        await self.before()
        await super().__call__(scope, receive, changed)


class ModernOdd(Odd):
    """One that is legal, or shows, only where there are no sessions."""

    revision: ClassVar[str] = R2026_07
