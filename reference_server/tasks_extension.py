"""The tasks extension of 2026-07-28 (SEP-2663): the server makes a task of a call where its client knows tasks.

A task is a `Job`, as in 2025-11-25, but belongs to no session: the principal who made it may ask for it, by its id.
Nothing waits for a result, there is no list, and questions wait until somebody looks.
"""

import asyncio
import time
from dataclasses import dataclass, field

from reference_server.asking import TASKS, TASKS_CAPABILITY
from reference_server.background import POLL_MS, now_text
from reference_server.dispatch import Handler
from reference_server.inputs import Question, is_declared
from reference_server.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, Json, JsonObject, RpcError, as_object
from reference_server.modern import Modern
from reference_server.options import Options
from reference_server.state import Call, Job, Session
from reference_server.subscriptions import LISTEN, Subscription
from reference_server.tasks import TTL_MS
from reference_server.toolbox import Tool

MOST_DEFERRED = 1000  # at a time, of all clients
TASK_METHODS = ("tasks/get", "tasks/update", "tasks/cancel")
TASK_IDS = "taskIds"


@dataclass(slots=True, eq=False)
class Deferred(Job):
    """A job without a session: `questions` are those that are not answered yet, `going_on` whether there are none."""

    questions: dict[str, Question] = field(default_factory=dict)
    going_on: asyncio.Event = field(default_factory=asyncio.Event)


