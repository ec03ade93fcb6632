"""Tasks of 2025-11-25: calls that go on behind their answer, are looked after by id, and are fetched in the end.

A task is a `Job` here, and belongs to the session that made it.
"""

import asyncio
import time

from reference_server.background import Background, now_text
from reference_server.jsonrpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    JsonObject,
    RpcError,
    as_object,
)
from reference_server.options import R2025_11
from reference_server.state import Call, Job, Session
from reference_server.toolbox import Tool

MOST_JOBS = 200  # of one session at a time
PAGE = 5
TTL_MS = 300_000
LONGEST_TTL_MS = 3_600_000
TASK_CAPABILITY: JsonObject = {"list": {}, "cancel": {}, "requests": {"tools": {"call": {}}}}


class Tasks(Background):
    """Created at once, worked on in the background, ended once."""

    # What is offered

    def takes_tasks(self, session: Session) -> bool:
        """Tasks belong to 2025-11-25 alone, and to a session, which is where they are kept."""
        return session.revision == R2025_11 and bool(session.id) and self.options.tasks

    def task_capability(self) -> JsonObject:
        """Who takes tasks says so, request by request."""
        return {"tasks": TASK_CAPABILITY}

    def initialize_result(self, session: Session) -> JsonObject:
        """Tasks are declared where they are taken."""
        result = super().initialize_result(session)
        tasks = self.task_capability() if self.takes_tasks(session) else {}
        return {**result, "capabilities": {**as_object(result["capabilities"]), **tasks}}

    def tools_of(self, session: Session) -> list[Tool]:
        """Tools that are made for tasks are there where tasks are."""
        tools = super().tools_of(session)
        return [tool for tool in tools if tool.task_support is None or self.takes_tasks(session)]

    def tool_listing(self, session: Session, tool: Tool) -> JsonObject:
        """A tool says whether it may be called as a task; one that says nothing may not."""
        listing = super().tool_listing(session, tool)
        return listing if tool.task_support is None else {**listing, "execution": {"taskSupport": tool.task_support}}

    # Creation

    async def call_tool(self, call: Call) -> JsonObject:
        """A call becomes a task if it asks for it, and if the tool says that it may."""
        if not self.takes_tasks(call.session):
            return await super().call_tool(call)
        tool, wanted = self.tool_named(call), "task" in call.request.params
        if wanted and tool.task_support not in ("optional", "required"):
            self.on_forbidden_task(tool)
        if not wanted and tool.task_support == "required":
            self.on_missing_task(tool)
        return await (self.begin_job(call) if wanted and self.accepts_task(tool) else super().call_tool(call))

    def on_forbidden_task(self, tool: Tool) -> None:
        """A task of a tool that allows none draws -32601."""
        raise RpcError(METHOD_NOT_FOUND, f"{tool.name} cannot be called as a task.")

    def on_missing_task(self, tool: Tool) -> None:
        """A plain call of a tool that wants a task draws -32601."""
        raise RpcError(METHOD_NOT_FOUND, f"{tool.name} can only be called as a task.")

    def accepts_task(self, tool: Tool) -> bool:
        """What was declared is accepted."""
        return tool.task_support in ("optional", "required")

    async def begin_job(self, call: Call) -> JsonObject:
        """The answer is the task, long before there is a result."""
        session = call.session
        self.forget_expired(session)
        if len(session.jobs) >= MOST_JOBS:
            raise RpcError(INTERNAL_ERROR, f"There are {MOST_JOBS} tasks already; ask again when one has expired.")
        behind = Call(session, call.request)
        now, ttl = now_text(), self.ttl_of(call)
        job = Job(self.new_task_id(call), behind, ttl, now, now, time.monotonic() + ttl / 1000)
        behind.job = session.jobs[job.id] = job
        created = self.created_result(job)
        job.work = asyncio.create_task(self.work_on(job))
        return created

    def ttl_of(self, call: Call) -> int:
        """A task is kept for as long as was asked for, within limits; in milliseconds."""
        wishes = call.request.params["task"]
        ttl = wishes.get("ttl", TTL_MS) if isinstance(wishes, dict) else None
        if not isinstance(ttl, int) or isinstance(ttl, bool) or ttl < 0:
            raise RpcError(INVALID_PARAMS, "A task is an object, and its ttl is a number of milliseconds.")
        return min(ttl, LONGEST_TTL_MS)

    def new_task_id(self, call: Call) -> str:
        """An id is ours, was never given before, and cannot be guessed."""
        return self.new_session_id()

    def created_result(self, job: Job) -> JsonObject:
        """A task begins as working."""
        return {"task": self.task_object(job)}

    # Requests about tasks

    def job_named(self, call: Call) -> Job:
        """The task that `taskId` names, whatever else the request says; any other draws -32602."""
        if not self.takes_tasks(call.session):
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {call.request.method}")
        self.forget_expired(call.session)
        job = self.find_job(call.session, self.task_id_in(call))
        if job is None:
            raise self.unknown_task()
        return job

    def task_id_in(self, call: Call) -> str:
        """`taskId` is what counts."""
        task_id = call.request.params.get("taskId")
        return task_id if isinstance(task_id, str) else ""

    def find_job(self, session: Session, task_id: str) -> Job | None:
        """A task is known to the session that made it, and to no other."""
        return session.jobs.get(task_id)

    def unknown_task(self) -> RpcError:
        """An unknown task, or one of others, draws -32602."""
        return RpcError(INVALID_PARAMS, "There is no such task.")

    async def get_task(self, call: Call) -> JsonObject:
        """tasks/get: the state of a task."""
        return self.got_result(self.job_named(call))

    def got_result(self, job: Job) -> JsonObject:
        """The task itself, and no metadata that says its id again."""
        return self.task_object(job)

    async def get_task_result(self, call: Call) -> JsonObject:
        """tasks/result: wait for the end, and say what the call would have answered."""
        job = self.job_named(call)
        job.waiting.append(call)
        try:
            held, job.held = job.held, []
            for message in held:
                self.tell(job, message)
            await self.until_done(job)
        finally:
            job.waiting.remove(call)
        return self.outcome_of(job)

    async def until_done(self, job: Job) -> None:
        """There is no result before the end."""
        await job.done.wait()

    def outcome_of(self, job: Job) -> JsonObject:
        """The very result, or the very error, that the plain call would have had."""
        if job.result is None:
            raise job.error or RpcError(INTERNAL_ERROR, "The task has not ended.")
        return {**job.result, "_meta": {**as_object(job.result.get("_meta")), **self.mark_of_result(job)}}

    def mark_of_result(self, job: Job) -> JsonObject:
        """A result says of which task it is."""
        return self.mark(job)

    async def list_tasks(self, call: Call) -> JsonObject:
        """tasks/list: page by page, in the order of creation."""
        if not self.takes_tasks(call.session):
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {call.request.method}")
        self.forget_expired(call.session)
        jobs, after = self.listed_jobs(call.session), self.cursor_in(call)
        start = next((place for place, job in enumerate(jobs, 1) if job.id == after), 0)
        page, more = jobs[start : start + PAGE], len(jobs) > start + PAGE
        return {"tasks": [self.task_object(job) for job in page], **self.next_page(page, more)}

    def listed_jobs(self, session: Session) -> list[Job]:
        """All tasks of the session, and no others."""
        return list(session.jobs.values())

    def cursor_in(self, call: Call) -> str | None:
        """A cursor that was never given draws -32602."""
        cursor = call.request.params.get("cursor")
        if cursor is not None and cursor not in call.session.jobs:
            raise RpcError(INVALID_PARAMS, "This cursor is not known.")
        return None if cursor is None else str(cursor)

    def next_page(self, jobs: list[Job], more: bool) -> JsonObject:
        """Where more follow, a cursor says from where."""
        return {"nextCursor": jobs[-1].id} if more else {}

    async def cancel_task(self, call: Call) -> JsonObject:
        """tasks/cancel: the task is cancelled before this is answered."""
        job = self.job_named(call)
        if self.is_final(job):
            self.on_late_cancel(job)
        self.end_job(job, "cancelled", "Cancelled on request.", error=RpcError(INVALID_REQUEST, "It was cancelled."))
        self.stop_work(job)
        return self.cancelled_result(job)

    def on_late_cancel(self, job: Job) -> None:
        """A task that has ended cannot be cancelled: -32602."""
        raise RpcError(INVALID_PARAMS, f"The task has ended already: {job.status}.")

    def cancelled_result(self, job: Job) -> JsonObject:
        """The task, which is cancelled now."""
        return self.task_object(job)
