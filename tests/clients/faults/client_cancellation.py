"""Faults in what a client cancels."""

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient


class CancelledByNobodysId(RightClient):
    """A request is cancelled that was never made."""

    breaks = "cancel.valid-id"

    def cancelled(self, id: JSON, initialized: JSON) -> JSON:
        return "never-made"


class CancelledByText(RightModernClient):
    """The number of a request is written as a text."""

    breaks = "cancel.valid-id"

    def cancelled(self, id: JSON) -> JSON:
        return str(id)


class CancelledFromTheBeginning(RightClient):
    """The handshake is cancelled."""

    breaks = "cancel.not-init"

    def cancelled(self, id: JSON, initialized: JSON) -> JSON:
        return initialized


class TasksAreCancelledLikeRequests(RightClient):
    """A task is cancelled by the notification for requests."""

    breaks = "tasks.cancel-method"

    async def cancel_task(self, task: JSON, call_id: JSON) -> None:
        await self.tell("notifications/cancelled", {"requestId": call_id})
