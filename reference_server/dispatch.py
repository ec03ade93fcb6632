"""From a request to its answer: which method handles it, as a task that can be cancelled."""

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from reference_server.jsonrpc import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    JsonObject,
    Notification,
    Request,
    RpcError,
)
from reference_server.options import Options
from reference_server.state import Call, Session
from reference_server.tasks import Tasks

Handler: TypeAlias = Callable[[Call], Awaitable[JsonObject]]
Task: TypeAlias = "asyncio.Task[JsonObject]"


class Dispatch(Tasks):
    """Every request gets one answer, unless it was cancelled; no notification gets any."""

    stopping = False

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.working: set[Call] = set()

    def handler_for(self, method: str) -> Handler | None:
        """What answers a request of this method."""
        handlers: dict[str, Handler] = {
            "ping": self.ping,
            "logging/setLevel": self.set_level,
            "tools/list": self.list_tools,
            "tools/call": self.call_tool,
            "resources/list": self.list_resources,
            "resources/templates/list": self.list_templates,
            "resources/read": self.read_resource,
            "resources/subscribe": self.subscribe,
            "resources/unsubscribe": self.unsubscribe,
            "prompts/list": self.list_prompts,
            "prompts/get": self.get_prompt,
            "completion/complete": self.complete,
            "tasks/get": self.get_task,
            "tasks/result": self.get_task_result,
            "tasks/list": self.list_tasks,
            "tasks/cancel": self.cancel_task,
        }
        return handlers.get(method)

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        """Only a tool, or a task, has something to say before its answer, so only its answer needs a stream."""
        return request.method in ("tools/call", "tasks/result") and not self.options.json_response

    def start(self, call: Call) -> Task:
        """Begin to work on a call; on a stream its answer is sent as soon as it is there."""
        call.session.calls.setdefault(call.request.id, call)
        self.working.add(call)
        call.task = asyncio.create_task(self.perform(call))
        call.task.add_done_callback(partial(self._on_done, call))
        return call.task

    async def perform(self, call: Call) -> JsonObject:
        """The response, whatever goes wrong on the way."""
        try:
            return self.result_response(call.request.id, await self.result_of(call))
        except RpcError as error:
            return self.error_response(call.request.id, error)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return self.error_response(call.request.id, RpcError(INTERNAL_ERROR, "The server made a mistake."))

    async def result_of(self, call: Call) -> JsonObject:
        """An unknown method draws -32601; two calls at once with one id could not be told apart."""
        if call.session.calls.get(call.request.id) is not call:
            raise RpcError(INVALID_REQUEST, f"A request with the id {call.request.id!r} is still being worked on.")
        handler = self.handler_for(call.request.method)
        if handler is None:
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {call.request.method}")
        return await handler(call)

    def _on_done(self, call: Call, task: Task) -> None:
        call.done = True
        self.working.discard(call)
        if call.session.calls.get(call.request.id) is call:
            del call.session.calls[call.request.id]
        if call.stream is not None:
            self.settle(call.stream, call, self.response_of(call, task))

    def response_of(self, call: Call, task: Task) -> JsonObject | None:
        """What came of the work."""
        return self.answer_to_cancelled(call) if task.cancelled() else task.result()

    def answer_to_cancelled(self, call: Call) -> JsonObject | None:
        """A cancelled request gets no response, unless it was us who gave up because the server stops."""
        if not self.stopping:
            return None
        return self.error_response(call.request.id, RpcError(INTERNAL_ERROR, "The server is stopping."))

    def stop(self) -> None:
        """The server goes down: what is being worked on is answered with an error, and every stream ends in order."""
        self.stopping = True
        for call in list(self.working):
            if not self.is_subscription(call):
                self.cancel(call)
        self.end_subscriptions()
        for session in self.sessions_alive():
            for stream in session.streams.values():
                if stream.leg is not None and not self.calls_on(stream):
                    stream.leg.close()

    def close(self) -> None:
        """Nothing is served any more: let go of the store."""
        self.store.close()

    def on_notification(self, session: Session, notification: Notification) -> None:
        """Some notifications mean something to us, the others do no harm."""
        match notification.method:
            case "notifications/initialized":
                self.on_initialized(session, notification)
            case "notifications/cancelled":
                self.on_cancelled(session, notification)
        reply = self.reply_to_notification(session, notification)
        if reply is not None:
            self.place(session, reply)

    def reply_to_notification(self, session: Session, notification: Notification) -> JsonObject | None:
        """Nobody answers a notification."""
        return None

    def accepts_notification(self, notification: Notification) -> bool:
        """A request's method without an id is no notification."""
        return notification.method.startswith("notifications/")