class TasksExtension(Modern):
    """Made by the server's own choice, for those who said in this very request that they know tasks."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.deferred: dict[str, Job] = {}

    # What is offered

    def extensions(self) -> JsonObject:
        """An empty object declares tasks."""
        return {**super().extensions(), **({TASKS: {}} if self.options.tasks else {})}

    def modern_handler_for(self, method: str) -> Handler | None:
        """Three methods; those for lists and results are gone."""
        handlers: dict[str, Handler] = {
            "tasks/get": self.get_deferred,
            "tasks/update": self.update_deferred,
            "tasks/cancel": self.cancel_deferred,
        }
        return (handlers.get(method) if self.options.tasks else None) or super().modern_handler_for(method)

    def name_member(self, method: str) -> str | None:
        """Mcp-Name repeats the id of the task that a request is about."""
        return "taskId" if method in TASK_METHODS and self.options.tasks else super().name_member(method)

    def missing_capabilities(self, call: Call) -> JsonObject:
        """Who asks for a task, or wants to hear of some, has declared the extension."""
        missing = super().missing_capabilities(call)
        return missing | ({} if self.knows_tasks(call) or not self.needs_tasks(call) else TASKS_CAPABILITY)

    def knows_tasks(self, call: Call) -> bool:
        """What counts is this request; what was declared with an earlier one, or as in 2025-11-25, does not."""
        extensions = as_object(call.session.client_capabilities.get("extensions"))
        return self.options.tasks and is_declared(extensions.get(TASKS), {})

    def needs_tasks(self, call: Call) -> bool:
        """Requests about tasks, and subscriptions to some."""
        if call.request.method == LISTEN:
            return self.listens_to_tasks(call)
        return call.request.method in TASK_METHODS

    def listens_to_tasks(self, call: Call) -> bool:
        """Whether a subscription names tasks."""
        return self.options.tasks and TASK_IDS in as_object(call.request.params.get("notifications"))

    def tools_of(self, session: Session) -> list[Tool]:
        """Tools that work only as tasks are there where tasks are."""
        tools = super().tools_of(session)
        return [tool for tool in tools if self.options.tasks or tool.needs != TASKS_CAPABILITY]

    # Creation

    async def call_tool(self, call: Call) -> JsonObject:
        """A call of a tool that takes long becomes a task, for a client that knows what that is."""
        if not call.modern:
            return await super().call_tool(call)
        tool = self.tool_named(call)
        if not self.becomes_task(call, tool):
            return await super().call_tool(call)
        if tool.first:
            await self.answers_to(call, **tool.first)
        return self.created(self.defer(call, tool))

    def becomes_task(self, call: Call, tool: Tool) -> bool:
        """The server decides; a `task` among the params is nothing to it."""
        return tool.deferred and self.knows_tasks(call)

    def defer(self, call: Call, tool: Tool) -> Deferred:
        """The task is there before anybody hears of it."""
        self.forget_expired_of(self.deferred)
        if len(self.deferred) >= MOST_DEFERRED:
            raise RpcError(INTERNAL_ERROR, f"There are {MOST_DEFERRED} tasks already; ask again later.")
        answers = {key: call.answers[key] for key in tool.first}
        behind = Call(call.session, call.request, principal=call.principal, answers=answers)
        now = now_text()
        job = Deferred(self.new_task_id(call), behind, TTL_MS, now, now, time.monotonic() + TTL_MS / 1000)
        behind.job = job
        self.keep(job)
        job.work = asyncio.create_task(self.work_on(job))
        return job

    def keep(self, job: Deferred) -> None:
        """From now on it can be asked for."""
        self.deferred[job.id] = job

    def created(self, job: Deferred) -> JsonObject:
        """The result that is a task says so, and is the bare task."""
        return {"resultType": self.type_of_created(job), **self.bare_task(job)}

    def type_of_created(self, job: Deferred) -> Json:
        """The type of a result that is a task is `task`."""
        return "task"

    def bare_task(self, job: Deferred) -> JsonObject:
        """What there is to say of a task in every status; times in milliseconds have names that say so."""
        return {
            "taskId": self.shown_id(job),
            "status": job.status,
            "statusMessage": job.message,
            "createdAt": job.created_at,
            "lastUpdatedAt": job.updated_at,
            "ttlMs": job.ttl,
            "pollIntervalMs": POLL_MS,
        }

    def status_for_result(self, job: Job, result: JsonObject) -> str:
        """A tool that reports a failure has completed: only an error of the protocol makes a task fail."""
        return "completed" if isinstance(job, Deferred) else super().status_for_result(job, result)

    # Requests about tasks

    def deferred_named(self, call: Call) -> Deferred:
        """The task that `taskId` names; any other draws -32602."""
        self.forget_expired_of(self.deferred)
        job = self.deferred.get(self.task_id_in(call))
        if not isinstance(job, Deferred) or not self.may_see(call, job):
            return self.on_unknown_deferred(call)
        return job

    def on_unknown_deferred(self, call: Call) -> Deferred:
        """An unknown task, or one of others, draws -32602."""
        raise RpcError(INVALID_PARAMS, "There is no such task.")

    def may_see(self, call: Call, job: Deferred) -> bool:
        """A task is for the principal who made it."""
        return call.principal == job.call.principal

    async def get_deferred(self, call: Call) -> JsonObject:
        """tasks/get: the task, and what goes with its status; of no other type than most results."""
        return self.detailed(self.deferred_named(call))

    def detailed(self, job: Deferred) -> JsonObject:
        """The task, with its questions, its result or its error."""
        return {**self.bare_task(job), **self.detail(job)}

    def detail(self, job: Deferred) -> JsonObject:
        """What goes with a status."""
        match job.status:
            case "input_required":
                return {"inputRequests": self.open_questions(job)}
            case "completed":
                return {"result": self.inlined_result(job)}
            case "failed":
                return {"error": self.inlined_error(job)}
        return {}

    def open_questions(self, job: Deferred) -> JsonObject:
        """All that the task waits for, under keys that stand for one question each."""
        return {key: self.input_request(question) for key, question in job.questions.items()}

    def inlined_result(self, job: Deferred) -> JsonObject:
        """What the call would have been answered with."""
        return self.finish(job.call, job.result or {})

    def inlined_error(self, job: Deferred) -> JsonObject:
        """The error with which the call would have been answered."""
        error = job.error or RpcError(INTERNAL_ERROR, "The server made a mistake.")
        return as_object(self.error_response(job.call.request.id, error)["error"])

    async def update_deferred(self, call: Call) -> JsonObject:
        """tasks/update: answers to questions, all or some; nothing comes back."""
        job, responses = self.deferred_named(call), self.read_answers(call.request.params.get("inputResponses"))
        self.on_unknown_keys(responses.keys() - job.questions.keys())
        wanted = {key: answer for key, answer in responses.items() if key in job.questions}
        for key, answer in wanted.items():
            self.check_answer(job.questions[key], answer)
        self.take_answers(job, wanted)
        return self.acknowledgement(job)

    def on_unknown_keys(self, keys: set[str]) -> None:
        """Answers to what is not asked, or not any more, are ignored."""

    def take_answers(self, job: Deferred, answers: JsonObject) -> None:
        """What was answered is not asked any more; with the last answer the work goes on."""
        job.call.answers |= answers
        for key in answers:
            del job.questions[key]
        if answers and not job.questions:
            self.set_status(job, "working", "The work goes on.")
            job.going_on.set()
        elif answers:
            self.set_status(job, "input_required", "Some questions are answered, but not all.")

    def acknowledgement(self, job: Deferred) -> JsonObject:
        """Heard, and nothing more: tasks/get tells what came of it."""
        return {}

    async def cancel_deferred(self, call: Call) -> JsonObject:
        """tasks/cancel: heard; a task that has ended stays as it is."""
        job = self.deferred_named(call)
        if self.is_final(job):
            self.on_late_cancel_of_deferred(job)
        self.end_job(job, "cancelled", "Cancelled on request.")
        self.stop_work(job)
        return self.acknowledgement(job)

    def on_late_cancel_of_deferred(self, job: Deferred) -> None:
        """Who cancels what has ended is heard like anybody else."""

    # Questions

    async def answers_to(self, call: Call, **questions: Question) -> dict[str, JsonObject]:
        """A task waits for the answers; its client finds the questions when it looks."""
        job = call.job
        if not isinstance(job, Deferred):
            return await super().answers_to(call, **questions)
        self.check_can_answer(call, questions.values())
        job.questions = {key: question for key, question in questions.items() if key not in call.answers}
        if job.questions:
            job.going_on.clear()
            self.set_status(job, "input_required", "There are questions: see inputRequests.")
            await job.going_on.wait()
        return {key: as_object(call.answers[key]) for key in questions}

    # Notifications

    def wanted(self, call: Call) -> JsonObject:
        """Tasks are named by their ids; nonsense draws -32602."""
        wanted = super().wanted(call)
        ids = wanted.get(TASK_IDS, [])
        if self.options.tasks and not (isinstance(ids, list) and all(isinstance(id, str) for id in ids)):
            raise RpcError(INVALID_PARAMS, f"{TASK_IDS} is an array of ids.")
        return wanted

    def agreed_for(self, call: Call) -> JsonObject:
        """Of the tasks that are wanted, those that the client may see."""
        wanted = self.wanted(call)
        ids = wanted.get(TASK_IDS) if self.options.tasks else None
        jobs = [self.deferred.get(str(id)) for id in ids] if isinstance(ids, list) else []
        seen: list[Json] = [job.id for job in jobs if isinstance(job, Deferred) and self.may_see(call, job)]
        return super().agreed_for(call) | ({TASK_IDS: seen} if seen else {})

    def set_status(self, job: Job, status: str, message: str) -> None:
        """A change of status is told to those who listen for this task."""
        changed = not self.is_final(job)
        super().set_status(job, status, message)
        if changed and isinstance(job, Deferred):
            self.tell_of_task(job)

    def tell_of_task(self, job: Deferred) -> None:
        """What tasks/get would say at this moment."""
        for subscription in list(self.subscriptions):
            if self.hears_of_task(subscription, job):
                self.deliver(subscription, "notifications/tasks", self.detailed(job))

    def hears_of_task(self, subscription: Subscription, job: Deferred) -> bool:
        """Only those who asked for this task."""
        ids = subscription.told_of.get(TASK_IDS)
        return isinstance(ids, list) and job.id in ids
