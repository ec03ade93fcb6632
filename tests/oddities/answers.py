"""HTTP answers of unusual form."""

import asyncio
import random
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Header, Refusal
from reference_server.jsonrpc import Json, JsonObject, Malformed, Request, RequestId, RpcError
from reference_server.options import Options
from reference_server.state import Session
from tests.oddities.odd import Answer, Odd


def _retyped(headers: Iterable[Header], types: dict[str, str]) -> list[Header]:
    return [(name, types.get(value, value) if name == "content-type" else value) for name, value in headers]


class MediaTypesAreInOtherLetters(Odd):
    """Trap 6: names of headers and media types are compared without regard to case."""

    def head(self, answer: Answer) -> None:
        types = {"application/json": "Application/JSON", "text/event-stream": "Text/Event-Stream"}
        answer.headers = [(name.upper(), value) for name, value in _retyped(answer.headers, types)]


class MediaTypesHaveParameters(Odd):
    """Trap 25: parameters of a media type are fine."""

    def head(self, answer: Answer) -> None:
        types = {
            "application/json": 'application/json ; profile="a;b,c" ; charset="UTF-8"',
            "text/event-stream": "text/event-stream;charset=utf-8",
        }
        answer.headers = _retyped(answer.headers, types)


class AProxyAddsHeaders(Odd):
    """RFC 9110, 5.1 and 5.3: headers that nobody asked for mean nothing, and some come twice."""

    def head(self, answer: Answer) -> None:
        cookies = [("Set-Cookie", "a=b"), ("Set-Cookie", "c=d; HttpOnly")]
        cors = [("Access-Control-Allow-Origin", "*"), ("Vary", "origin"), ("Vary", "accept")]
        proxy = [("Via", "1.1 proxy"), ("X-Request-Id", "1"), ("X-Request-Id", "2"), ("X-Empty", "")]
        edge = [("Alt-Svc", 'h3=":443"; ma=86400'), ("Server-Timing", "app;dur=1, db;dur=2"), ("ETag", 'W/"1"')]
        answer.headers = [*cookies, *cors, *proxy, *edge, ("Content-Encoding", "identity"), *answer.headers]


class ConnectionsServeOnce(Odd):
    """RFC 9112, 9.6: a connection may be closed after each answer."""

    def head(self, answer: Answer) -> None:
        answer.headers.append(("connection", "close"))


class AnswersTakeTheirTime(Odd):
    """Trap 69 ("promptly" has no number): how fast a server is, nobody says: up to 200 ms, at random."""

    async def before(self) -> None:
        await asyncio.sleep(random.uniform(0, 0.2))


class AnswersAreSlow(Odd):
    """Trap 69 ("promptly" has no number): how fast a server is, nobody says."""

    settings: ClassVar = Options(latency=0.2)


class AcceptedHasAMediaType(Odd):
    """Trap 22: 202 without a body may have a content type, and be chunked."""

    async def answer_accepted(self, http: Exchange) -> None:
        await http.start(202, [("content-type", "application/json")])
        await http.write(b"", more=False)


class RefusalsAreText(Odd):
    """Trap 25: an HTTP error may be text."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        await http.answer(refusal.status, [("content-type", "text/plain")], refusal.reason.encode())


class RefusalsAreEmpty(Odd):
    """Trap 25: an HTTP error may be empty; and trap 11: 405 without Allow is HTTP's affair."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        await http.answer(refusal.status)


class RefusalsAreOtherJson(Odd):
    """Trap 25: an HTTP error may be JSON that is no JSON-RPC."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        await http.answer(refusal.status, [("content-type", "application/json")], b'{"error":"bad_request"}')


class RefusalsHaveIdNull(Odd):
    """Trap 28: where no id could be read it may be absent or null."""

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        return {"id": None, **super().error_response(request_id, error)}


class MalformedRequestsDrawOtherStatuses(Odd):
    """Trap 32: no rule maps what cannot be read to a status."""

    def status_for_malformed(self, malformed: Malformed) -> int:
        return 422 if malformed.id is None else 200


class ErrorsHaveAnHttpStatus(Odd):
    """Trap 26: a JSON-RPC error may come with 404 as well as with 200."""

    async def answer_json(
        self, http: Exchange, message: Json, headers: Iterable[Header] = (), status: int = 200
    ) -> None:
        if not isinstance(message, dict) or "error" not in message:
            await super().answer_json(http, message, headers, status)
        else:
            await http.answer(404, [("content-type", "application/json"), *headers], self.encode_message(message))


class JsonComesInPieces(Odd):
    """RFC 8259, 2, and RFC 9112, 7.1: white space around JSON means nothing, nor does where it is cut."""

    def head(self, answer: Answer) -> None:
        answer.headers = [(name, value) for name, value in answer.headers if name != "content-length"]

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        if chunk and not answer.is_stream:
            yield b" \r\n"
            yield chunk[:7]
            chunk = chunk[7:] + b"\n\n"
        yield chunk


class EverythingIsAStream(Odd):
    """Trap 39: the server chooses for each request, `initialize` and `ping` included."""

    warned: ClassVar = frozenset({"tasks.get-json"})  # a SHOULD NOT

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        return True

    async def answer_json(
        self, http: Exchange, message: Json, headers: Iterable[Header] = (), status: int = 200
    ) -> None:
        await http.start(status, [("content-type", "text/event-stream"), *headers])
        await http.write(self.encode_event(None, self.message_text(message)))
        await http.write(b"", more=False)


class StreamsComeAtRandom(Odd):
    """Trap 39: the server chooses for each request."""

    warned: ClassVar = frozenset({"tasks.get-json"})  # a SHOULD NOT

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        return random.random() < 0.5


class NothingIsAStream(Odd):
    """Trap 39: all answers are JSON, and GET draws 405 (trap 9)."""

    settings: ClassVar = Options(json_response=True)

    async def get(self, http: Exchange) -> None:
        raise Refusal(405, "There is no stream to listen on.")


class TheAddressHasAQuery(Odd):
    """Trap 7: the endpoint is an address, whatever it consists of."""

    query: ClassVar = "?tenant=a%20b&key=1"


class ATokenIsWanted(Odd):
    """Traps 3 and 94: authorization comes first, and a scheme of one's own needs no metadata."""

    asked_with: ClassVar = {"Authorization": "Token s3cret"}

    def check_bearer(self, http: Exchange) -> None:
        if http.header("authorization") != "Token s3cret":
            raise Refusal(401, "Who is it?", headers=[("www-authenticate", 'Token realm="a, b"')])


class TheServerIsBusy(Odd):
    """Trap 4: 429, 502 and 503 say nothing about any rule."""

    settings: ClassVar = Options(max_sessions=12, max_streams=4)
    seen = 0

    def check_origin(self, http: Exchange) -> None:
        self.seen += 1
        if self.seen > 12 and self.seen % 7 == 0:
            raise Refusal(502, "The gateway did not reach the server.")
        super().check_origin(http)
