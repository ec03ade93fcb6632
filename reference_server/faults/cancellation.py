"""Faults in cancellation, in both directions."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, Notification, Request, RpcError, as_object
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session
from reference_server.subscriptions import LISTEN

MANY_STEPS = 27  # of the thirty that the suite asks for: time would say nothing on a busy machine
SOON_SECONDS = 0.01


class MoreIsCancelledThanWasAsked(ReferenceServer):
    """With a request that is given up, another is cancelled that never was."""

    breaks: ClassVar = "cancel.valid-id"
    revision: ClassVar = "2025-11-25"

    def on_no_answer(self, call: Call, request_id: Json) -> None:
        super().on_no_answer(call, request_id)
        super().on_no_answer(call, f"{request_id}-too")


class SubscriptionsAreCancelledTwice(ReferenceServer):
    """A subscription that was answered is cancelled after that."""

    breaks: ClassVar = "cancel.valid-id"
    revision: ClassVar = "2026-07-28"

    def messages_after_response(self, call: Call) -> Iterable[JsonObject]:
        if call.request.method == LISTEN:
            yield self.notification("notifications/cancelled", {"requestId": call.request.id})


class CancelledCallsGoOn(ReferenceServer):
    """A cancelled call is worked on to its end and answered."""

    breaks: ClassVar = "cancel.stop"
    revision: ClassVar = "2025-11-25"

    def cancel_on_request(self, call: Call) -> None:
        pass


class CancelledCallsAreAnErrorOfTheServer(ReferenceServer):
    """A cancelled call stops, but is answered with an error that says so."""

    breaks: ClassVar = "cancel.stop"
    revision: ClassVar = "2025-11-25"

    def answer_to_cancelled(self, call: Call) -> JsonObject | None:
        return self.error_response(call.request.id, RpcError(INTERNAL_ERROR, "Request cancelled"))


class LateCancellationsEndTheSession(ReferenceServer):
    """A cancellation of something finished is taken for confusion, and the session is dropped."""

    breaks: ClassVar = "cancel.race"
    revision: ClassVar = "2025-11-25"

    def on_unknown_cancelled(self, session: Session, notification: Notification) -> None:
        self.end_session(session)


class UnknownCancellationsAreRefused(ReferenceServer):
    """A cancellation that names no running request draws 400."""

    breaks: ClassVar = "cancel.invalid-ignored"
    revision: ClassVar = "2025-11-25"

    def on_unknown_cancelled(self, session: Session, notification: Notification) -> None:
        raise Refusal(400, "There is no such request.")


class WorkOutlivesItsStream(ReferenceServer):
    """When a stream is closed its work is stopped, but not before long."""

    breaks: ClassVar = "cancel.stop"
    revision: ClassVar = "2026-07-28"

    def cancel_with_connection(self, call: Call) -> None:
        label = as_object(call.request.params.get("arguments")).get("label")
        if label is not None and self.work_done.get(str(label), 0) < MANY_STEPS:
            asyncio.get_running_loop().call_later(SOON_SECONDS, self.cancel_with_connection, call)
        else:
            super().cancel_with_connection(call)


class CancelledIdsAreNeverServedAgain(ReferenceServer):
    """An id that a cancellation named is remembered, and a later request under it is not served."""

    breaks: ClassVar = "cancel.race"
    also: ClassVar = {"discover": "what is not served is server/discover"}
    revision: ClassVar = "2026-07-28"

    def check_modern_notification(self, http: Exchange, notification: Notification) -> None:
        super().check_modern_notification(http, notification)
        vars(self).setdefault("named", []).append(notification.params.get("requestId"))

    def admit(self, http: Exchange, request: Request) -> Call:
        if request.id in vars(self).get("named", []):
            raise Refusal(400, "This request was cancelled.")
        return super().admit(http, request)


class IdsAreComparedByTheirBeginning(ReferenceServer):
    """A cancellation ends every request whose id begins like the one that it names."""

    breaks: ClassVar = "cancel.invalid-ignored"
    revision: ClassVar = "2026-07-28"

    def check_modern_notification(self, http: Exchange, notification: Notification) -> None:
        super().check_modern_notification(http, notification)
        named = str(notification.params.get("requestId"))
        for call in [call for call in self.working if str(call.request.id).startswith(named)]:
            self.cancel(call)
