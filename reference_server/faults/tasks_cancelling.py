"""Faults in cancelling tasks."""

import asyncio
from typing import ClassVar

from reference_server.jsonrpc import JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Job


class FinishedTasksCanBeCancelled(ReferenceServer):
    """Cancelling a task that has ended is answered as if something had come of it."""

    breaks: ClassVar = "tasks.cancel-terminal"

    def on_late_cancel(self, job: Job) -> None:
        pass


class CancellationIsSaidTooEarly(ReferenceServer):
    """The answer to tasks/cancel still says that the task is working."""

    breaks: ClassVar = "tasks.cancel-status"

    def cancelled_result(self, job: Job) -> JsonObject:
        return {**super().cancelled_result(job), "status": "working"}


class CancelledTasksFailInTheEnd(ReferenceServer):
    """A task that was cancelled is shown as failed a little later."""

    breaks: ClassVar = "tasks.cancel-final"
    also: ClassVar = {"tasks.terminal": "cancelled is a final status"}

    def stop_work(self, job: Job) -> None:
        super().stop_work(job)
        asyncio.get_running_loop().call_later(0.1, setattr, job, "status", "failed")
