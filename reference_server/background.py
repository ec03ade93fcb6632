"""What goes on behind an answer: the work of a task, its status, its outcome, and what it has to say meanwhile.

A task is a `Job` here.  What it has to say goes to whoever waits for its result; a question is held back until
somebody does, everything else goes by a GET stream or not at all.
"""

import sys
import time
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime

from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RpcError, as_object
from reference_server.prompts import Prompts
from reference_server.state import Call, Job, Session, Stream

RELATED = "io.modelcontextprotocol/related-task"
POLL_MS = 50  # how long a client may wait between two looks at a task
FINAL = ("completed", "failed", "cancelled")


class Background(Prompts):
    """One outcome, one order of statuses, and a name on every message."""

    def task_object(self, job: Job) -> JsonObject:
        """All that there is to know of a task but its result."""
        return {
            "taskId": self.shown_id(job),
            "status": job.status,
            "statusMessage": job.message,
            "createdAt": job.created_at,
            "lastUpdatedAt": job.updated_at,
            "ttl": job.ttl,
            "pollInterval": POLL_MS,
        }

    def shown_id(self, job: Job) -> Json:
        """An id is text."""
        return job.id

    # Work

    async def work_on(self, job: Job) -> None:
        """Run the tool; what it would have answered is the task's outcome."""
        try:
            result = await super().call_tool(job.call)
        except RpcError as error:
            self.end_job(job, "failed", error.message, error=error)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            mistake = RpcError(INTERNAL_ERROR, "The server made a mistake.")
            self.end_job(job, "failed", mistake.message, error=mistake)
        else:
            words = "The tool reports a failure." if result.get("isError") is True else "The work is done."
            self.end_job(job, self.status_for_result(job, result), words, result=result)

    def status_for_result(self, job: Job, result: JsonObject) -> str:
        """A tool that reports a failure leaves a task that failed."""
        return "failed" if result.get("isError") is True else "completed"

    def end_job(
        self,
        job: Job,
        status: str,
        message: str,
        *,
        result: JsonObject | None = None,
        error: RpcError | None = None,
    ) -> None:
        """The first outcome counts; from then on nothing changes."""
        job.call.done = True
        if not self.is_final(job):
            job.result, job.error = result, error
            self.set_status(job, status, self.end_message(status, message))
            job.done.set()

    def is_final(self, job: Job) -> bool:
        """Whether a task has ended."""
        return job.status in FINAL

    def end_message(self, status: str, message: str) -> str:
        """A task that failed says why."""
        return message

    def set_status(self, job: Job, status: str, message: str) -> None:
        """From working or input_required to any other status, from a final one to none."""
        if not self.is_final(job):
            job.status, job.message, job.updated_at = status, message, now_text()
            self.tell(job, self.notification("notifications/tasks/status", self.status_params(job)))

    def status_params(self, job: Job) -> JsonObject:
        """A status notification is the whole task, whose id says enough."""
        return self.task_object(job)

    # Messages

    def place(self, session: Session, message: JsonObject, call: Call | None = None) -> None:
        """What a task has to say names the task."""
        if call is None or call.job is None:
            super().place(session, message, call)
        else:
            self.tell(call.job, self.related(call.job, message))

    def related(self, job: Job, message: JsonObject) -> JsonObject:
        """A message about a task names it in its metadata."""
        params = as_object(message.get("params"))
        return {**message, "params": {**params, "_meta": {**as_object(params.get("_meta")), **self.mark(job)}}}

    def mark(self, job: Job) -> JsonObject:
        """The key that ties a message to a task."""
        return {RELATED: {"taskId": job.id}}

    def tell(self, job: Job, message: JsonObject) -> None:
        """A question can wait for the stream of tasks/result, if there is to be one; all else cannot."""
        if not self.is_live(job.call.session):
            return
        stream = self.stream_of_job(job)
        if stream is None and ("id" not in message or self.options.json_response):
            stream = self.open_get_stream(job.call.session)
        if stream is not None:
            self.append(stream, message)
        elif "id" in message:
            job.held.append(message)

    def stream_of_job(self, job: Job) -> Stream | None:
        """The stream of somebody who waits for the result."""
        streams = (call.stream for call in reversed(job.waiting))
        return next((stream for stream in streams if stream is not None and stream.leg is not None), None)

    def can_be_asked(self, call: Call) -> bool:
        """A question of a task goes on the stream of tasks/result, or on a GET stream."""
        return super().can_be_asked(call) or call.job is not None

    async def ask(
        self, call: Call, method: str, params: JsonObject | None = None, seconds: float | None = None
    ) -> JsonObject:
        """While a question of a task is open, its status says so."""
        if call.job is None or not self.can_be_asked(call):
            return await super().ask(call, method, params, seconds)
        self.on_input_needed(call.job)
        try:
            return await super().ask(call, method, params, seconds)
        finally:
            self.on_input_received(call.job)

    def on_input_needed(self, job: Job) -> None:
        """A task that waits for its client says so."""
        self.set_status(job, "input_required", "There is a question: see tasks/result.")

    def on_input_received(self, job: Job) -> None:
        """With the answer the work goes on."""
        self.set_status(job, "working", "The work goes on.")

    def on_no_answer(self, call: Call, request_id: Json) -> None:
        """A question that nobody has seen is withdrawn without a word."""
        held = [] if call.job is None else call.job.held
        unseen = [message for message in held if message.get("id") == request_id]
        for message in unseen:
            held.remove(message)
        if not unseen:
            super().on_no_answer(call, request_id)

    # The end

    def stop_work(self, job: Job) -> None:
        """Nobody works on what was cancelled."""
        if job.work is not None:
            job.work.cancel()

    def forget_expired(self, session: Session) -> None:
        """A task is kept for its lifetime."""
        self.forget_expired_of(session.jobs)

    def forget_expired_of(self, jobs: MutableMapping[str, Job]) -> None:
        """Nobody works on what nobody can ask for."""
        for job in [job for job in jobs.values() if job.expires < time.monotonic()]:
            del jobs[job.id]
            self.stop_work(job)

    def end_session(self, session: Session) -> None:
        """With the session its tasks end."""
        super().end_session(session)
        for job in session.jobs.values():
            self.stop_work(job)
        session.jobs.clear()


def now_text() -> str:
    """The time as ISO 8601 has it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
