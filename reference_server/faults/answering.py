"""Faults in the stream that answers a request."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session, Stream

CROWD = 5  # calls under way at once


class ProgressIsMixedUpInACrowd(ReferenceServer):
    """With many calls under way the progress of all goes on the stream of the first."""

    breaks: ClassVar = "stream.related"

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
