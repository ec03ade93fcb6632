"""The forms that an HTTP answer takes: a refusal, an empty 202, one JSON document, or an event stream."""

import asyncio
from collections.abc import Iterable

from reference_server.dispatch import Dispatch
from reference_server.exchange import Exchange, Header, Refusal
from reference_server.jsonrpc import Json, Malformed, Request, RequestId, RpcError
from reference_server.state import Call, Leg, Session, Stream

JSON_TYPE = "application/json"
STREAM_TYPE = "text/event-stream"


class Answering(Dispatch):
    """Statuses, media types and connections."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        """A refusal is an HTTP error; its body says why, about no request or about the one that was read."""
        error = self.error_response(request_id, RpcError(refusal.code, refusal.reason, refusal.data))
        await http.answer(refusal.status, [("content-type", JSON_TYPE), *refusal.headers], self.encode_message(error))

    async def answer_accepted(self, http: Exchange) -> None:
        """What was accepted draws 202 and no body."""
        body = self.accept_body()
        await http.answer(self.accept_status(), [("content-type", JSON_TYPE)] if body else [], body)

    def accept_status(self) -> int:
        """Accepted is 202."""
        return 202

    def accept_body(self) -> bytes:
        """Accepted has no body."""
        return b""

    async def answer_requests(
        self, http: Exchange, session: Session, requests: list[Request], *, as_batch: bool = False
    ) -> None:
        """A request is answered by an event stream or by one JSON document."""
        calls = [Call(session, request) for request in requests]
        if any(self.answers_with_stream(session, request) for request in requests):
            await self.answer_by_stream(http, session, calls)
        else:
            await self.answer_by_json(http, calls, as_batch)

    async def answer_by_json(self, http: Exchange, calls: list[Call], as_batch: bool) -> None:
        """One document holds the answers to all calls."""
        tasks = [self.start(call) for call in calls]
        await asyncio.wait(tasks)
        responses = [self.response_of(call, task) for call, task in zip(calls, tasks, strict=True)]
        answers: list[Json] = [response for response in responses if response is not None]
        if answers:
            await self.answer_json(http, answers if as_batch else answers[0])
        else:
            await http.answer(self.status_for_cancelled())

    def status_for_cancelled(self) -> int:
        """Where the answer was to be JSON, a cancelled request leaves an HTTP error without a body."""
        return 409

    def status_for_malformed(self, malformed: Malformed) -> int:
        """What cannot be read draws 400."""
        return 400

    def status_for_bad_notification(self) -> int:
        """A notification that is not accepted draws an HTTP error."""
        return 400

    async def answer_json(
        self, http: Exchange, message: Json, headers: Iterable[Header] = (), status: int = 200
    ) -> None:
        """One JSON document."""
        body = self.encode_message(message)
        await http.answer(status, [("content-type", self.media_type_for_json()), *headers], body)

    def media_type_for_json(self) -> str:
        """A JSON answer says that it is JSON."""
        return JSON_TYPE

    def media_type_for_stream(self, stream: Stream) -> str:
        """A stream says that it is an event stream."""
        return STREAM_TYPE

    async def answer_by_stream(self, http: Exchange, session: Session, calls: list[Call]) -> None:
        """A stream of their own carries everything about these calls, up to the last answer."""
        self.check_room_for_stream()
        stream = self.open_stream(session, "post", [call.request.id for call in calls])
        leg = self.connect(stream)
        self.prime(stream)
        for call in calls:
            call.stream = stream
            self.start(call)
        await self.carry(http, stream, leg)

    async def carry(self, http: Exchange, stream: Stream, leg: Leg) -> None:
        """Write to the connection until one of the two sides closes it."""
        watcher = asyncio.create_task(self._watch(http, stream, leg))
        try:
            await http.start(self.status_for_stream(stream), self.stream_headers(stream))
            while chunk := await self._next_chunk(leg):
                await http.write(chunk)
            await http.write(b"", more=False)
        finally:
            watcher.cancel()
            self.disconnect(stream, leg)

    def status_for_stream(self, stream: Stream) -> int:
        """A stream begins with 200."""
        return 200

    def stream_headers(self, stream: Stream) -> Iterable[Header]:
        """Nobody on the way may keep or hold back an event."""
        yield "content-type", self.media_type_for_stream(stream)
        yield "cache-control", "no-cache, no-transform"
        yield "x-accel-buffering", "no"

    async def _watch(self, http: Exchange, stream: Stream, leg: Leg) -> None:
        await http.disconnected()
        if not leg.closing:
            leg.close()
            self.on_client_gone(stream)

    async def _next_chunk(self, leg: Leg) -> bytes:
        while not leg.chunks and not leg.closing:
            leg.wake.clear()
            try:
                async with asyncio.timeout(self.options.keep_alive or None):
                    await leg.wake.wait()
            except TimeoutError:
                return self.encode_keep_alive()
        chunk = b"".join(leg.chunks)
        leg.chunks.clear()
        return chunk
