"""What HTTP servers, gateways and proxies on the way legally add, change or insist on."""

import asyncio
import zlib
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import RequestId
from reference_server.options import Options
from tests.oddities.odd import Answer, Odd

CODED = ("application/json", "text/event-stream")
GZIP = 31  # zlib's word for gzip with the largest window


class AnswersAreCompressed(Odd):
    """RFC 9110, 12.5.3: not to compress where `identity` is wanted is a SHOULD of HTTP, and no rule of MCP."""

    def head(self, answer: Answer) -> None:
        if any(name == "content-type" and value in CODED for name, value in answer.headers):
            answer.packer = zlib.compressobj(wbits=GZIP)
            kept = [(name, value) for name, value in answer.headers if name != "content-length"]
            answer.headers = [*kept, ("content-encoding", "gzip"), ("vary", "accept-encoding")]

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        if answer.packer is None:
            yield chunk
        else:
            mode = zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH
            yield answer.packer.compress(chunk) + answer.packer.flush(mode)


class AnswersAreCompressedOnWish(AnswersAreCompressed):
    """RFC 9110, 8.4: what was asked for may be compressed, streams too, if each event is flushed."""

    asked_with: ClassVar = {"Accept-Encoding": "gzip"}


class ConnectionsBreakNowAndThen(Odd):
    """Traps 42, 43 and 52: a connection may break on the way, and what is cut off there is not the server's doing."""

    streams = 0

    def head(self, answer: Answer) -> None:
        self.streams += answer.is_stream
        answer.kept = b"cut" if answer.is_stream and self.streams % 4 == 0 else b""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        if answer.kept and answer.begun:
            raise asyncio.CancelledError  # the connection is closed in the middle of an answer
        yield chunk


class AProxyTransformsAnswers(Odd):
    """RFC 9110, 15.3.4: a proxy that changes an answer may say 203 in place of 200."""

    def head(self, answer: Answer) -> None:
        answer.status = 203 if answer.status == 200 else answer.status


class AnswersTakeASecond(Odd):
    """Trap 69 ("promptly" has no number): how fast a server is, nobody says."""

    settings: ClassVar = Options(latency=1.0)


class AnOriginIsWanted(Odd):
    """Trap 59: what a request without Origin draws is open; the suite can be told to send one."""

    asked_with: ClassVar = {"Origin": "http://localhost"}

    def check_origin(self, http: Exchange) -> None:
        if http.header("origin") is None:
            raise Refusal(403, "Who is asking?")
        super().check_origin(http)


class OtherHostsAreMisdirected(Odd):
    """Trap 58: MCP has no rule for Host, and 421 is customary."""

    def check_origin(self, http: Exchange) -> None:
        if not (http.header("host") or "").startswith(("127.0.0.1:", "localhost:")):
            raise Refusal(421, "There is no such host here.")
        super().check_origin(http)


class RefusalsAreWebPages(Odd):
    """Trap 25: an HTTP error may be a page of the gateway's."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        page = f"<!doctype html><title>{refusal.status}</title>".encode()
        await http.answer(refusal.status, [("content-type", "text/html; charset=utf-8")], page)
