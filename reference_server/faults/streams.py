"""Faults in the streams that answer a POST."""

from typing import ClassVar

from reference_server.jsonrpc import JsonObject, as_object
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session, Stream

CROWD = 5  # calls under way at once


class StreamsBeginWithoutPriming(ReferenceServer):
    """The first event of a stream is a message, so a client that is cut off early has no id to come back with."""

    breaks: ClassVar = "stream.prime"

    def primes(self, stream: Stream) -> bool:
        return False


class ConnectionsAreClosedWithoutRetry(ReferenceServer):
    """The server closes a call's connection early and does not say when to come back."""

    breaks: ClassVar = "stream.retry"

    def retry_before_close(self, stream: Stream) -> int | None:
        return None if stream.kind == "post" else super().retry_before_close(stream)


class FailedCallsAreNotAnswered(ReferenceServer):
    """The stream of a tool that failed ends without the response."""

    breaks: ClassVar = "stream.has-response"
    revision: ClassVar = "2025-11-25"

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        failed = as_object((response or {}).get("result")).get("isError") is True
        super().settle(stream, call, None if failed else response)


class LastReportsStandForTheResponse(ReferenceServer):
    """The stream of a call that reports progress ends with the last report."""

    breaks: ClassVar = "stream.has-response"
    also: ClassVar = {
        "cancel.invalid-ignored": "the call that a cancellation of another one must not end reports too"
    }
    revision: ClassVar = "2026-07-28"

    def settle(self, stream: Stream, call: Call, response: JsonObject | None) -> None:
        super().settle(stream, call, response if self.progress_token(call) is None else None)


class OldRevisionsAreClosedEarlyToo(ReferenceServer):
    """Connections are closed before the response in revisions that do not know polling yet."""

    breaks: ClassVar = "stream.not-early-close"

    def primes(self, stream: Stream) -> bool:
        return self.has_event_ids(stream.session)


class ClosingTheConnectionCancels(ReferenceServer):
    """A client that loses its connection loses the work as well."""

    breaks: ClassVar = "disconnect.not-cancel"

    def on_client_gone(self, stream: Stream) -> None:
        for call in self.calls_on(stream):
            self.cancel(call)


class QuestionsAreAskedOnAllStreams(ReferenceServer):
    """A request to the client goes on the stream of its call and on the GET stream too."""

    breaks: ClassVar = "streams.once"
    also: ClassVar = {"jsonrpc.id-once": "the copy has the id of the original"}

    def streams_for(self, session: Session, message: JsonObject, call: Call | None) -> list[Stream | None]:
        asks = "method" in message and "id" in message
        return [*super().streams_for(session, message, call), *([self.open_get_stream(session)] if asks else [])]
