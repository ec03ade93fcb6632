"""Faults in the ids of requests and responses."""

from typing import ClassVar

from reference_server.jsonrpc import METHOD_NOT_FOUND, Json, JsonObject, RequestId, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Session


class RequestIdsAreFractions(ReferenceServer):
    """The server's requests have numbers for ids that are not whole."""

    breaks = "jsonrpc.id-type"
    also: ClassVar[dict[str, str]] = {"schema.message": "a cancellation repeats the id"}

    def next_request_id(self, session: Session) -> Json:
        session.requests_sent += 1
        return session.requests_sent + 0.5


class RequestIdsAreNull(ReferenceServer):
    """The server's requests have the id null."""

    breaks = "jsonrpc.id-not-null"
    also: ClassVar[dict[str, str]] = {"schema.message": "a cancellation repeats the id"}

    def next_request_id(self, session: Session) -> Json:
        return None


class RequestIdsRepeat(ReferenceServer):
    """The server gives every request that it sends the same id."""

    breaks = "jsonrpc.id-once"

    def next_request_id(self, session: Session) -> Json:
        return "server-request"


class LargeIdsLoseTheirUpperBits(ReferenceServer):
    """An answer repeats only the lower 16 bits of an id that is a number."""

    breaks = "jsonrpc.id-echo"

    def answer_id(self, request_id: RequestId) -> Json:
        return request_id & 0xFFFF if isinstance(request_id, int) else request_id


class ErrorsTurnIdsIntoText(ReferenceServer):
    """The error for an unknown method has the id as a string, whatever it was."""

    breaks = "jsonrpc.id-echo"

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        return super().error_response(str(request_id) if error.code == METHOD_NOT_FOUND else request_id, error)


class ErrorsHaveNoId(ReferenceServer):
    """The error for an unknown method does not say which request it answers."""

    breaks = "jsonrpc.id-echo"

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        return super().error_response(None if error.code == METHOD_NOT_FOUND else request_id, error)


class AllIdsTurnIntoText(ReferenceServer):
    """Every response has the id as a string, even where it was a number."""

    breaks = "jsonrpc.id-echo"
    also: ClassVar[dict[str, str]] = {"elicit.complete-id": "the error that names it answers no request"}

    def answer_id(self, request_id: RequestId) -> Json:
        return str(request_id)
