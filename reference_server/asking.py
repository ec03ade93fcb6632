"""Requests from the server to the client: sampling, elicitation, roots and ping.

Each goes on the stream of the call that caused it, is asked only of a client that declared it can answer, and
is given up, with a cancellation, when no answer comes in time.
"""

import asyncio

from reference_server.jsonrpc import Json, JsonObject, Response, as_object
from reference_server.options import R2025_06, R2025_11
from reference_server.state import Call, Session
from reference_server.streams import Streams

CAPABILITY_FOR = {
    "sampling/createMessage": "sampling",
    "elicitation/create": "elicitation",
    "roots/list": "roots",
}

PARCEL = "com.example/parcel"  # an extension: a result in a parcel, where both sides know of parcels
TASKS = "io.modelcontextprotocol/tasks"  # an official extension
TASKS_CAPABILITY: JsonObject = {"extensions": {TASKS: {}}}  # as clients and servers declare it


class NotAnswered(Exception):
    """There is no answer; the message says why."""


class Asking(Streams):
    """Unique ids, unique tokens, only what was negotiated, a time limit."""

    async def ask(
        self, call: Call, method: str, params: JsonObject | None = None, seconds: float | None = None
    ) -> JsonObject:
        """Ask the client and wait for its result."""
        self.check_may_ask(call, method, params or {})
        session = call.session
        request_id = self.next_request_id(session)
        self.save(session)
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        session.asked[request_id] = answer
        self.place(session, self.request(request_id, method, params), call)
        try:
            async with asyncio.timeout(self.time_limit(seconds)):
                response = await answer
        except (TimeoutError, asyncio.CancelledError) as error:
            self.on_no_answer(call, request_id)
            if isinstance(error, asyncio.CancelledError):
                raise
            raise NotAnswered("the client did not answer in time") from None
        finally:
            session.asked.pop(request_id, None)
        if response.result is None:
            raise NotAnswered(f"the client answered with an error: {as_object(response.error).get('message')}")
        return response.result

    def check_may_ask(self, call: Call, method: str, params: JsonObject) -> None:
        """Ask only where there is a stream to ask on, a way back, and a client that can answer."""
        if not self.can_be_asked(call):
            raise NotAnswered("there is no stream to ask on")
        if not self.answers_find_back(call.session):
            raise NotAnswered("without a session no answer would find its way back")
        if not call.session.initialized and not self.may_ask_before_initialized(method):
            raise NotAnswered("the client has not said that it is initialized")
        if method == "elicitation/create" and params.get("mode") == "url":
            if not self.client_opens_urls(call.session):
                raise NotAnswered("the client did not declare elicitation.url")
        elif not self.client_can(call.session, method):
            raise NotAnswered(f"the client did not declare {CAPABILITY_FOR[method]}")
        if "tools" in params and not self.client_uses_tools(call.session):
            raise NotAnswered("the client did not declare sampling.tools")

    def can_be_asked(self, call: Call) -> bool:
        """A question goes on the stream of the call that caused it."""
        return call.stream is not None

    def answers_find_back(self, session: Session) -> bool:
        """An answer comes in a request of its own, which names the session."""
        return bool(session.id)

    def may_ask_before_initialized(self, method: str) -> bool:
        """Before the client is initialized it is asked nothing but ping."""
        return method == "ping"

    def client_can(self, session: Session, method: str) -> bool:
        """The client is asked only for what it declared, and only for what the revision knows."""
        capability = CAPABILITY_FOR.get(method)
        if capability is None:
            return True
        declared = session.client_capabilities.get(capability)
        if capability == "elicitation":
            forms = not declared or "form" in as_object(declared)
            return isinstance(declared, dict) and forms and session.revision >= R2025_06
        return isinstance(declared, dict)

    def uses_extension(self, session: Session, name: str) -> bool:
        """An extension is used with clients that declared it, and everybody else gets what the core has."""
        return name in as_object(session.client_capabilities.get("extensions"))

    def client_opens_urls(self, session: Session) -> bool:
        """The client is sent to an address only if it declared that it can open one."""
        declared = as_object(session.client_capabilities.get("elicitation"))
        return isinstance(declared.get("url"), dict) and session.revision >= R2025_11

    def client_uses_tools(self, session: Session) -> bool:
        """The client's model is given tools only if the client declared that it can use them."""
        declared = as_object(session.client_capabilities.get("sampling"))
        return isinstance(declared.get("tools"), dict) and session.revision >= R2025_11

    def next_request_id(self, session: Session) -> Json:
        """A request id of ours is a string or an integer, never null, never used before in the session."""
        session.requests_sent += 1
        return f"server-{session.requests_sent}"

    def next_progress_token(self, session: Session) -> Json:
        """A progress token of ours is a string or an integer that no other request in flight has."""
        session.tokens_given += 1
        return f"token-{session.tokens_given}"

    def time_limit(self, seconds: float | None) -> float | None:
        """Every request of ours has a time limit."""
        return self.options.ask_seconds if seconds is None else seconds

    def on_no_answer(self, call: Call, request_id: Json) -> None:
        """A request that is given up is cancelled."""
        params: JsonObject = {"requestId": self.id_to_cancel(request_id), "reason": "No answer came in time."}
        self.place(call.session, self.notification("notifications/cancelled", params), call)

    def id_to_cancel(self, request_id: Json) -> Json:
        """What is cancelled is a request of ours that is still open."""
        return request_id

    def on_response(self, session: Session, response: Response) -> None:
        """An answer reaches the one who asked; a late or unknown one is ignored."""
        answer = session.asked.get(response.id)
        if answer is not None and not answer.done():
            answer.set_result(response)
