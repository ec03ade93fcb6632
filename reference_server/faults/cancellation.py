"""Faults in cancellation, in both directions."""

from typing import ClassVar

from reference_server.exchange import Refusal
from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, Notification, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session


class MoreIsCancelledThanWasAsked(ReferenceServer):
    """With a request that is given up, another is cancelled that never was."""

    breaks: ClassVar = "cancel.valid-id"

    def on_no_answer(self, call: Call, request_id: Json) -> None:
        super().on_no_answer(call, request_id)
        super().on_no_answer(call, f"{request_id}-too")


class CancelledCallsGoOn(ReferenceServer):
    """A cancelled call is worked on to its end and answered."""

    breaks: ClassVar = "cancel.stop"

    def cancel_on_request(self, call: Call) -> None:
        pass


class CancelledCallsAreAnErrorOfTheServer(ReferenceServer):
    """A cancelled call stops, but is answered with an error that says so."""

    breaks: ClassVar = "cancel.stop"

    def answer_to_cancelled(self, call: Call) -> JsonObject | None:
        return self.error_response(call.request.id, RpcError(INTERNAL_ERROR, "Request cancelled"))


class LateCancellationsEndTheSession(ReferenceServer):
    """A cancellation of something finished is taken for confusion, and the session is dropped."""

    breaks: ClassVar = "cancel.race"

    def on_unknown_cancelled(self, session: Session, notification: Notification) -> None:
        self.end_session(session)


class UnknownCancellationsAreRefused(ReferenceServer):
    """A cancellation that names no running request draws 400."""

    breaks: ClassVar = "cancel.invalid-ignored"

    def on_unknown_cancelled(self, session: Session, notification: Notification) -> None:
        raise Refusal(400, "There is no such request.")
