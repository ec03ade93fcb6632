"""HTTP answers and streams of 2026-07-28 of unusual form."""

import itertools
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Header, Refusal
from reference_server.jsonrpc import HEADER_MISMATCH, INVALID_REQUEST, PARSE_ERROR, Json, Request, RequestId, RpcError
from reference_server.options import R2026_07, Options
from reference_server.state import Session, Stream
from tests.oddities.odd import Answer, ModernOdd

ALONE = Options(revisions=(R2026_07,))


class OneRevisionWithoutSessionsIsSpoken(ModernOdd):
    """basic/versioning: a server may support modern versions only."""

    settings: ClassVar = ALONE


class EveryAnswerToARequestIsAStream(ModernOdd):
    """Trap 39: either form will do for every request, so for errors with a status of their own too."""

    async def answer_json(
        self, http: Exchange, message: Json, headers: Iterable[Header] = (), status: int = 200
    ) -> None:
        await http.start(status, [("content-type", "text/event-stream"), ("x-accel-buffering", "no"), *headers])
        await http.write(self.encode_event(None, self.message_text(message)))
        await http.write(b"", more=False)

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        error = self.error_response(request_id, RpcError(refusal.code, refusal.reason, refusal.data))
        if request_id is None:
            await super().refuse(http, refusal, request_id)
        else:
            await self.answer_json(http, error, refusal.headers, refusal.status)


class EveryToolAnswersWithAStream(ModernOdd):
    """Trap 39: the server chooses for each request, whether or not there is anything to report."""

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        quick = request.params.get("name") in ("test_simple_text", "test_error_handling", "echo")
        return quick or super().answers_with_stream(session, request)


class StreamsHaveEventIdsThatMeanNothing(ModernOdd):
    """Trap 21: nothing can be resumed, and nobody forbids ids all the same, nor `retry`."""

    numbers: ClassVar = itertools.count()

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        return super().encode_event(f"event-{next(self.numbers)}", data) + b"retry: 3000\n\n"


class StreamsBeginWithAnEmptyEvent(ModernOdd):
    """Trap 41: the id without data that begins a stream of 2025-11-25 is harmless; it is no event."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk if answer.begun or not answer.is_stream else b"id: 0\ndata:\n\n" + chunk


class StreamsEndALittleLater(ModernOdd):
    """Trap 51: that the response ends the stream is a SHOULD without a number."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk if more or not answer.is_stream else chunk + b":\r\n\r\n: that is all\r\n\r\n"


class AProxyTakesAwayItsHeader(ModernOdd):
    """Trap 53: nginx removes X-Accel-Buffering from what it passes on, and names itself."""

    def head(self, answer: Answer) -> None:
        kept = [(name, value) for name, value in answer.headers if name.lower() != "x-accel-buffering"]
        answer.headers = [("Server", "nginx/1.27.0"), ("Via", "1.1 edge"), *kept]


class AnswersTakeHalfASecond(ModernOdd):
    """Trap 69 ("promptly" has no number): how fast a server is, nobody says."""

    settings: ClassVar = Options(latency=0.5)


class TooManyRequestsNowAndThen(ModernOdd):
    """Trap 4: 429 says nothing about any rule."""

    seen = 0

    def check_origin(self, http: Exchange) -> None:
        self.seen += 1
        if self.seen > 6 and self.seen % 9 == 0:
            raise Refusal(429, "Slow down.", headers=[("Retry-After", "1")])
        super().check_origin(http)


class RefusalsOfHttpAreText(ModernOdd):
    """Trap 25: Origin, method, media type and size are matters of HTTP, where a body is a MAY."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        if refusal.code in (INVALID_REQUEST, PARSE_ERROR):
            await http.answer(refusal.status, [("content-type", "text/plain")], refusal.reason.encode())
        else:
            await super().refuse(http, refusal, request_id)


class RefusalsOfHttpAreEmpty(ModernOdd):
    """Traps 11 and 25: without a body, and 405 without Allow."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        if refusal.code in (INVALID_REQUEST, PARSE_ERROR):
            await http.answer(refusal.status)
        else:
            await super().refuse(http, refusal, request_id)


class RefusalsNameNoRequest(ModernOdd):
    """Trap 28: a refusal before any work may leave out the id of a request, or say null."""

    ids: ClassVar = itertools.cycle([None, 0, 1])

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        keeps = refusal.code not in (INVALID_REQUEST, PARSE_ERROR)
        await super().refuse(http, refusal, request_id if keeps else None)


class StreamsSayTheirCharset(ModernOdd):
    """Trap 25: a parameter is part of no media type."""

    def media_type_for_stream(self, stream: Stream) -> str:
        return "text/event-stream; charset=utf-8"

    def media_type_for_json(self) -> str:
        return "application/json;charset=UTF-8"


class AGatewayRefusesWrongHeaders(ModernOdd):
    """Trap 76: an intermediary need not send a JSON-RPC error, and its answers bear another name."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        if refusal.code == HEADER_MISMATCH:
            headers = [("server", "edge-gateway"), ("content-type", "text/plain")]
            await http.answer(400, headers, b"Bad Request: headers")
        else:
            await super().refuse(http, refusal, request_id)
