"""Faults in the stream that answers a request."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Header
from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session, Stream

CROWD = 5  # calls under way at once


class ProgressIsMixedUpInACrowd(ReferenceServer):
    """With many calls under way the progress of all goes on the stream of the first."""

    breaks: ClassVar = "stream.related"
    revision: ClassVar = "2025-11-25"

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        posts = [stream for stream in session.streams.values() if stream.kind == "post" and not stream.ended]
        mixed = message.get("method") == "notifications/progress" and len(session.calls) >= CROWD
        return posts[0] if mixed else super().stream_for(session, message, call)


class StreamsStayOpenAfterTheResponse(ReferenceServer):
    """After the response the stream stays open and says nothing more."""

    breaks: ClassVar = "stream.closes"

    def closes_after_response(self, stream: Stream) -> bool:
        return False


class ProgressIsBroadcastInACrowd(ReferenceServer):
    """With many calls under way the progress of each goes on the streams of all."""

    breaks: ClassVar = "streams.once"
    also: ClassVar = {"stream.related": "the copies are on other calls' streams"}

    def streams_for(self, session: Session, message: JsonObject, call: Call | None) -> list[Stream | None]:
        if message.get("method") != "notifications/progress" or len(session.calls) < CROWD:
            return super().streams_for(session, message, call)
        return [stream for stream in session.streams.values() if stream.leg and not stream.leg.closing]


class StreamsMayBeBuffered(ReferenceServer):
    """A stream does not tell proxies that they must not hold it back."""

    breaks: ClassVar = "stream.no-buffering"

    def stream_headers(self, stream: Stream) -> Iterable[Header]:
        return ((name, value) for name, value in super().stream_headers(stream) if name != "x-accel-buffering")


class ProgressOfEqualCallsIsMixedUp(ReferenceServer):
    """With many equal calls under way, told apart by numbers, the progress of all goes on one of their streams."""

    breaks: ClassVar = "stream.related"
    revision: ClassVar = "2026-07-28"

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        stream = super().stream_for(session, message, call)
        if call is None or message.get("method") != "notifications/progress" or not isinstance(call.request.id, int):
            return stream
        arguments = call.request.params.get("arguments")
        equal = [c for c in self.working if c.stream and c.request.params.get("arguments") == arguments]
        numbered = sorted((c.request.id, c.stream) for c in equal if isinstance(c.request.id, int))
        return numbered[0][1] if len(numbered) >= CROWD else stream


class ChangesAreToldOnEveryStream(ReferenceServer):
    """While somebody listens, a call that reports progress is told of changes under his subscription."""

    breaks: ClassVar = "stream.related"
    revision: ClassVar = "2026-07-28"

    def send_progress(self, call: Call, value: float, total: float, message: str) -> None:
        super().send_progress(call, value, total, message)
        for subscription in self.subscriptions:
            told = self.notification("notifications/tools/list_changed", self.tag(subscription))
            self.place(call.session, told, call)


class ResponsesAreMixedUpInACrowd(ReferenceServer):
    """With many calls under way the responses of all go on the stream of the last."""

    breaks: ClassVar = "stream.related"
    also: ClassVar = {
        "stream.has-response": "the calls' own streams never carry one",
        "stream.not-early-close": "the calls' own streams end without one",
    }
    revision: ClassVar = "2025-11-25"

    def stream_for(self, session: Session, message: JsonObject, call: Call | None) -> Stream | None:
        posts = [stream for stream in session.streams.values() if stream.kind == "post" and not stream.ended]
        mixed = "method" not in message and len(session.calls) >= CROWD
        return posts[-1] if mixed else super().stream_for(session, message, call)


class StreamsStayOpenAfterAnError(ReferenceServer):
    """A stream whose response is an error stays open and says nothing more."""

    breaks: ClassVar = "stream.closes"
    revision: ClassVar = "2025-11-25"
    latest: JsonObject | None = None

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        self.latest = response
        super().settle(stream, call, response)

    def closes_after_response(self, stream: Stream) -> bool:
        return "error" not in (self.latest or {})
