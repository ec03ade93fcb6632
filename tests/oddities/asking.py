"""Requests of the server's, batches, and the order in which things are done."""

import asyncio
import random
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Json, JsonObject, Notification, Request, Response
from reference_server.state import Call, Session, Stream
from tests.oddities.odd import Odd


class ServerIdsAreThoseOfTheClient(Odd):
    """Trap 29: each side counts its own requests; 1 is the client's first and the server's first."""

    def next_request_id(self, session: Session) -> Json:
        session.requests_sent += 1
        return session.requests_sent


class ServerIdsAreStrange(Odd):
    """Trap 29: 0, -1, numbers beyond 64 bits, empty strings and digits are ids, and 1 is not "1"."""

    def next_request_id(self, session: Session) -> Json:
        strange: tuple[Json, ...] = (0, "", -1, 2**64, "0", " ", 1, "1")
        session.requests_sent += 1
        number = session.requests_sent
        return strange[number - 1] if number <= len(strange) else number


class TokensAreNumbers(Odd):
    """basic/utilities/progress: a progress token may be 0."""

    def next_progress_token(self, session: Session) -> Json:
        session.tokens_given += 1
        return session.tokens_given - 1


class PingsComeAtRandom(Odd):
    """basic/utilities/ping and trap 67: at any time, on every stream, before the client is ready too."""

    def start(self, call: Call) -> "asyncio.Task[JsonObject]":
        self._ping(call.session, call)
        return super().start(call)

    def _ping(self, session: Session, call: Call | None = None) -> None:
        if session.id and (call is None or call.stream):
            self.place(session, self.request(self.next_request_id(session), "ping"), call)

    async def get(self, http: Exchange) -> None:
        pinging = asyncio.create_task(self._ping_on(self.session_for(http)))
        try:
            await super().get(http)
        finally:
            pinging.cancel()

    async def _ping_on(self, session: Session) -> None:
        for _ in range(20):
            await asyncio.sleep(random.uniform(0.01, 0.1))
            self._ping(session)


class RootsAreAskedForUnasked(Odd):
    """Trap 50: what concerns no call goes by a GET stream, here when the client is ready, or its roots changed."""

    def on_notification(self, session: Session, notification: Notification) -> None:
        super().on_notification(session, notification)
        if notification.method != "notifications/cancelled" and self.client_can(session, "roots/list"):
            self.place(session, self.request(self.next_request_id(session), "roots/list"))


class QuestionsHaveMoreMembers(Odd):
    """Trap 5: the params of a request are open, and `_meta` is for everybody."""

    def request(self, request_id: Json, method: str, params: JsonObject | None = None) -> JsonObject:
        more: JsonObject = {"_meta": {"com.example/trace": None}, "x-more": {"a": []}}
        return super().request(request_id, method, {**more, **(params or {})})


class QuestionsGoByTheGetStream(Odd):
    """Trap 50: only progress proves that a message belongs elsewhere."""

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        asks = "method" in message and "id" in message
        return (self.open_get_stream(session) if asks else None) or super().stream_for(session, message, call)


class QuestionsAreWaitedForLong(Odd):
    """basic/lifecycle, Timeouts: how long a time limit is, nobody says."""

    timeout: ClassVar = 2.0

    def time_limit(self, seconds: float | None) -> float | None:
        return 60.0


class OneCallAtATime(Odd):
    """Trap 69 ("promptly" has no number): nobody says that requests are worked on side by side."""

    locks: ClassVar[dict[str, asyncio.Lock]] = {}

    async def result_of(self, call: Call) -> JsonObject:
        async with self.locks.setdefault(call.session.id, asyncio.Lock()):
            return await super().result_of(call)


class CallsStopALittleLater(Odd):
    """Trap 90: a race is expected; a call may need a moment to stop."""

    def cancel_on_request(self, call: Call) -> None:
        asyncio.get_running_loop().call_later(0.08, self.cancel, call)


class OnlyKnownNotificationsAreAccepted(Odd):
    """Trap 23: other notifications may be refused, and trap 33: so may an answer to a question that nobody asked."""

    def accepts_notification(self, notification: Notification) -> bool:
        return notification.method in ("notifications/initialized", "notifications/cancelled")

    def take_in(self, session: Session, message: Notification | Response) -> None:
        if isinstance(message, Response) and message.id not in session.asked:
            raise Refusal(400, "Nobody asked.")
        super().take_in(session, message)


class AcceptIsNotLookedAt(Odd):
    """Traps 30 and 31: what another Accept or Content-Type draws is open."""

    def check_media_types(self, http: Exchange) -> None:
        return None


class BadMediaTypesDraw400(Odd):
    """Traps 30 and 31: 406 and 415 are customary, and not asked for."""

    def check_media_types(self, http: Exchange) -> None:
        try:
            super().check_media_types(http)
        except Refusal as refusal:
            raise Refusal(400, refusal.reason) from None


class ForeignOriginsDrawAnotherStatus(Odd):
    """Trap 55: before 2025-11-25 no status is named; any refusal will do."""

    revision: ClassVar = "2025-06-18"

    def status_for_foreign_origin(self) -> int:
        return 400


class BatchesAreTakenInEveryRevision(Odd):
    """Trap 34: one message per POST binds the client; a server may take a batch apart all the same."""

    def accepts_batches(self, session: Session) -> bool:
        return True


class BatchesAreAnsweredBackwards(Odd):
    """Trap 36: the answers of a batch may come in any order, and one alone as an object."""

    revision: ClassVar = "2025-03-26"

    async def answer_by_json(self, http: Exchange, calls: list[Call], as_batch: bool) -> None:
        await super().answer_by_json(http, calls[::-1], as_batch and len(calls) > 1)


class BatchesAreAnsweredByStreams(Odd):
    """Trap 36: each answer of a batch may be an event of its own."""

    revision: ClassVar = "2025-03-26"

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        return True


class BatchesAreAnsweredByArraysInStreams(Odd):
    """Trap 36: the answers of a batch may be one array, in one event."""

    revision: ClassVar = "2025-03-26"

    async def answer_by_json(self, http: Exchange, calls: list[Call], as_batch: bool) -> None:
        if not as_batch:
            await super().answer_by_json(http, calls, as_batch)
            return
        answers: list[Json] = [await self.start(call) for call in calls]
        await http.start(200, [("content-type", "text/event-stream")])
        await http.write(self.encode_event(None, self.message_text(answers)))
        await http.write(b"", more=False)
